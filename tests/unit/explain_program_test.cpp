// Claim: halfulp mma and halfulp explain take, print and refuse what their help says, and docs/explain.md shows it.
// Oracle: literals, each worked out by hand, and results made by mma_dot and by Eigen. Shared: mma_dot, which made them.
// With HALFULP_UPDATE_README set, the page's transcripts are rewritten instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "support/eigen_product.hpp"
#include "support/folder.hpp"
#include "support/gemm_data.hpp"
#include "support/program.hpp"
#include "support/transcripts.hpp"

namespace halfulp {
namespace {

using test::by_eigen;
using test::random_integers;
using test::random_matrix;
using testing::HasSubstr;
using testing::StartsWith;

ElementType type_of(const Element& element) {
    if (element.integer) return *element.integer;
    return element.format;
}

class ExplainProgram : public test::FolderTest {
  protected:
    void write(const char* name, const Matrix& m) const {
        write_npy(folder / name, {{m.rows, m.columns}, type_of(m.element), m.codes});
    }
    /// In the folder, by the program.
    test::Outcome run(const std::string& arguments) const {
        return test::shell("cd '" + folder.string() + "' && '" + HALFULP_PROGRAM + "' " + arguments);
    }
    test::Outcome mma(const std::string& lines, const std::string& unit) const {
        std::ofstream(folder / "lines") << lines;
        return run("mma --unit " + unit + " < lines 2>&1");
    }
    void expect_refused(const test::Outcome& outcome, const std::string& message) const {
        EXPECT_EQ(outcome.status, 2) << message;
        EXPECT_THAT(outcome.output, StartsWith("halfulp: "));
        EXPECT_THAT(outcome.output, HasSubstr(message));
        EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    }
};

/// So many codes: the ones given, then others.
std::string codes(std::size_t count, const std::string& first, const std::string& others = "0") {
    std::string line = first;
    for (auto have = static_cast<std::size_t>(std::count(first.begin(), first.end(), ' ')) + 1; have < count; ++have)
        line += ' ' + others;
    return line;
}

TEST_F(ExplainProgram, MmaPrintsOneResultALine) {
    const std::string three = codes(8, "3c00 3c00") + " ; " + codes(8, "3c00 4000");
    const test::Outcome one = mma(
        three + " ; 3f800000\n\n" + codes(8, "0x0001") + ';' + codes(8, "0x3c00") + ";00000000\n", "A100:fp16-fp32");
    EXPECT_EQ(one.output, "40800000\n33800000\n") << "1 + 2 + 1, and 2^-24";
    EXPECT_EQ(one.status, 0);
    const std::string ones = codes(16, "3c00") + ';' + codes(16, "3c00") + ";0000";
    EXPECT_EQ(mma(ones, "'H100 wgmma fp16->fp16'").output, "3c00\n");
    EXPECT_EQ(mma(ones, "'H100 wgmma fp16->fp16' --json").output, "{\"operands\":\"" + ones + "\",\"d\":\"3c00\"}\n");
    EXPECT_EQ(mma(codes(16, "7f ff") + " ; " + codes(16, "02 03") + " ; ffffffff", "T4:mma.sync:s8-s32").output,
              "000000fa\n")
        << "254 - 3 - 1";
    // 6 * 6 by scales of 2^3 and 2^-2, both of 32 elements, plus 1.
    EXPECT_EQ(mma(codes(64, "7") + " ; " + codes(64, "7") + " ; 3f800000 ; 82 7f ; 7d 7f\n",
                  "RTX5090:mma.sync.mxf4:e2m1-fp32")
                  .output,
              "42920000\n")
        << "73";
    EXPECT_EQ(mma(three + " ; 0", "A100:mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32").output, "40400000\n");
}

// Of registers the last 13 bits are not read, even if they are all that makes a NaN.
TEST_F(ExplainProgram, MmaTakesTf32AsCodesAndAsRegisters) {
    const std::string unit = "A100:tf32-fp32", rest = " 0 0 0 ; " + codes(4, "1fc00") + " ; 0\n";
    EXPECT_EQ(mma("1fc00" + rest, unit).output, "3f800000\n");
    EXPECT_EQ(mma("3f801fff" + rest, unit).output, "3f800000\n");
    EXPECT_EQ(mma("0x3f803fff" + rest, unit).output, "3f802000\n");
    EXPECT_EQ(mma("7f801fff" + rest, unit).output, "7f800000\n");
    expect_refused(mma("3f8000" + rest, unit),
                   "line 1: expected a hexadecimal code of at most 19 bits, found \"3f8000\"");
    expect_refused(mma("3f8000000" + rest, unit), "line 1: expected a hexadecimal code of at most 19 bits");
}

// 2^-25 + 2^-45, of which one floor leaves a tie; and a sum of negative zeros.
TEST_F(ExplainProgram, MmaAnswersTheDisputedPointsAsAsked) {
    const std::string beyond_a_tie = codes(8, "0c00 0004") + " ; " + codes(8, "0800 0002") + " ; 0000",
                      zeros = codes(8, "8000", "8000") + " ; " + codes(8, "3c00", "3c00") + " ; 8000",
                      unit = "A100:fp16-fp16";
    EXPECT_EQ(mma(beyond_a_tie, unit).output, "0001\n");
    EXPECT_EQ(mma(beyond_a_tie, unit + " --km-floor").output, "0000\n");
    EXPECT_EQ(mma(zeros, unit).output, "8000\n");
    EXPECT_EQ(mma(zeros, unit + " --positive-zero").output, "0000\n");
    EXPECT_EQ(mma(zeros, unit + " --positive-zero --km-floor").output, "0000\n");
    expect_refused(mma("", "A100:fp16-fp32 --km-floor"),
                   "--km-floor: expected a unit of which this is disputed (see halfulp units), found A100 mma.sync");
    expect_refused(mma("", "x86:VDPBF16PS --positive-zero"),
                   "--positive-zero: expected a unit of which this is disputed");
}

TEST_F(ExplainProgram, MmaTakesWholeInstructions) {
    const auto line = [](std::size_t k, const char* one) { return codes(k, one) + ';' + codes(k, one) + ";0"; };
    EXPECT_EQ(mma(line(24, "3c00"), "A100:fp16-fp32").output, "3f800000\n") << "three of the shortest";
    expect_refused(mma(line(12, "3c00"), "A100:fp16-fp32"),
                   "line 1: expected a multiple of 8 codes of a, as the shortest instruction takes 8, found 12");
    EXPECT_EQ(mma(line(2, "3f80"), "x86:VDPBF16PS").output, "3f800000\n");
    expect_refused(mma(line(1, "3f80"), "x86:VDPBF16PS"),
                   "line 1: expected a multiple of 2 codes of a, as the shortest instruction takes 2, found 1");
    expect_refused(mma(line(1, "3c00"), "MI300X:mfma:fp16-fp32"), "line 1: expected a multiple of 4 codes of a");
    expect_refused(mma(line(16, "3c00"), "A100:mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32"),
                   "line 1: expected 8 codes of a, as the instruction takes, found 16");
}

TEST_F(ExplainProgram, MmaRefusesNaNScales) {
    const std::string line = codes(64, "7") + " ; " + codes(64, "7") + " ; 0 ; ";
    expect_refused(mma(line + "82 7f ; 7d ff", "RTX5090:mma.sync.mxf4:e2m1-fp32"),
                   "line 1: expected scales that are numbers, found ff, a NaN of ue8m0");
    const std::string ue4m3_unit = "RTX5090:mma.sync.mxf4nvf4.4X.ue4m3:e2m1-fp32";
    for (const std::string nan : {"7f", "ff"})
        expect_refused(mma(line + nan + " 38 38 38 ; 38 38 38 38", ue4m3_unit),
                       "line 1: expected scales that are numbers, found " + nan + ", a NaN of ue4m3");
    EXPECT_EQ(mma(line + "38 38 38 38 ; 38 7e 38 fe", ue4m3_unit).output, "42100000\n") << "36: the first block alone";
}

TEST_F(ExplainProgram, MmaRefuses) {
    const std::string unit = "A100:fp16-fp32";
    expect_refused(mma("3c00 13c00 ; 3c00 3c00 ; 0", unit),
                   "line 1: expected a hexadecimal code of at most 16 bits, found \"13c00\"");
    expect_refused(mma('\n' + codes(8, "3c00") + " ; 3c00 3c00 ; 0", unit),
                   "line 2: b: expected 8 codes, as in a, found 2");
    expect_refused(mma("3c00 ; 3c00 ; 0 0", unit), "line 1: expected one code of c, found 2");
    expect_refused(mma("3c00 ; 3c00", unit), "line 1: expected a ; b ; c, found 2 fields");
    expect_refused(mma("3c00 ; 3c00 ; 0 ; 7f ; 7f", unit), "line 1: expected a ; b ; c, found 5 fields");
    expect_refused(mma("; ; 0", unit), "line 1: expected codes of a, found none");
    expect_refused(mma("7 ; 7 ; 0", "RTX5090:mma.sync.mxf4:e2m1-fp32"),
                   "line 1: expected a ; b ; c ; scales ; scales, found 3 fields");
    EXPECT_EQ(run("mma").status, 2);
}

TEST_F(ExplainProgram, MmaAnswersUnknownUnitsByAShortList) {
    expect_refused(mma("", "K80:fp16-fp32"),
                   "expected a unit such as A100:fp16-fp32, with a processor of V100, T4, A100");
    expect_refused(mma("", "V100:fp16-bf16"),
                   "expected one of V100: mma.sync wmma: fp16->fp32, fp16->fp16; found \"V100:fp16-bf16\"");
    expect_refused(mma("", "T4:fp8"),
                   "expected one of T4: mma.sync wmma: fp16->fp32, fp16->fp16, any two of s8 u8->s32, any two of s4 "
                   "u4->s32; mma.sync.satfinite wmma.satfinite: any two of s8 u8->s32, any two of s4 u4->s32; found ");
    expect_refused(mma("", "T4:mma.m8n8"),
                   "instruction \"mma.m8n8\": expected one of T4: mma.sync.aligned.{shape}.row.col.{d}.{a}.{b}.{d} "
                   "({shape} m16n8k8 m8n8k16 m8n8k32), mma.sync.aligned.{shape}.row.col.satfinite.{d}.{a}.{b}.{d} "
                   "({shape} m8n8k16 m8n8k32)\n");
    expect_refused(mma("", "H100:foo.m8n8"), "instruction \"foo.m8n8\": expected one of H100: mma, wmma, wgmma\n");
    expect_refused(mma("", "A100"),
                   "expected one matrix unit, found 21 by \"A100\": A100 mma.sync wmma fp16->fp32, A100 ");
    expect_refused(mma("", "A100"), ", 17 more\n");
    expect_refused(mma("", "Ada:e4m3xe5m2-fp16:wmma"), "expected one of Ada: ");
    expect_refused(mma("", "fp32-fma"), "expected a matrix unit, found \"fp32-fma\"");
}

TEST_F(ExplainProgram, ExplainExitsByWhatWasAsked) {
    const Gemm gemm{random_matrix(binary16, 8, 64, 1, 4), random_matrix(binary16, 64, 8, 2, 4)};
    write("a.npy", gemm.a), write("b.npy", gemm.b), write("bt.npy", transposed(gemm.b));
    write("d.npy", test::by_mma_dot(*find_mma("V100", "mma.sync", binary16, binary32), gemm.a, gemm.b));
    const test::Outcome found = run("explain --a a.npy --b b.npy --d d.npy");
    EXPECT_EQ(found.status, 0);
    EXPECT_THAT(found.output, HasSubstr("every bit reproduced by\n  V100 mma.sync"));
    EXPECT_EQ(run("explain --a a.npy --b b.npy --d d.npy --unit V100:fp16-fp32").status, 0);
    EXPECT_EQ(run("explain --a a.npy --b bt.npy --transpose-b --d d.npy --unit V100:fp16-fp32").status, 0);
    EXPECT_EQ(run("explain --a a.npy --b b.npy --d d.npy --unit A100:fp16-fp32").status, 1);
    EXPECT_EQ(run("explain --a a.npy --b b.npy --d d.npy --alpha 2").status, 1);
    Gemm with_nan = gemm;
    with_nan.a.codes[0] = 0x7e00;
    Matrix x86 = test::by_mma_dot(*find_mma("V100", "mma.sync", binary16, binary32), with_nan.a, with_nan.b);
    x86.codes[3] = 0xffc00000;
    write("an.npy", with_nan.a), write("dn.npy", x86);
    const std::string asked = "explain --a an.npy --b b.npy --d dn.npy --unit V100:fp16-fp32";
    EXPECT_EQ(run(asked).status, 1);
    EXPECT_THAT(run(asked).output, HasSubstr("64 of 64 elements equal, but for the bits of 1 NaN\n"));
    EXPECT_EQ(run(asked + " --nans-alike").status, 0);
    const auto json = nlohmann::json::parse(run("explain --a a.npy --b b.npy --d d.npy --json").output);
    EXPECT_EQ(json["conclusion"], "reproduced");
    EXPECT_EQ(json["reproducing"][0]["matches"], 64);
    write_safetensors(folder / "all.safetensors",
                      {{"a", {{8, 64}, binary16, gemm.a.codes}}, {"b", {{64, 8}, binary16, gemm.b.codes}}});
    EXPECT_EQ(run("explain --a all.safetensors#a --b all.safetensors#b --d d.npy").status, 0);
}

TEST_F(ExplainProgram, ExplainTakesCodesAsIntegers) {
    const Gemm gemm{random_matrix(bfloat16, 4, 32, 1, 4), random_matrix(bfloat16, 32, 4, 2, 4)};
    write("a.npy", gemm.a), write("b.npy", gemm.b);  // NumPy has no bf16: uint16
    write("d.npy", test::by_mma_dot(*find_mma("H100", "wgmma", bfloat16, binary32), gemm.a, gemm.b));
    EXPECT_EQ(run("explain --a a.npy --a-format bf16 --b b.npy --b-format bf16 --d d.npy --unit H100").status, 0);
    expect_refused(run("explain --a a.npy --b b.npy --d d.npy"),
                   "a.npy: expected a format for codes of uint16: --a-format");
    expect_refused(run("explain --a a.npy --a-format bf17 --b b.npy --d d.npy"), "expected a format of binary64, ");
    EXPECT_EQ(run("explain --a a.npy --a-format e4m3 --b b.npy --b-format bf16 --d d.npy").status, 2)
        << "another width";
}

TEST_F(ExplainProgram, ExplainKnowsIntegersByTheirType) {
    Gemm gemm{random_integers(s8, 4, 32, 1), random_integers(u8, 32, 4, 2), random_integers(s32, 4, 4, 3)};
    write("a.npy", gemm.a), write("b.npy", gemm.b), write("c.npy", *gemm.c);
    write("d.npy", test::by_mma_dot(mma_unit("T4 mma.sync s8*u8->s32"), gemm));
    const std::string files = "explain --a a.npy --b b.npy --c c.npy --d d.npy";
    EXPECT_THAT(run(files).output,
                HasSubstr("A 4 x 32 s8, B 32 x 4 u8, C 4 x 4 s32, D 4 x 4 s32, 16 elements\nevery "));
    EXPECT_EQ(run(files + " --unit A100:mma.sync:s8xu8-s32").status, 0);
    gemm.a = random_integers(s4, 4, 32, 1);
    Matrix bytes = gemm.a;  // -8 to 7
    bytes.element = s8;
    for (std::uint64_t& code : bytes.codes) code = ((code ^ 8) - 8) & 0xff;
    write("a.npy", bytes);
    for (std::uint64_t& code : gemm.b.codes) code &= 0xf;
    gemm.b.element = u8, write("b.npy", gemm.b), gemm.b.element = u4;
    write("d.npy", test::by_mma_dot(mma_unit("T4 mma.sync s4*u4->s32"), gemm));
    EXPECT_EQ(run(files + " --a-format s4 --b-format u4 --unit T4:mma.sync:s4xu4-s32").status, 0);
    expect_refused(run(files + " --a-format u4 --b-format u4"), "expected a number of u4, found code 0xf");
    expect_refused(run(files + " --a-format s4 --b-format u4 --unit H100:fp16-fp32"),
                   "expected a unit that takes s4 and u4, found ");
    expect_refused(run(files + " --d-format s4"), "d.npy: expected bytes, as hold s4, found int32");
    write("d.npy", Matrix{s8, 4, 4, std::vector<std::uint64_t>(16)});
    expect_refused(run(files + " --a-format s4 --b-format u4 --zero-point 128"),
                   "expected a zero point of s8, found 128");
}

TEST_F(ExplainProgram, ExplainTakesScales) {
    Gemm gemm{random_matrix(e2m1, 4, 128, 1), random_matrix(e2m1, 128, 4, 2)};
    test::add_scales(gemm, {ue4m3, 16}, 3);
    write("a.npy", gemm.a), write("b.npy", transposed(gemm.b));
    write("d.npy", test::by_mma_dot(mma_unit("B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32"), gemm));
    gemm.a_scales->element = u8, gemm.b_scales->element = u8;
    write("as.npy", *gemm.a_scales), write("bs.npy", transposed(*gemm.b_scales));
    const std::string files = "explain --a a.npy --a-format e2m1 --b b.npy --b-format e2m1 --transpose-b --d d.npy";
    const std::string scales = " --a-scales as.npy --b-scales bs.npy";
    const test::Outcome found = run(files + scales + " --scale-format ue4m3 --unit B200:e2m1-fp32");
    EXPECT_EQ(found.status, 0) << found.output;
    EXPECT_THAT(found.output, HasSubstr("B 128 x 4 e2m1, a ue4m3 for 16 along K, D"));
    expect_refused(run(files + scales), "as.npy: expected a format for scales: --scale-format");
    expect_refused(run(files + scales + " --scale-format e5m2"), "expected a format of scales of ue8m0, ue4m3, found");
    expect_refused(run(files + " --a-scales d.npy --b-scales bs.npy --scale-format ue4m3"),
                   "d.npy: expected bytes of scales, found fp32");
    expect_refused(run(files + " --a-scales as.npy --scale-format ue4m3"), "expected scales of both A and B, or none");
    const auto tensor = [](const Matrix& m, const Format& f) { return Tensor{{m.rows, m.columns}, f, m.codes}; };
    write_safetensors(folder / "s.safetensors",
                      {{"a", tensor(*gemm.a_scales, e4m3fn)}, {"b", tensor(transposed(*gemm.b_scales), e4m3fn)}});
    EXPECT_EQ(run(files + " --a-scales s.safetensors#a --b-scales s.safetensors#b --unit B200:e2m1-fp32").status, 0);
}

TEST_F(ExplainProgram, ExplainRefuses) {
    const Matrix a = random_matrix(binary16, 2, 16, 1), b = random_matrix(binary16, 16, 3, 2);
    write("a.npy", a), write("b.npy", b), write("d.npy", random_matrix(binary32, 2, 3, 3));
    write_npy(folder / "row.npy", {{3}, binary16, {1, 2, 3}});
    write_npy(folder / "none.npy", {{2, 0}, binary16, {}});
    expect_refused(run("explain --a a.npy --b a.npy --d d.npy"),
                   "expected B with 16 rows, as A is 2 x 16, found 2 x 16");
    expect_refused(run("explain --a a.npy --b b.npy --c a.npy --d d.npy"), "expected C of 2 x 3, found 2 x 16");
    expect_refused(run("explain --a a.npy --b b.npy --d b.npy"), "expected D of 2 x 3, found 16 x 3");
    expect_refused(run("explain --a none.npy --b none.npy --transpose-b --d d.npy"), "expected D of 2 x 2");
    expect_refused(run("explain --a row.npy --b b.npy --d d.npy"), "row.npy: expected a matrix, found 1 dimensions");
    expect_refused(run("explain --a nowhere.npy --b b.npy --d d.npy"), "nowhere.npy");
    expect_refused(run("explain --a a.npy --b b.npy --d d.npy --unit K80"), "expected a unit such as ");
    expect_refused(run("explain --a a.npy --b b.npy --d d.npy --unit A100:bf16-fp32"),
                   "expected a unit that takes fp16 and fp16, found \"A100:bf16-fp32\"");
    EXPECT_EQ(run("explain --a a.npy --b b.npy").status, 2);
}

class ExplainPage : public ExplainProgram {
  protected:
    void SetUp() override {
        ExplainProgram::SetUp();
        const Gemm gemm{random_matrix(binary16, 32, 512, 1, 4), random_matrix(binary16, 512, 32, 2, 4)};
        Matrix d = predict(*find_mma("A100", "mma.sync", binary16, binary32), {.split_k = 4}, gemm);
        write("a.npy", gemm.a), write("b.npy", gemm.b), write("d.npy", d);
        d.codes[5 * d.columns + 17] ^= 1U << 22;
        write("faulty.npy", d);
        const Matrix x = random_matrix(binary32, 32, 96, 3, 4), y = random_matrix(binary32, 96, 32, 4, 4);
        std::ofstream(folder / "lines") << "3c00 3c00 0 0 0 0 0 0 ; 3c00 4000 0 0 0 0 0 0 ; 3f800000\n";
        write("x.npy", x), write("y.npy", y), write("eigen.npy", by_eigen(x, y));
        write_integers();
        write_scaled();
    }

    /// Bytes times weights, from sums that are near the ends of 32 bits.
    void write_integers() const {
        const Gemm gemm{random_integers(u8, 16, 64, 5), random_integers(s8, 64, 16, 6),
                        test::extreme_integers(16, 16, 7)};
        write("bytes.npy", gemm.a), write("weights.npy", gemm.b), write("start.npy", *gemm.c);
        write("sums.npy", test::by_mma_dot(mma_unit("x86 VPDPBUSDS u8*s8->s32"), gemm));
        const GemmPlan cut_off{.alpha = 0x1p-9,
                               .accumulator = binary32,
                               .output = s8,
                               .requantised = Rounding::TowardZero,
                               .zero_point = 7};
        write("requantised.npy", predict(mma_unit("x86 VPDPBUSD u8*s8->s32"), cut_off, {gemm.a, gemm.b}));
    }

    /// NVFP4, with one element of D spoilt in its last bit.
    void write_scaled() const {
        Gemm gemm{random_matrix(e2m1, 32, 128, 8), random_matrix(e2m1, 128, 32, 9),
                  random_matrix(binary32, 32, 32, 11, 6)};
        test::add_scales(gemm, {ue4m3, 16}, 10);
        Matrix d = test::by_mma_dot(mma_unit("B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32"), gemm);
        d.codes[7 * d.columns + 3] ^= 1;
        write("q.npy", gemm.a), write("w.npy", gemm.b), write("bias.npy", *gemm.c), write("nvfp4.npy", d);
        gemm.a_scales->element = gemm.b_scales->element = u8;
        write("qs.npy", *gemm.a_scales), write("ws.npy", *gemm.b_scales);
    }
};

TEST_F(ExplainPage, TranscriptsAreCurrent) {
#if !defined(__x86_64__) || defined(__FMA__)
    GTEST_SKIP() << "Eigen multiplies otherwise here";
#endif
    test::expect_current(HALFULP_SOURCE "/docs/explain.md", 7,
                         [&](const std::string& arguments) { return run(arguments); });
}

}  // namespace
}  // namespace halfulp
