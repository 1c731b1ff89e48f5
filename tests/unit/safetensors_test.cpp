// Claim: .safetensors files are read and written as the safetensors library does, byte for byte, and the library's checks
//        are made, each refusal with its place.
// Oracle: bytes that safetensors.serialize of the Python package safetensors 0.8.0 returned, and what its deserialize
//         refuses (a name that is there twice, it refuses only in places). Shared: nothing.
#include <gmock/gmock.h>

#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/tensor_files.hpp"

namespace halfulp {
namespace {

using namespace std::string_literals;

class Safetensors : public test::FolderTest {
  protected:
    std::filesystem::path saved(std::string_view header, std::string_view elements) const {
        return file("a.safetensors", safetensors_bytes(header, elements));
    }
};

/// serialize() of a tensor of each type, named as NumPy and ml_dtypes name it, with elements of the bytes 1, 2, 3, ...
const std::string every_type =
    "@\x04\x00\x00\x00\x00\x00\x00"s
    R"({"uint64":{"dtype":"U64","shape":[1],"data_offsets":[0,8]},)"
    R"("int64":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},)"
    R"("float64":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},)"
    R"("float32":{"dtype":"F32","shape":[1],"data_offsets":[24,28]},)"
    R"("uint32":{"dtype":"U32","shape":[1],"data_offsets":[28,32]},)"
    R"("int32":{"dtype":"I32","shape":[1],"data_offsets":[32,36]},)"
    R"("bfloat16":{"dtype":"BF16","shape":[1],"data_offsets":[36,38]},)"
    R"("float16":{"dtype":"F16","shape":[1],"data_offsets":[38,40]},)"
    R"("uint16":{"dtype":"U16","shape":[1],"data_offsets":[40,42]},)"
    R"("int16":{"dtype":"I16","shape":[1],"data_offsets":[42,44]},)"
    R"("float8_e5m2fnuz":{"dtype":"F8_E5M2FNUZ","shape":[1],"data_offsets":[44,45]},)"
    R"("float8_e4m3fnuz":{"dtype":"F8_E4M3FNUZ","shape":[1],"data_offsets":[45,46]},)"
    R"("float8_e8m0fnu":{"dtype":"F8_E8M0","shape":[1],"data_offsets":[46,47]},)"
    R"("float8_e4m3fn":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[47,48]},)"
    R"("float8_e5m2":{"dtype":"F8_E5M2","shape":[1],"data_offsets":[48,49]},)"
    R"("int8":{"dtype":"I8","shape":[1],"data_offsets":[49,50]},)"
    R"("uint8":{"dtype":"U8","shape":[1],"data_offsets":[50,51]}}      )"
    "\1\2\3\4\5\6\7\10\1\2\3\4\5\6\7\10\1\2\3\4\5\6\7\10\1\2\3\4\1\2\3\4\1\2\3\4\1\2\1\2\1\2\1\2\1\1\1\1\1\1\1";

std::map<std::string, Tensor> tensors_of_every_type() {
    std::map<std::string, Tensor> tensors;
    const auto add = [&](const std::string& name, const ElementType& type, std::uint64_t code) {
        tensors[name] = {{1}, type, {code}};
    };
    for (const auto& [name, format] : {std::pair{"float16", binary16}, {"bfloat16", bfloat16}})
        add(name, format, 0x0201);
    for (const auto& [name, format] : {std::pair{"float8_e5m2", e5m2},
                                       {"float8_e4m3fn", e4m3fn},
                                       {"float8_e8m0fnu", e8m0},
                                       {"float8_e5m2fnuz", e5m2fnuz},
                                       {"float8_e4m3fnuz", e4m3fnuz}})
        add(name, format, 1);
    add("float32", binary32, 0x04030201);
    add("float64", binary64, 0x0807060504030201);
    for (const bool is_signed : {false, true}) {
        const std::string prefix = is_signed ? "int" : "uint";
        add(prefix + "8", IntegerType{8, is_signed}, 1);
        add(prefix + "16", IntegerType{16, is_signed}, 0x0201);
        add(prefix + "32", IntegerType{32, is_signed}, 0x04030201);
        add(prefix + "64", IntegerType{64, is_signed}, 0x0807060504030201);
    }
    return tensors;
}

TEST_F(Safetensors, ReadsWhatTheLibraryWrote) {
    const auto path = file("a.safetensors", every_type);
    for (const auto& [name, tensor] : tensors_of_every_type())
        EXPECT_EQ(read_tensor(path, {.name = name}), tensor) << name;
}

TEST_F(Safetensors, WritesWhatTheLibraryWrote) {
    write_safetensors(folder / "a.safetensors", tensors_of_every_type());
    EXPECT_EQ(test::content(folder / "a.safetensors"), every_type);
}

TEST_F(Safetensors, ShapesNamesAndPadding) {
    const std::pair<std::map<std::string, Tensor>, std::string> cases[] = {
        {{}, "\x08\x00\x00\x00\x00\x00\x00\x00{}      "s},
        {{{"e", {{0, 3}, IntegerType{8, false}, {}}}},
         "8\x00\x00\x00\x00\x00\x00\x00{\"e\":{\"dtype\":\"U8\",\"shape\":[0,3],\"data_offsets\":[0,0]}} "s},
        {{{"a", {{}, binary16, {0x3E00}}}, {"b", {{2}, binary16, {0x3C00, 0xC000}}}, {"w", {{1, 2}, binary32, {0, 0}}}},
         "\xa8\x00\x00\x00\x00\x00\x00\x00"s
         R"({"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[],"data_offsets":[8,10]},)"
         R"("b":{"dtype":"F16","shape":[2],"data_offsets":[10,14]}}    )"
         "\x00\x00\x00\x00\x00\x00\x00\x00\x00>\x00<\x00\xc0"s},
        {{{"q\"\\\n\1\u00e9\x7f", {{1}, IntegerType{8, false}, {5}}}},
         "H\x00\x00\x00\x00\x00\x00\x00{\"q\\\"\\\\\\n\\u0001\xc3\xa9\x7f\":"
         "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}    \x05"s},
    };
    for (const auto& [tensors, bytes] : cases) {
        write_safetensors(folder / "a.safetensors", tensors);
        EXPECT_EQ(test::content(folder / "a.safetensors"), bytes);
        for (const auto& [name, tensor] : tensors)
            EXPECT_EQ(read_tensor(folder / "a.safetensors", {.name = name}), tensor) << name;
    }
}

TEST_F(Safetensors, TheOnlyTensorNeedsNoName) {
    const auto path =
        saved(R"({"__metadata__":{"made":"here"},"w":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}})",
              "\x80\x3f\x00\xc0"s);
    const Tensor tensor{{2, 1}, bfloat16, {0x3F80, 0xC000}};
    EXPECT_EQ(read_tensor(path), tensor);
    EXPECT_EQ(read_tensor(path, {.name = "w"}), tensor);
    EXPECT_EQ(refusal(path, {.name = "v"}), R"(expected the name of one of 1 tensors: "w"; found "v")");
    EXPECT_EQ(refusal(saved("{}", "")), "expected tensors, found none");
    EXPECT_THAT(
        refusal(file("a.safetensors", every_type)),
        testing::AllOf(testing::StartsWith(R"(expected the name of one of 17 tensors: "uint64", "int64", "float64", )"),
                       testing::EndsWith("found no name")));
}

/// serialize() of two rows of two numbers, float4_e2m1fn_x2, and of a float8_e8m0fnu.
const std::string packed =
    "x\x00\x00\x00\x00\x00\x00\x00"s
    R"({"s":{"dtype":"F8_E8M0","shape":[1],"data_offsets":[0,1]},"f4":{"dtype":"F4","shape":[2,2],"data_offsets":[1,3]}})"
    "       \x7f!C";

// The first of two is in the low half of its byte (c10/util/Float4_e2m1fn_x2.h); 1 2 3 4 are 0.5, 1, 1.5 and 2.
TEST_F(Safetensors, TwoNumbersOfFp4AreAByte) {
    const Tensor f4{{2, 2}, e2m1, {1, 2, 3, 4}}, scale{{1}, e8m0, {0x7F}};
    const auto path = file("a.safetensors", packed);
    EXPECT_EQ(read_tensor(path, {.name = "f4"}), f4);
    EXPECT_EQ(read_tensor(path, {.name = "f4", .format = e2m1}), f4);
    EXPECT_EQ(read_tensor(path, {.name = "s"}), scale);
    EXPECT_EQ(refusal(path, {.name = "f4", .format = e4m3fn}),
              "expected elements of e4m3 or integers of 8 bits, found e2m1");
    write_safetensors(folder / "b.safetensors", {{"f4", f4}, {"s", scale}});
    EXPECT_EQ(test::content(folder / "b.safetensors"), packed);
    const Tensor ends{{2}, e2m1, {0x0, 0xF}};
    write_safetensors(folder / "b.safetensors", {{"f4", ends}});
    EXPECT_EQ(read_tensor(folder / "b.safetensors"), ends);
    EXPECT_EQ(test::content(folder / "b.safetensors").back(), '\xf0');
}

TEST_F(Safetensors, RefusesElementsThatAreNoCodes) {
    const auto path = saved(R"({"c":{"dtype":"C64","shape":[1],"data_offsets":[0,8]},)"
                            R"("t":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}    )",
                            "\x00\x00\x00\x00\x00\x00\x00\x00\x01"s);
    EXPECT_EQ(refusal(path, {.name = "c"}), "tensor \"c\": expected elements of one number each, found C64");
    EXPECT_EQ(refusal(path, {.name = "t"}), "tensor \"t\": expected elements of one number each, found BOOL");
    for (const std::string six : {"F6_E2M3", "F6_E3M2"})
        EXPECT_EQ(refusal(saved(R"({"a":{"dtype":")" + six + R"(","shape":[4],"data_offsets":[0,3]}})", "123")),
                  "tensor \"a\": expected elements of a published place in their bytes, found " + six);
}

/// A header with one tensor, of U8, and the rest of its entry.
std::string entry(const std::string& rest) { return R"({"a":{"dtype":"U8",)" + rest + "}}"; }

// Each of these the library refuses too; the file has one byte of elements.
TEST_F(Safetensors, RefusesWhatTheLibraryRefuses) {
    const std::string apart = "tensor \"a\": expected data_offsets as far apart as shape ";
    const std::pair<std::string, std::string> refused[] = {
        {"", "byte 8: expected JSON, found the header's end"},
        {"[]", "byte 8: expected a JSON object"},
        {"{", "byte 9: expected JSON, found the header's end"},
        {"{\"\xff\":1}", "byte 10: expected JSON, found \"\\xff\":1}\""},
        {entry(R"("shape":[1],"data_offsets":[0,1])") + "\0"s, "byte 61: expected JSON, found \"\\x00\""},
        {entry(R"("shape":[1],"data_offsets":[0,1])") + "}", "byte 61: expected JSON, found \"}\""},
        {entry(R"("shape":[1e999],"data_offsets":[0,1])"),
         "byte 8: expected JSON with whole numbers, found one out of range"},
        {R"({"a":1})", "tensor \"a\": expected an object with dtype, shape and data_offsets"},
        {R"({"a":{"dtype":"F12","shape":[1],"data_offsets":[0,1]}})",
         "tensor \"a\": expected a dtype of U64, I64, F64, C64, F32, U32, I32, BF16, F16, U16, I16, F8_E5M2FNUZ, "
         "F8_E4M3FNUZ, F8_E8M0, F8_E4M3, F8_E5M2, I8, U8, F6_E3M2, F6_E2M3, F4, BOOL; found \"F12\""},
        {entry(R"("data_offsets":[0,1])"), "tensor \"a\": expected shape, an array of whole numbers"},
        {entry(R"("shape":1,"data_offsets":[0,1])"), "tensor \"a\": expected shape, an array of whole numbers"},
        {entry(R"("shape":[1.0],"data_offsets":[0,1])"), "tensor \"a\": expected shape, an array of whole numbers"},
        {entry(R"("shape":[-1],"data_offsets":[0,1])"), "tensor \"a\": expected shape, an array of whole numbers"},
        {entry(R"("shape":[1])"), "tensor \"a\": expected data_offsets, an array of whole numbers"},
        {entry(R"("shape":[1],"data_offsets":[0])"), "tensor \"a\": expected two data_offsets, the second no smaller"},
        {entry(R"("shape":[1],"data_offsets":[0,1,2])"),
         "tensor \"a\": expected two data_offsets, the second no smaller"},
        {entry(R"("shape":[1],"data_offsets":[1,0])"),
         "tensor \"a\": expected two data_offsets, the second no smaller"},
        {entry(R"("shape":[2],"data_offsets":[0,1])"), apart + "(2,) of U8 has bytes, found 0 to 1"},
        {entry(R"("shape":[274177,67280421310721],"data_offsets":[0,1])"),  // 2^64 + 1
         apart + "(274177, 67280421310721) of U8 has bytes, found 0 to 1"},
        {R"({"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}})",  // 2^61: 0 bytes modulo 2^64
         apart + "(2305843009213693952,) of F64 has bytes, found 0 to 0"},
        {R"({"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", apart + "(3,) of F4 has bytes, found 0 to 1"},
        {entry(R"("shape":[1],"data_offsets":[1,2])"),
         "tensor \"a\": expected data from offset 0 on, where the tensor before ends, found it from 1 on"},
        {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
         "tensor \"b\": expected data from offset 1 on, where the tensor before ends, found it from 0 on"},
        {entry(R"("shape":[2],"data_offsets":[0,2])"), "byte 61: expected the 2 bytes of the tensors, found 1"},
        {entry(R"("shape":[0],"data_offsets":[0,0])"), "byte 61: expected the 0 bytes of the tensors, found 1"},
        {R"({"__metadata__":{"a":1}})", "expected __metadata__, an object of strings"},
        {R"({"__metadata__":["a"]})", "expected __metadata__, an object of strings"},
    };
    for (const auto& [header, message] : refused) EXPECT_EQ(refusal(saved(header, "x")), message) << header;
}

// The library takes the last of two tensors of a name, if it has the place of both.
TEST_F(Safetensors, RefusesWhatIsThereTwice) {
    const std::string once = R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
    EXPECT_EQ(refusal(saved("{" + once + "," + once + "}", "x")),
              "byte 8: expected names that are there once, found \"a\" twice");
    EXPECT_EQ(refusal(saved(entry(R"("shape":[1],"shape":[1],"data_offsets":[0,1])"), "x")),
              "byte 8: expected names that are there once, found \"shape\" twice");
    EXPECT_EQ(
        refusal(saved(R"({"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},)" + once + "}", "x"), {.name = "a"}),
        "read");
}

TEST_F(Safetensors, RefusesHeadersThatAreTooLongOrDeep) {
    EXPECT_EQ(refusal(file("a.safetensors", "\1\0\0"s)), "byte 0: expected 8 bytes of header length, found 3");
    EXPECT_EQ(refusal(file("a.safetensors", "\x02\0\0\0\0\0\0\0{"s)), "byte 8: expected 2 bytes of header, found 1");
    EXPECT_EQ(refusal(file("a.safetensors", "\x01\xe1\xf5\x05\0\0\0\0{}"s)),  // 10^8 + 1
              "byte 0: expected a header of at most 100000000 bytes, found 100000001");
    EXPECT_EQ(refusal(file("a.safetensors", "\x00\xe1\xf5\x05\0\0\0\0{}"s)),
              "byte 8: expected 100000000 bytes of header, found 2");
    for (const char* nested : {"[", "{\"a\":"}) {
        std::string header;
        for (int i = 0; i < 1'000'000; ++i) header += nested;
        EXPECT_EQ(refusal(saved(header, "")), "byte 8: expected a header of tensors, found deeper JSON") << nested;
    }
}

TEST_F(Safetensors, WritesNoNameOrFormatThatItCannotHave) {
    const auto refused = [&](const std::string& name, const ElementType& type, const char* why) {
        try {
            write_safetensors(folder / "a.safetensors", {{name, {{1}, type, {0}}}});
            ADD_FAILURE() << name;
        } catch (const InputError& error) {
            EXPECT_THAT(error.what(), testing::EndsWith(why)) << name;
        }
        EXPECT_TRUE(std::filesystem::is_empty(folder));
    };
    refused("__metadata__", binary16, "expected another name");
    refused("\xff", binary16, "expected names in UTF-8");
    refused("w", tf32, "expected a format of safetensors, found tf32");
    refused("w", e2m3, "expected a format of safetensors, found e2m3");
    refused("w", e2m1, "expected an even number of elements of e2m1, two in a byte, found 1");
    EXPECT_THROW(write_safetensors(folder / "none" / "a.safetensors", {}), InputError);
}

}  // namespace
}  // namespace halfulp
