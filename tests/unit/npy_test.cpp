// Claim: .npy files are read and written as NumPy does, byte for byte, and what it would misread is refused with its place.
// Oracle: bytes that NumPy 2.4.6 and ml_dtypes 0.6.0 wrote: numpy.save(file, EXPRESSION), or numpy.lib.format.write_array
// (file, EXPRESSION, version=...). Shared: nothing; the header's padding is as long as NumPy's file says.
#include <gmock/gmock.h>

#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/tensor_files.hpp"

namespace halfulp {
namespace {

using namespace std::string_literals;

constexpr IntegerType uint8{8, false}, uint16{16, false}, uint32{32, false}, uint64{64, false};
constexpr IntegerType int8{8, true}, int16{16, true}, int32{32, true}, int64{64, true};

struct Saved {
    std::string_view expression, dictionary;
    std::string elements;
    Tensor tensor;
};

/// Each has a header of 118 bytes.
const std::vector<Saved> saved = {
    {"np.array(1.5, '<f2')",
     "{'descr': '<f2', 'fortran_order': False, 'shape': (), }",
     "\x00\x3e"s,
     {{}, binary16, {0x3E00}}},
    {"np.array([1, -2, 65504], '<f2')",
     "{'descr': '<f2', 'fortran_order': False, 'shape': (3,), }",
     "\x00\x3c\x00\xc0\xff\x7b"s,
     {{3}, binary16, {0x3C00, 0xC000, 0x7BFF}}},
    {"np.array([[1, 2, 3], [4, 5, 6]], '<f4')",
     "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
     "\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40\x00\x00\x80\x40\x00\x00\xa0\x40\x00\x00\xc0\x40"s,
     {{2, 3}, binary32, {0x3F800000, 0x40000000, 0x40400000, 0x40800000, 0x40A00000, 0x40C00000}}},
    {"np.array([0.1], '<f8')",
     "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
     "\x9a\x99\x99\x99\x99\x99\xb9\x3f"s,
     {{1}, binary64, {0x3FB999999999999A}}},
    {"np.array([200], 'u1')",
     "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }",
     "\xc8"s,
     {{1}, uint8, {200}}},
    {"np.array([-100], 'i1')",
     "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), }",
     "\x9c"s,
     {{1}, int8, {0x9C}}},
    {"np.array([0x1234], '<u2')",
     "{'descr': '<u2', 'fortran_order': False, 'shape': (1,), }",
     "\x34\x12"s,
     {{1}, uint16, {0x1234}}},
    {"np.array([-2], '<i2')",
     "{'descr': '<i2', 'fortran_order': False, 'shape': (1,), }",
     "\xfe\xff"s,
     {{1}, int16, {0xFFFE}}},
    {"np.array([0x12345678], '<u4')",
     "{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }",
     "\x78\x56\x34\x12"s,
     {{1}, uint32, {0x12345678}}},
    {"np.array([-2], '<i4')",
     "{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }",
     "\xfe\xff\xff\xff"s,
     {{1}, int32, {0xFFFFFFFE}}},
    {"np.array([0x123456789abcdef0], '<u8')",
     "{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }",
     "\xf0\xde\xbc\x9a\x78\x56\x34\x12"s,
     {{1}, uint64, {0x123456789ABCDEF0}}},
    {"np.array([-2], '<i8')",
     "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }",
     "\xfe\xff\xff\xff\xff\xff\xff\xff"s,
     {{1}, int64, {0xFFFFFFFFFFFFFFFE}}},
    {"np.zeros((2, 0, 3), '<f4')",
     "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0, 3), }",
     ""s,
     {{2, 0, 3}, binary32, {}}},
};

/// What NumPy writes and this library does not.
const std::vector<Saved> read_only = {
    {"np.array([1, -2], '>f4')",
     "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }",
     "\x3f\x80\x00\x00\xc0\x00\x00\x00"s,
     {{2}, binary32, {0x3F800000, 0xC0000000}}},
    {"np.array([0x1234], '>u2')",
     "{'descr': '>u2', 'fortran_order': False, 'shape': (1,), }",
     "\x12\x34"s,
     {{1}, uint16, {0x1234}}},
    {"np.array([1.5], '>f8')",
     "{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }",
     "\x3f\xf8\x00\x00\x00\x00\x00\x00"s,
     {{1}, binary64, {0x3FF8000000000000}}},
    {"np.asfortranarray(np.arange(24, dtype='u1').reshape(2, 3, 4))",
     "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }",
     "\x00\x0c\x04\x10\x08\x14\x01\x0d\x05\x11\x09\x15\x02\x0e\x06\x12\x0a\x16\x03\x0f\x07\x13\x0b\x17"s,
     {{2, 3, 4}, uint8, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23}}},
    {"np.array([[1, 2], [3, 4]], '<u2').T",
     "{'descr': '<u2', 'fortran_order': True, 'shape': (2, 2), }",
     "\x01\x00\x02\x00\x03\x00\x04\x00"s,
     {{2, 2}, uint16, {1, 3, 2, 4}}},
    {"np.array([1.5, -2], ml_dtypes.bfloat16)",
     "{'descr': '<V2', 'fortran_order': False, 'shape': (2,), }",
     "\xc0\x3f\x00\xc0"s,
     {{2}, uint16, {0x3FC0, 0xC000}}},
    {"np.array([1.5, 448], ml_dtypes.float8_e4m3fn)",
     "{'descr': '<V1', 'fortran_order': False, 'shape': (2,), }",
     "\x3c\x7e"s,
     {{2}, uint8, {0x3C, 0x7E}}},
    {"np.array([1.5], ml_dtypes.float8_e5m2)",
     "{'descr': '<f1', 'fortran_order': False, 'shape': (1,), }",
     "\x3e"s,
     {{1}, uint8, {0x3E}}},
    {"np.array([0x1234], '<u2').view('V2')",
     "{'descr': '|V2', 'fortran_order': False, 'shape': (1,), }",
     "\x34\x12"s,
     {{1}, uint16, {0x1234}}},
};

class Npy : public test::FolderTest {};

TEST_F(Npy, ReadsWhatNumPyWrote) {
    for (const auto* list : {&saved, &read_only})
        for (const Saved& row : *list)
            EXPECT_EQ(read_tensor(file("a.npy", npy_bytes(row.dictionary, 118, row.elements))), row.tensor)
                << row.expression;
}

TEST_F(Npy, WritesWhatNumPyWrote) {
    for (const Saved& row : saved) {
        write_npy(folder / "a.npy", row.tensor);
        EXPECT_EQ(test::content(folder / "a.npy"), npy_bytes(row.dictionary, 118, row.elements)) << row.expression;
    }
}

// np.zeros((1,) * AXES, 'u1'): the header's length where the padding is about to grow by another 64.
TEST_F(Npy, PadsAsNumPyDoes) {
    for (const auto& [axes, length] : {std::pair{14, 118}, {15, 182}, {35, 182}, {36, 246}, {56, 246}, {57, 246}}) {
        std::string ones;
        for (int i = 0; i < axes; ++i) ones += i == 0 ? "1" : ", 1";
        write_npy(folder / "a.npy", {std::vector<std::size_t>(static_cast<std::size_t>(axes), 1), uint8, {7}});
        EXPECT_EQ(test::content(folder / "a.npy"),
                  npy_bytes("{'descr': '|u1', 'fortran_order': False, 'shape': (" + ones + "), }",
                            static_cast<std::size_t>(length), "\7"))
            << axes;
    }
}

TEST_F(Npy, WritesOtherFormatsAsUnsignedIntegers) {
    const auto written = [&](const Format& format, std::uint64_t code) {
        write_npy(folder / "a.npy", {{1}, format, {code}});
        return read_tensor(folder / "a.npy");
    };
    EXPECT_EQ(written(bfloat16, 0x3F80), (Tensor{{1}, uint16, {0x3F80}}));
    EXPECT_EQ(written(e5m2, 0x3C), (Tensor{{1}, uint8, {0x3C}}));
    EXPECT_EQ(written(e2m1, 0xF), (Tensor{{1}, uint8, {0xF}}));
    EXPECT_EQ(written(tf32, 0x7FFFF), (Tensor{{1}, uint32, {0xFFFFE000}}));
}

TEST_F(Npy, KnowsTheOtherVersions) {
    constexpr std::string_view dictionary = "{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }";
    for (const char version : {'\2', '\3'})
        EXPECT_EQ(read_tensor(file("a.npy", npy_bytes(dictionary, 116, "\x00\x3e"s, version))),
                  (Tensor{{1}, binary16, {0x3E00}}))
            << int{version};
    EXPECT_EQ(refusal(file("a.npy", npy_bytes(dictionary, 116, "\x00\x3e"s, 4))),
              "byte 6: expected version 1.0, 2.0 or 3.0, found 4.0");
}

// Each is what Python's ast.literal_eval, by which NumPy reads headers, makes the same dictionary of.
TEST_F(Npy, ReadsAnyLayoutOfTheDictionary) {
    for (const std::string_view dictionary : {
             "{'shape': (2, 1), 'fortran_order': False, 'descr': '<u2'}",
             "{\"descr\":\"<u2\",\"fortran_order\":False,\"shape\":(2,1,)}",
             "\t{ 'descr' :\n'<u2' , 'fortran_order' : False ,\r 'shape' : ( 2 , 1 ) , \f}",
             "{'descr': '<u2', 'fortran_order': False, 'shape': (2L, 1L), }",  // Python 2, which NumPy reads too
         })
        EXPECT_EQ(read_tensor(file("a.npy", npy_bytes(dictionary, 100, "\1\0\2\0"s))), (Tensor{{2, 1}, uint16, {1, 2}}))
            << dictionary;
}

TEST_F(Npy, RefusesOtherHeaders) {
    const std::string keys = "expected the keys descr, fortran_order and shape, once each, found ";
    const std::string types =
        "expected a byte order, < or > or |, and a type of f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, V1, V2, f1; found ";
    const std::pair<std::string, std::string> refused[] = {
        {"['descr']", "byte 10: expected {, found \"['descr']"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
         "byte 20: expected elements of a plain type, no structures, found \"[('a', '<f4')], "},
        {"{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (1,), }",
         "byte 20: expected elements of a plain type, no structures, found \"('<f4', (2,)), "},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", types + "\"<c8\""},
        {"{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", types + "\"|b1\""},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", types + "\"|O\""},
        {"{'descr': 'f4', 'fortran_order': False, 'shape': (1,), }", types + "\"f4\""},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,), }", types + "\"\""},
        {"{'descr': '<f2', 'shape': (1,), }", "byte 108: " + keys + "the header's end"},
        {"{'descr': '<f2', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
         "byte 27: " + keys + "\"'descr': '<f4'"},
        {"{'descr': '<f2', 'shape': (1,), 'shape': (1,), 'fortran_order': False}",
         "byte 42: " + keys + "\"'shape': (1,), "},
        {"{'descr': '<f2', 'fortran_order': True, 'fortran_order': False, 'shape': (1,)}",
         "byte 50: " + keys + "\"'fortran_order': False"},
        {"{'descr': '<f2', 'order': False, 'shape': (1,)}", "byte 27: " + keys + "\"'order': False"},
        {"{'descr': '<f2', 'fortran_order': 0, 'shape': (1,)}", "byte 44: expected True or False, found \"0, "},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': 1}", "byte 60: expected (, found \"1}"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1)}", "byte 62: expected ,, found \")}"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (-1,)}",
         "byte 61: expected a size below 2^64, found \"-1,"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (18446744073709551616,)}",
         "byte 61: expected a size below 2^64, found \"18446744073709551616,"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1,)} 1", "byte 66: expected the header's end, found \"1"},
        {"{'descr': '<f2\", 'fortran_order': False, 'shape': (1,)}", "byte 20: expected a string, found"},
    };
    for (const auto& [dictionary, message] : refused)
        EXPECT_THAT(refusal(file("a.npy", npy_bytes(dictionary, 98, "\0\0"s))), testing::StartsWith(message))
            << dictionary;
}

TEST_F(Npy, RefusesOtherSizes) {
    const auto shaped = [&](const std::string& shape, std::string_view elements) {
        return refusal(
            file("a.npy", npy_bytes("{'descr': '<f4', 'fortran_order': True, 'shape': " + shape + "}", 118, elements)));
    };
    const std::string expected = "byte 128: expected the elements of shape ";
    EXPECT_EQ(shaped("(2,)", "1234567"), expected + "(2,), 4 bytes each, found 7 bytes");
    EXPECT_EQ(shaped("(2,)", "123456789"), expected + "(2,), 4 bytes each, found 9 bytes");
    EXPECT_EQ(shaped("()", ""), expected + "(), 4 bytes each, found 0 bytes");
    EXPECT_EQ(shaped("(1152921504606846976,)", "1234"),  // 2^60
              expected + "(1152921504606846976,), 4 bytes each, found 4 bytes");
    EXPECT_EQ(shaped("(4294967296, 4294967296)", ""),  // 2^64 elements: none modulo 2^64
              expected + "(4294967296, 4294967296), 4 bytes each, found 0 bytes");
    EXPECT_EQ(shaped("(274177, 67280421310721)", "1234"),  // 2^64 + 1
              expected + "(274177, 67280421310721), 4 bytes each, found 4 bytes");
    EXPECT_EQ(shaped("(4611686018427387905,)", "1234"),  // 2^62 + 1 elements: 4 bytes modulo 2^64
              expected + "(4611686018427387905,), 4 bytes each, found 4 bytes");
    EXPECT_EQ(shaped("(0, 18446744073709551615, 2)", ""), "read");
}

TEST_F(Npy, RefusesWhatIsNoFileOfItsKind) {
    EXPECT_EQ(refusal(folder), "expected a regular file that can be read, found none");
    EXPECT_EQ(refusal(folder / "none.npy"), "expected a regular file that can be read, found none");
    EXPECT_EQ(refusal(file("a.npy", "")), "byte 0: expected 8 bytes of magic string and version, found 0");
    EXPECT_EQ(refusal(file("a.npy", "\x93NUMPx\1\0\0\0"s)),
              "byte 0: expected the magic string of .npy, found \"\\x93NUMPx\\x01\\x00\"");
    EXPECT_EQ(refusal(file("a.npy", "\x93NUMPY\1\1\0\0"s)), "byte 6: expected version 1.0, 2.0 or 3.0, found 1.1");
    EXPECT_EQ(refusal(file("a.npy", "\x93NUMPY\1\0\1"s)), "byte 8: expected 2 bytes of header length, found 1");
    EXPECT_EQ(refusal(file("a.npy", "\x93NUMPY\1\0\4\0{}"s)), "byte 10: expected 4 bytes of header, found 2");
    EXPECT_EQ(refusal(file("a.npy", "\x93NUMPY\3\0\xff\xff\xff\xff{}"s)),
              "byte 8: expected a header of at most 10000 bytes, found 4294967295");
}

TEST_F(Npy, WritesNoMoreAxesThanNumPyHas) {
    EXPECT_THROW(write_npy(folder / "a.npy", {std::vector<std::size_t>(65, 1), uint8, {0}}), InputError);
    EXPECT_FALSE(std::filesystem::exists(folder / "a.npy"));
    EXPECT_THROW(write_npy(folder / "none" / "a.npy", {{}, uint8, {0}}), InputError);
}

}  // namespace
}  // namespace halfulp
