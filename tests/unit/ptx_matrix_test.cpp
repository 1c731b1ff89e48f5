// Claim: mma, ldmatrix, stmatrix and movmatrix move the elements that PTX ISA says, and mma computes what the unit of
// the architecture does, so that one PTX text has several results.
// Oracle: CuTe's layouts of the instructions (cute/atom/mma_traits_sm75.hpp, sm80.hpp and sm89.hpp) as strides, written
// here from those; integer products on the host; mma_tile. Shared: mma_tile, where numbers are rounded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include <halfulp/gpu/ptx/execute/matrix_form.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::argument;
using test::Arguments;
using testing::HasSubstr;

/// One mode of a CuTe layout.
struct Extent {
    int size, stride;
};

/// CuTe: the modes of thread and of value, first fastest, to an index in a matrix column after column.
struct Layout {
    std::vector<Extent> thread, value;
};

int index_of(const std::vector<Extent>& modes, int i) {
    int index = 0;
    for (const Extent& mode : modes) {
        index += i % mode.size * mode.stride;
        i /= mode.size;
    }
    return index;
}

/// `columns` of the matrix of `rows` that CuTe's index counts: place(row, column) row after row.
void expect_layout(const ptx::Fragment& found, const Layout& cute, int rows, int columns) {
    for (int lane = 0; lane < 32; ++lane)
        for (int v = 0; v < found.elements(); ++v) {
            const int index = index_of(cute.thread, lane) + index_of(cute.value, v);
            EXPECT_EQ(found.places[static_cast<std::size_t>(lane * found.elements() + v)],
                      index % rows * columns + index / rows)
                << "lane " << lane << ", element " << v;
        }
}

// CuTe has B as n x k, so its index counts n first: as a matrix k x n row after row, place = k * n_size + n.
void expect_layout_b(const ptx::Fragment& found, const Layout& cute, int n, int k) {
    for (int lane = 0; lane < 32; ++lane)
        for (int v = 0; v < found.elements(); ++v) {
            const int index = index_of(cute.thread, lane) + index_of(cute.value, v);
            EXPECT_EQ(found.places[static_cast<std::size_t>(lane * found.elements() + v)], index / n * n + index % n);
            EXPECT_LT(index / n, k);
        }
}

TEST(PtxFragments, AreCutesLayouts) {
    // Of s4, which CuTe leaves out, by the formulas of PTX ISA. SM80_16x8_Row and the A and B layouts of SM80_16x8x16,
    // SM80_16x8x8, SM80_16x8x32 (s8), SM75_8x8x16.
    expect_layout(ptx::fragment_c(16, 8, 32), {{{4, 32}, {8, 1}}, {{2, 16}, {2, 8}}}, 16, 8);
    expect_layout(ptx::fragment_a(16, 16, 16), {{{4, 32}, {8, 1}}, {{2, 16}, {2, 8}, {2, 128}}}, 16, 16);
    expect_layout_b(ptx::fragment_b(16, 8, 16), {{{4, 16}, {8, 1}}, {{2, 8}, {2, 64}}}, 8, 16);
    expect_layout(ptx::fragment_a(16, 8, 16), {{{4, 32}, {8, 1}}, {{2, 16}, {2, 8}}}, 16, 8);
    expect_layout_b(ptx::fragment_b(8, 8, 16), {{{4, 16}, {8, 1}}, {{2, 8}}}, 8, 8);
    expect_layout(ptx::fragment_a(16, 8, 32), {{{4, 16}, {8, 1}}, {{2, 8}, {2, 64}}}, 16, 8);
    expect_layout_b(ptx::fragment_b(8, 8, 32), {{{4, 8}, {8, 1}}, {{2, 32}}}, 8, 8);
    expect_layout(ptx::fragment_a(16, 4, 32), {{{4, 16}, {8, 1}}, {{2, 8}}}, 16, 4);
    expect_layout(ptx::fragment_a(16, 32, 8), {{{4, 64}, {8, 1}}, {{4, 16}, {2, 8}, {2, 256}}}, 16, 32);
    expect_layout_b(ptx::fragment_b(32, 8, 8), {{{4, 32}, {8, 1}}, {{4, 8}, {2, 128}}}, 8, 32);
    expect_layout(ptx::fragment_a(16, 16, 8), {{{4, 64}, {8, 1}}, {{4, 16}, {2, 8}}}, 16, 16);
    expect_layout(ptx::fragment_a(8, 16, 8), {{{4, 32}, {8, 1}}, {{4, 8}}}, 8, 16);
    expect_layout_b(ptx::fragment_b(16, 8, 8), {{{4, 32}, {8, 1}}, {{4, 8}}}, 8, 16);
    expect_layout(ptx::fragment_c(8, 8, 32), {{{4, 16}, {8, 1}}, {{2, 8}}}, 8, 8);
    expect_layout(ptx::fragment_a(16, 64, 4), {{{4, 128}, {8, 1}}, {{8, 16}, {2, 8}, {2, 512}}}, 16, 64);
    expect_layout_b(ptx::fragment_b(64, 8, 4), {{{4, 64}, {8, 1}}, {{8, 8}, {2, 256}}}, 8, 64);
    expect_layout(ptx::fragment_a(8, 4, 64), {{{4, 8}, {8, 1}}, {}}, 8, 4);
    expect_layout_b(ptx::fragment_b(4, 8, 64), {{{4, 8}, {8, 1}}, {}}, 8, 4);
}

/// An mma whose fragments are read from memory, lane after lane and register after register.
struct Mma {
    std::string text;
    int a, b, c;    ///< registers
    int bits = 32;  ///< of a register
    std::string type = "b32";
};

std::string registers(const std::string& name, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i == 0 ? "{%" : ", %") + name + std::to_string(i);
    return text + "}";
}

std::string load(const std::string& name, int count, const std::string& parameter, int bytes) {
    std::string text =
        "ld.param.u64 %q, [" + parameter + "]; mad.wide.u32 %q, %t, " + std::to_string(count * bytes) + ", %q;\n";
    for (int i = 0; i < count; ++i)
        text += "ld.global.b" + std::to_string(8 * bytes) + " %" + name + std::to_string(i) + ", [%q+" +
                std::to_string(i * bytes) + "];\n";
    return text;
}

std::string body_of(const Mma& x) {
    const int bytes = x.bits / 8;
    const std::string type = x.bits == 64 ? ".f64" : ".b32";
    std::string text = ".reg .b64 %q; .reg .b32 %t; .reg " + type +
                       " %a<4>, %b<4>, %c<4>, %d<4>; mov.u32 %t, %tid.x;\n" + load("a", x.a, "pa", bytes) +
                       load("b", x.b, "pb", bytes) + load("c", x.c, "pc", bytes) + x.text + " " + registers("d", x.c) +
                       ", " + registers("a", x.a) + ", " + registers("b", x.b) + ", " + registers("c", x.c) +
                       ";\nld.param.u64 %q, [pd]; mad.wide.u32 %q, %t, " + std::to_string(x.c * bytes) + ", %q;\n";
    for (int i = 0; i < x.c; ++i)
        text += "st.global.b" + std::to_string(x.bits) + " [%q+" + std::to_string(i * bytes) + "], %d" +
                std::to_string(i) + ";\n";
    return text;
}

/// Elements into the bytes that lanes load, by the places of a fragment.
std::vector<std::byte> packed(const ptx::Fragment& f, const std::vector<std::uint64_t>& codes, int bits,
                              int shift = 0) {
    std::vector<std::byte> bytes(static_cast<std::size_t>(32 * f.registers * bits / 8));
    for (std::size_t i = 0; i < f.places.size(); ++i) {
        const std::uint64_t code = codes[f.places[i]] << shift;
        const std::size_t at = i * static_cast<std::size_t>(f.bits);
        for (int bit = 0; bit < f.bits; ++bit)
            if ((code >> bit & 1) != 0)
                bytes[(at + static_cast<std::size_t>(bit)) / 8] |=
                    std::byte{static_cast<unsigned char>(1U << (at + static_cast<std::size_t>(bit)) % 8)};
    }
    return bytes;
}

std::vector<std::uint64_t> run(const Mma& x, const std::string& architecture, const std::string& target,
                               const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b,
                               const std::vector<std::uint64_t>& c) {
    const ptx::Module module =
        test::kernel_module(".param .u64 pa, .param .u64 pb, .param .u64 pc, .param .u64 pd", body_of(x), target);
    const ptx::MatrixForm form = ptx::matrix_form(ptx::Instruction{.text = x.text}, architecture).value();
    // PTX ISA: of a register that holds tf32 the low 13 bits count for nothing.
    const int shift = x.text.find("tf32") == std::string::npos ? 0 : 13;
    ptx::Machine machine(architecture);
    const ptx::Address d = machine.allocate(static_cast<std::size_t>(32 * x.c * x.bits / 8));
    machine.launch(module, "k", {{}, {32, 1, 1}},
                   Arguments{argument(test::put(machine, packed(form.a, a, x.bits, shift))),
                             argument(test::put(machine, packed(form.b, b, x.bits, shift))),
                             argument(test::put(machine, packed(form.c, c, x.bits))), argument(d)});
    const auto bytes = test::get<std::uint8_t>(machine, d, static_cast<std::size_t>(32 * x.c * x.bits / 8));
    std::vector<std::uint64_t> codes(c.size());
    const auto size = static_cast<std::size_t>(form.c.bits / 8);
    for (std::size_t i = 0; i < form.c.places.size(); ++i)
        std::memcpy(&codes[form.c.places[i]], &bytes[i * size], size);
    return codes;
}

std::vector<std::uint64_t> random_codes(const Element& element, std::size_t count, unsigned seed) {
    std::mt19937_64 random(seed);
    std::vector<std::uint64_t> codes(count);
    for (std::uint64_t& code : codes) {
        code = random() & element.code_mask();
        // Few exponents, so that sums cancel and are cut off.
        if (!element.integer)
            code = (code & element.format.sign_bit()) |
                   ((static_cast<std::uint64_t>(element.format.bias) << element.format.fraction_bits()) ^
                    (code & (element.format.magnitude_mask() >> 3)));
    }
    return codes;
}

const std::vector<Mma> instructions = {
    {"mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32", 2, 1, 4},
    {"mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16", 2, 1, 2},
    {"mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", 4, 2, 4},
    {"mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16", 4, 2, 2},
    {"mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32", 2, 1, 4},
    {"mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", 4, 2, 4},
    {"mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32", 2, 1, 4},
    {"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", 4, 2, 4},
    {"mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64", 1, 1, 2, 64},
    {"mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32", 4, 2, 4},
    {"mma.sync.aligned.m16n8k32.row.col.f16.e4m3.e4m3.f16", 4, 2, 2},
    {"mma.sync.aligned.m8n8k16.row.col.s32.s8.u8.s32", 1, 1, 2},
    {"mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32", 2, 1, 4},
    {"mma.sync.aligned.m16n8k32.row.col.satfinite.s32.s8.s8.s32", 4, 2, 4},
    {"mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32", 4, 2, 4},
    {"mma.sync.aligned.m8n8k32.row.col.s32.s4.s4.s32", 1, 1, 2},
    {"mma.sync.aligned.m16n8k32.row.col.s32.u4.s4.s32", 2, 1, 4},
    {"mma.sync.aligned.m16n8k64.row.col.satfinite.s32.s4.u4.s32", 4, 2, 4},
};

TEST(PtxMma, IsTheUnitOfTheArchitecture) {
    for (const char* architecture : {"sm_75", "sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_120"}) {
        int executed = 0;
        for (const Mma& x : instructions) {
            MmaInstruction found;
            try {
                found = find_instruction(architecture, x.text);
            } catch (const InputError&) {
                continue;
            }
            ++executed;
            const auto m = static_cast<std::size_t>(found.m), n = static_cast<std::size_t>(found.n),
                       k = static_cast<std::size_t>(found.k);
            const auto a = random_codes(found.spec->a, m * k, 1), b = random_codes(found.spec->b, k * n, 2),
                       c = random_codes(found.spec->accumulator, m * n, 3);
            const std::string target = std::stoi(std::string(architecture).substr(3)) < 89 ? architecture : "sm_89";
            EXPECT_EQ(run(x, architecture, target, a, b, c), mma_tile(found, {a, b, c}))
                << architecture << " " << x.text;
        }
        EXPECT_GE(executed, std::string(architecture) == "sm_75" ? 4 : 14) << architecture;
    }
}

// By integers, where no model is needed: the lanes hold what the product of matrices says.
TEST(PtxMma, IntegersAreProducts) {
    const Mma& x = instructions[13];
    std::mt19937 random(5);
    std::vector<std::uint64_t> a(512), b(256), c(128), d(128);
    for (auto* matrix : {&a, &b})
        for (std::uint64_t& code : *matrix) code = random() & 255;
    for (std::uint64_t& code : c) code = random() % 1000;
    for (std::size_t i = 0; i < 16; ++i)
        for (std::size_t j = 0; j < 8; ++j) {
            auto sum = static_cast<std::int64_t>(c[i * 8 + j]);
            for (std::size_t k = 0; k < 32; ++k)
                sum += std::int64_t{static_cast<std::int8_t>(a[i * 32 + k])} * static_cast<std::int8_t>(b[k * 8 + j]);
            d[i * 8 + j] = static_cast<std::uint32_t>(sum);
        }
    EXPECT_EQ(run(x, "sm_80", "sm_80", a, b, c), d);
    // .satfinite clamps.
    for (std::uint64_t& code : a) code = 127;
    for (std::uint64_t& code : b) code = 127;
    for (std::uint64_t& code : c) code = 0x7FFFFFFF;
    EXPECT_EQ(run(x, "sm_80", "sm_80", a, b, c), std::vector<std::uint64_t>(128, 0x7FFFFFFF));
}

// Rows of the table that differ must show: 2^12 * 2^12 + 16 numbers far below are cut off at other places.
TEST(PtxMma, ArchitecturesDiffer) {
    const Mma& x = instructions[2];
    std::vector<std::uint64_t> a(256, 0x0C00), b(128, 0x3C00), c(128, 0);  // 2^-12 * 1
    for (std::size_t i = 0; i < 16; ++i) a[16 * i] = 0x6C00;               // 2^12 * 1
    for (std::size_t i = 1; i < 16; ++i) a[48 + i] = 0x0A00;               // 0.75 * 2^-12
    std::map<std::string, std::vector<std::uint64_t>> results;
    for (const char* architecture : {"sm_80", "sm_90", "sm_100"})
        results[architecture] = run(x, architecture, "sm_80", a, b, c);
    EXPECT_NE(results["sm_80"], results["sm_90"]);
    EXPECT_EQ(results["sm_90"], results["sm_100"]);
}

TEST(PtxMma, NeedsTheWholeWarpAndTheArchitecture) {
    const ptx::Module module = test::kernel_module(
        "",
        ".reg .b32 %a<9>; .reg .f32 %d<4>; mov.u32 %a0, %tid.x; mov.u32 %a1, 0; .reg .pred %p; setp.lt.u32 %p, %a0, 16; mov.f32 %d0, 0f00000000;\n"
        "@%p mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%d0, %d1, %d2, %d3}, {%a1, %a1, %a1, %a1}, {%a1, %a1}, {%d0, %d0, %d0, %d0};",
        "sm_80");
    const auto launch = [&](const char* architecture, std::uint32_t threads) {
        return test::message_of([&] { ptx::Machine(architecture).launch(module, "k", {{}, {threads, 1, 1}}, {}); });
    };
    EXPECT_EQ(
        launch("sm_80", 16),
        "k.ptx:8: kernel k, CTA (0, 0, 0), thread (0, 0, 0): mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32: expected a warp of 32 threads, this one has fewer");
    EXPECT_THAT(launch("sm_80", 32), HasSubstr("expected all lanes of the warp, but lanes 0xffff0000 have exited"));
    EXPECT_THAT(launch("sm_75", 32), HasSubstr("the PTX is for sm_80 and later, which sm_75 is not"));
    EXPECT_THAT(
        test::message_of([&] {
            ptx::Machine("sm_90").launch(
                test::kernel_module(
                    "",
                    ".reg .b32 %a<9>; .reg .f32 %d<4>; mov.u32 %a1, 0; mov.f32 %d0, 0f00000000;\n mma.sync.aligned.m16n8k16.row.col.f32.e4m3.e4m3.f32 {%d0, %d1, %d2, %d3}, {%a1, %a1}, {%a1}, {%d0, %d0, %d0, %d0};",
                    "sm_89"),
                "k", {{}, {32, 1, 1}}, {});
        }),
        HasSubstr(
            "k.ptx:8: kernel k: mma.sync.aligned.m16n8k16.row.col.f32.e4m3.e4m3.f32: there is no model of what the matrix "
            "unit of sm_90 makes of it"));
}

/// A matrix of 8 x 8 in shared memory whose element (i, j) is 8 i + j, as ldmatrix loads it: words of the 32 lanes.
std::vector<std::uint32_t> loaded(const std::string& instruction) {
    const std::string body = R"(.shared .align 16 .b8 s[128]; .reg .b64 %q; .reg .b32 %t, %r, %x<4>;
mov.u32 %t, %tid.x; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0;
shl.b32 %x2, %t, 1; add.u32 %x3, %x2, 1; shl.b32 %x3, %x3, 16; or.b32 %x2, %x2, %x3; st.shared.u32 [%x1], %x2; bar.warp.sync -1;
and.b32 %x1, %t, 7; mad.lo.u32 %x1, %x1, 16, %x0;
)" + instruction + "\nld.param.u64 %q, [out]; mad.wide.u32 %q, %t, 4, %q; st.global.u32 [%q], %r;";
    const ptx::Module module = test::kernel_module(".param .u64 out", body);
    ptx::Machine machine("sm_90");
    const ptx::Address out = machine.allocate(128);
    machine.launch(module, "k", {{}, {32, 1, 1}}, Arguments{argument(out)});
    return test::get<std::uint32_t>(machine, out, 32);
}

TEST(PtxFragments, LoadStoreAndTranspose) {
    // PTX ISA, ldmatrix: thread t holds elements 2 (t % 4) and 2 (t % 4) + 1 of row t / 4.
    std::vector<std::uint32_t> rows, columns;
    for (std::uint32_t t = 0; t < 32; ++t) {
        const std::uint32_t i = t / 4, j = 2 * (t % 4);
        rows.push_back((8 * i + j + 1) << 16 | (8 * i + j));
        columns.push_back((8 * (j + 1) + i) << 16 | (8 * j + i));
    }
    EXPECT_EQ(loaded("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r}, [%x1];"), rows);
    EXPECT_EQ(loaded("ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%r}, [%x1];"), columns);
    EXPECT_EQ(
        loaded("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r}, [%x1]; movmatrix.sync.aligned.m8n8.trans.b16 %r, %r;"),
        columns);
    const std::string again = "bar.warp.sync -1; ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r}, [%x1];";
    EXPECT_EQ(
        loaded(
            "ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r}, [%x1]; bar.warp.sync -1; stmatrix.sync.aligned.m8n8.x1.trans.shared.b16 [%x1], {%r};" +
            again),
        columns);
    // Four times one matrix; addresses come from lanes 8 m + i.
    EXPECT_EQ(loaded(".reg .b32 %y<4>; ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%y0, %y1, %y2, %r}, [%x1];"),
              columns);
    EXPECT_EQ(loaded(".reg .b32 %y<4>; ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%r, %y1}, [%x1];"), rows);
    // The second matrix has its rows in the opposite order: lanes 8 to 15 name them.
    std::vector<std::uint32_t> reversed;
    for (std::size_t t = 0; t < 32; ++t) reversed.push_back(rows[4 * (7 - t / 4) + t % 4]);
    EXPECT_EQ(loaded("shr.u32 %x3, %t, 3; and.b32 %x3, %x3, 1; mul.lo.u32 %x3, %x3, 112; xor.b32 %x1, %x1, %x3;\n"
                     ".reg .b32 %y; ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%y, %r}, [%x1];"),
              reversed);
    EXPECT_THAT(
        test::message_of([] { loaded("add.u32 %x1, %x1, 8; ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%r}, [%x1];"); }),
        HasSubstr("is no multiple of 16"));
}

}  // namespace
}  // namespace halfulp
