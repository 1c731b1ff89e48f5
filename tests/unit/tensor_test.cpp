// Claim: a request for a format is met by that format or by integers that hold its codes, and by nothing else; whatever
//        the bytes of a file, reading it gives a tensor of codes or one line of InputError, and a file that was cut or
//        continued gives the latter.
// Oracle: the rules as the header states them, as literals; for the hostile files the statement itself. Shared: nothing.
#include <gmock/gmock.h>

#include <functional>
#include <numeric>

#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/tensor_files.hpp"

namespace halfulp {
namespace {

using namespace std::string_literals;

class TensorFile : public test::FolderTest {
  protected:
    /// A vector of two elements that NumPy writes with this descr.
    std::filesystem::path npy(const std::string& descr, std::string_view elements) const {
        return file("a.npy",
                    npy_bytes("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }", 118, elements));
    }
};

TEST_F(TensorFile, IntegersServeAsCodes) {
    EXPECT_EQ(read_tensor(npy("<u2", "\x80\x3f\x00\xc0"s), {.format = bfloat16}),
              (Tensor{{2}, bfloat16, {0x3F80, 0xC000}}));
    EXPECT_EQ(read_tensor(npy("<i2", "\x80\x3f\x00\xc0"s), {.format = binary16}),
              (Tensor{{2}, binary16, {0x3F80, 0xC000}}));
    EXPECT_EQ(read_tensor(npy("<V2", "\x80\x3f\x00\xc0"s), {.format = bfloat16}),
              (Tensor{{2}, bfloat16, {0x3F80, 0xC000}}));
    EXPECT_EQ(read_tensor(npy("|u1", "\x38\xb8"), {.format = e4m3fn}), (Tensor{{2}, e4m3fn, {0x38, 0xB8}}));
    EXPECT_EQ(read_tensor(npy("|u1", "\x0f\x01"), {.format = e2m1}), (Tensor{{2}, e2m1, {0xF, 1}}));
    EXPECT_EQ(read_tensor(npy("<f2", "\x00\x3c\x00\xc0"s), {.format = binary16}),
              (Tensor{{2}, binary16, {0x3C00, 0xC000}}));
}

TEST_F(TensorFile, Tf32IsHeldAsByRegisters) {
    const Tensor expected{{2}, tf32, {0x3F800000 >> 13, 0xFFFFE000 >> 13}};
    for (const char* descr : {"<f4", "<u4"})
        EXPECT_EQ(read_tensor(npy(descr, "\x00\x00\x80\x3f\x00\xe0\xff\xff"s), {.format = tf32}), expected) << descr;
    EXPECT_EQ(refusal(npy("<f4", "\x00\x00\x80\x3f\x00\xf0\xff\xff"s), {.format = tf32}),
              "element 1: expected a code of tf32, found 0xfffff000");
}

TEST_F(TensorFile, NothingElseServes) {
    EXPECT_EQ(refusal(npy("<f2", "1234"), {.format = bfloat16}),
              "expected elements of bf16 or integers of 16 bits, found fp16");
    EXPECT_EQ(refusal(npy("|u1", "12"), {.format = binary16}),
              "expected elements of fp16 or integers of 16 bits, found uint8");
    EXPECT_EQ(refusal(npy("<i4", "12345678"), {.format = e2m1}),
              "expected elements of e2m1 or integers of 8 bits, found int32");
    EXPECT_EQ(refusal(npy("|u1", "\x01\x10"), {.format = e2m1}), "element 1: expected a code of e2m1, found 0x10");
    EXPECT_EQ(refusal(npy("<f4", "12345678"), {.format = binary16}),
              "expected elements of fp16 or integers of 16 bits, found fp32");
}

TEST_F(TensorFile, TheNameTellsTheKindOfFile) {
    EXPECT_EQ(refusal(file("a.bin", "")), "expected a name that ends in .npy, .safetensors or .mtx");
    EXPECT_EQ(refusal(npy("|u1", "12"), {.name = "w"}), "expected no name of a tensor, as .npy has none, found \"w\"");
}

TEST(TensorType, IsCalledByItsShortName) {
    EXPECT_EQ(name_of(ElementType(bfloat16)), "bf16");
    EXPECT_EQ(name_of(ElementType(IntegerType{8, true})), "int8");
    EXPECT_EQ(name_of(ElementType(IntegerType{64, false})), "uint64");
}

/// Files that can be read, each shape of header once.
struct Valid {
    std::string name, bytes;
};

std::vector<Valid> valid_files() {
    return {
        {"a.npy", npy_bytes("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }", 118, std::string(24, '\1'))},
        {"a.npy", npy_bytes("{'descr': '<u2', 'fortran_order': False, 'shape': (), }", 56, "12", 2)},
        {"a.safetensors",
         safetensors_bytes(R"({"__metadata__":{"k":"v"},"w":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}})",
                           "1234")},
        {"a.safetensors",
         safetensors_bytes(
             R"({"a":{"dtype":"F8_E4M3","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F4","shape":[2],"data_offsets":[3,4]}})",
             "1234")},
    };
}

class HostileFile : public test::FolderTest {
  protected:
    /// Reads these bytes; a test failure unless that gives a tensor whose codes fit its shape and type, or one line.
    /// Whether it gives a tensor.
    bool reads(const Valid& valid, const std::string& bytes) const {
        const auto path = file(valid.name, bytes);
        const std::string name = valid.name == "a.npy"                            ? ""
                                 : valid.bytes.find("\"w\"") == std::string::npos ? "a"
                                                                                  : "w";
        try {
            const Tensor tensor = read_tensor(path, {.name = name});
            const auto count =
                std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::size_t{1}, std::multiplies<>());
            const int width = std::visit([](const auto& type) { return type.width; }, tensor.type);
            EXPECT_EQ(tensor.codes.size(), count);
            for (const std::uint64_t code : tensor.codes) EXPECT_EQ(code >> (width - 1) >> 1, 0U);
            return true;
        } catch (const InputError& error) {
            const std::string text = error.what();
            EXPECT_TRUE(text.starts_with(path.string() + ": ")) << text;
            EXPECT_TRUE(text.find_first_of("\n\r\t"s + '\0') == std::string::npos) << text;
            EXPECT_LT(text.size(), path.string().size() + 300) << text;
            return false;
        }
    }
};

TEST_F(HostileFile, EachByteIsChanged) {
    for (const Valid& valid : valid_files()) {
        ASSERT_TRUE(reads(valid, valid.bytes));
        for (std::size_t at = 0; at < valid.bytes.size(); ++at)
            for (const char byte : "\0\1\x7f\x80\xff \n0189'\"()[]{},:-.LTe<>|fu\\"s) {
                std::string bytes = valid.bytes;
                bytes[at] = byte;
                reads(valid, bytes);
                if (HasFailure()) FAIL() << valid.name << ", byte " << at << " is " << int{byte};
            }
    }
}

TEST_F(HostileFile, EachByteIsLeftOutOrDoubled) {
    for (const Valid& valid : valid_files())
        for (std::size_t at = 0; at < valid.bytes.size(); ++at) {
            std::string shorter = valid.bytes, longer = valid.bytes;
            shorter.erase(at, 1);
            longer.insert(at, 1, longer[at]);
            EXPECT_FALSE(reads(valid, shorter)) << valid.name << ", byte " << at;
            EXPECT_FALSE(reads(valid, longer)) << valid.name << ", byte " << at;
        }
}

TEST_F(HostileFile, CutAndContinued) {
    for (const Valid& valid : valid_files()) {
        for (std::size_t size = 0; size < valid.bytes.size(); ++size)
            EXPECT_FALSE(reads(valid, valid.bytes.substr(0, size))) << valid.name << ", " << size << " bytes";
        for (const std::string more : {" ", "\n\n", "1234", "12345678"})
            EXPECT_FALSE(reads(valid, valid.bytes + more)) << valid.name << ", " << more.size() << " more";
    }
}

}  // namespace
}  // namespace halfulp
