// Claim: files of ONNX are read as its format says, and what is malformed, or lies about sizes, is refused in one line; the
// program tells pass, fail, unsupported and malformed apart, and the first difference.
// Oracle: messages that protobuf wrote here, with numbers by hand; onnx.proto for how elements are packed. Shared: protobuf.
#include <gmock/gmock.h>
#include <onnx/onnx_pb.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <halfulp/lib/onnx/node_test.hpp>
#include <halfulp/lib/onnx/read.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/folder.hpp"
#include "support/program.hpp"
#include "support/tensor_files.hpp"
#include "support/transcripts.hpp"

namespace halfulp::onnx {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::StartsWith;

::onnx::TensorProto message(int type, const std::vector<std::int64_t>& dims, const std::string& raw = {}) {
    ::onnx::TensorProto proto;
    proto.set_data_type(type);
    for (const std::int64_t size : dims) proto.add_dims(size);
    if (!raw.empty()) proto.set_raw_data(raw);
    return proto;
}

/// QuantizeLinear with a zero point as an initializer, and an attribute of each kind.
::onnx::ModelProto model(const std::string& op = "QuantizeLinear") {
    ::onnx::ModelProto proto;
    proto.set_ir_version(10);
    auto* opset = proto.add_opset_import();
    opset->set_domain("");
    opset->set_version(25);
    auto* graph = proto.mutable_graph();
    auto* node = graph->add_node();
    node->set_op_type(op);
    for (const char* name : {"x", "scale", "zero"}) node->add_input(name);
    node->add_output("y");
    auto* axis = node->add_attribute();
    axis->set_name("axis");
    axis->set_type(::onnx::AttributeProto::INT);
    axis->set_i(0);
    for (const char* name : {"x", "scale"}) graph->add_input()->set_name(name);
    graph->add_output()->set_name("y");
    auto* zero = graph->add_initializer();
    *zero = message(2, {}, "\x0A"s);
    zero->set_name("zero");
    return proto;
}

class OnnxFiles : public test::FolderTest {
  protected:
    std::filesystem::path file(const google::protobuf::MessageLite& proto, std::string_view name = "x.pb") const {
        return FolderTest::file(name, proto.SerializeAsString());
    }

    /// What reading a tensor says of it after its path; "read" if nothing.
    std::string refused(const ::onnx::TensorProto& proto) const { return refused(file(proto)); }
    static std::string refused(const std::filesystem::path& path) {
        try {
            (void)read_tensor(path);
        } catch (const std::runtime_error& error) {
            const std::string text = error.what();
            return text.starts_with(path.string() + ": ") ? text.substr(path.string().size() + 2)
                                                          : "elsewhere: " + text;
        }
        return "read";
    }

    /// A node test: x / scale + 10, of 3 numbers, with the output given.
    std::filesystem::path node_test(const std::string& name, const std::string& op, const std::string& y) const {
        const auto place = folder / name;
        std::filesystem::create_directories(place / "test_data_set_0");
        file(model(op), name + "/model.onnx");
        file(message(1, {3}, "\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40"s), name + "/test_data_set_0/input_0.pb");
        file(message(1, {}, "\0\0\0\x3f"s), name + "/test_data_set_0/input_1.pb");
        file(message(2, {3}, y), name + "/test_data_set_0/output_0.pb");
        return place;
    }
};

TEST_F(OnnxFiles, RawDataAreLittleEndianAndPackedFromTheLowestBit) {
    EXPECT_EQ(read_tensor(file(message(1, {2}, "\0\0\x80\x3f\1\0\0\0"s))).codes,
              (std::vector<std::uint64_t>{0x3F800000, 1}));
    EXPECT_EQ(read_tensor(file(message(7, {1}, "\xfe\xff\xff\xff\xff\xff\xff\xff"s))).codes,
              (std::vector<std::uint64_t>{0xFFFFFFFFFFFFFFFE}));
    const Tensor nibbles = read_tensor(file(message(22, {3}, "\x21\x0f"s)));
    EXPECT_EQ(nibbles, (Tensor{{3}, IntegerType{4, true}, {1, 2, 15}}));
    EXPECT_EQ(read_tensor(file(message(25, {5}, "\xe4\x02"s))).codes, (std::vector<std::uint64_t>{0, 1, 2, 3, 2}));
    // x0 = 1, x1 = 0x3E, x2 = 0x21, x3 = 0x3F by the formula in onnx.proto, then x4 = 2.
    EXPECT_EQ(read_tensor(file(message(27, {5}, "\x81\x1f\xfe\x02"s))).codes,
              (std::vector<std::uint64_t>{1, 0x3E, 0x21, 0x3F, 2}));
    EXPECT_EQ(read_tensor(file(message(9, {2}, "\1\0"s))), (Tensor{{2}, IntegerType{1, false}, {1, 0}}));
    EXPECT_EQ(read_tensor(file(message(1, {2, 0}))), (Tensor{{2, 0}, binary32, {}}));
}

TEST_F(OnnxFiles, EachTypeHasItsField) {
    auto floats = message(1, {1}), doubles = message(11, {1}), longs = message(7, {1}), words = message(12, {1});
    floats.add_float_data(-1.5F);
    doubles.add_double_data(0.5);
    longs.add_int64_data(-2);
    words.add_uint64_data(0xFFFFFFFF);
    EXPECT_EQ(read_tensor(file(floats)).codes[0], 0xBFC00000U);
    EXPECT_EQ(read_tensor(file(doubles)).codes[0], 0x3FE0000000000000U);
    EXPECT_EQ(read_tensor(file(longs)).codes[0], 0xFFFFFFFFFFFFFFFEU);
    EXPECT_EQ(read_tensor(file(words)).codes[0], 0xFFFFFFFFU);
    for (const auto& [type, number, code] : {std::tuple{3, -2, 0xFEU},
                                             {2, 200, 200},
                                             {6, -1, 0xFFFFFFFF},
                                             {10, 0xBC00, 0xBC00},
                                             {17, 0x80, 0x80},
                                             {9, 1, 1},
                                             {28, 0x3F, 0x3F}}) {
        auto proto = message(type, {1});
        proto.add_int32_data(number);
        EXPECT_EQ(read_tensor(file(proto)).codes, std::vector<std::uint64_t>{code}) << type;
    }
    auto nibbles = message(21, {3});
    nibbles.add_int32_data(0xE1);
    nibbles.add_int32_data(0x03);
    EXPECT_EQ(read_tensor(file(nibbles)).codes, (std::vector<std::uint64_t>{1, 14, 3}));
}

TEST_F(OnnxFiles, TensorsThatLieAreRefused) {
    EXPECT_EQ(refused(message(1, {3}, std::string(8, '\0'))),
              "expected 12 bytes of raw_data for dimensions (3), found 8");
    EXPECT_EQ(refused(message(22, {5}, "\1\2"s)), "expected 3 bytes of raw_data for dimensions (5), found 2");
    EXPECT_EQ(refused(message(1, {3})), "expected 3 elements for dimensions (3), found 0");
    EXPECT_EQ(refused(message(1, {-1})), "expected no negative dimension, found -1");
    EXPECT_EQ(refused(message(1, {std::int64_t{1} << 40, 1 << 16}, "1234")),
              "expected 288230376151711744 bytes of raw_data for dimensions (1099511627776, 65536), found 4");
    EXPECT_EQ(refused(message(11, {std::int64_t{1} << 62}, "1234")),
              "expected more than 2^61 bytes of raw_data for dimensions (4611686018427387904), found 4");
    EXPECT_THAT(refused(message(1, {std::int64_t{1} << 40, std::int64_t{1} << 40})),
                StartsWith("expected fewer elements"));
    EXPECT_EQ(refused(message(0, {})), "expected a tensor with a data type, found none");
    EXPECT_EQ(refused(message(8, {})), "elements of data type 8");
    EXPECT_EQ(refused(message(9, {1}, "\2"s)), "expected 0 or 1 for BOOL, found 2");
    auto wide = message(3, {1}), pair = message(21, {2}), elsewhere = message(1, {1});
    wide.add_int32_data(128);
    pair.add_int32_data(256);
    elsewhere.set_data_location(::onnx::TensorProto::EXTERNAL);
    EXPECT_EQ(refused(wide), "expected a code of INT8, found 128");
    EXPECT_EQ(refused(pair), "expected a byte, found 256");
    EXPECT_EQ(refused(elsewhere), "data in another file");
    EXPECT_EQ(refused(FolderTest::file("x.pb", "\xff\xff")), "expected a tensor of ONNX, found bytes that are none");
    EXPECT_EQ(refused(folder / "none.pb"), "expected a regular file that can be read, found none");
}

TEST_F(OnnxFiles, ModelsAreReadWhole) {
    const Graph graph = read_model(file(model()));
    EXPECT_EQ(graph.nodes[0].op, "QuantizeLinear");
    EXPECT_EQ(graph.nodes[0].inputs, (std::vector<std::string>{"x", "scale", "zero"}));
    EXPECT_EQ(graph.nodes[0].attributes.at("axis"), Attribute{std::int64_t{0}});
    EXPECT_EQ(graph.initializers.at("zero"), (Tensor{{}, IntegerType{8, false}, {10}}));
    EXPECT_EQ(graph.inputs, (std::vector<std::string>{"x", "scale"}));
    EXPECT_EQ(graph.outputs, std::vector<std::string>{"y"});
    EXPECT_EQ(graph.opsets.at(""), 25);
}

/// Whatever bytes a model or a tensor loses or changes: the folder gets a verdict, in one line, and nothing else happens.
TEST_F(OnnxFiles, NoByteBreaksTheReader) {
    const auto place = node_test("fuzz", "QuantizeLinear", "\x0c\x0e\x10"s);
    std::array<int, 4> verdicts{};
    std::uint64_t draw = 0;
    for (const std::string name : {"model.onnx", "test_data_set_0/input_0.pb"}) {
        const std::string whole = test::content(place / name);
        for (int i = 0; i < 600; ++i) {
            std::string bytes = whole;
            const auto random = [&](std::size_t below) {
                return static_cast<std::size_t>(random_bits(8, draw++) % below);
            };
            for (std::size_t changes = random(3) + 1; changes > 0; --changes)
                bytes[random(bytes.size())] = static_cast<char>(random(256));
            if (i % 3 == 0) bytes.resize(random(bytes.size()));
            FolderTest::file("fuzz/" + name, bytes);
            const NodeTest test = run_node_test(place);
            ++verdicts[static_cast<std::size_t>(test.verdict)];
            EXPECT_EQ(test.reason.empty(), test.verdict == Verdict::Pass);
            EXPECT_EQ((test.operators + test.reason).find('\n'), std::string::npos) << test.reason;
        }
        FolderTest::file("fuzz/" + name, whole);
    }
    for (const int count : verdicts) EXPECT_GT(count, 10);
}

TEST_F(OnnxFiles, TheProgramPassesAndShowsTheFirstDifference) {
    node_test("right", "QuantizeLinear", "\x0c\x0e\x10"s);
    const test::Outcome right = test::halfulp("onnx '" + folder.string() + "'");
    EXPECT_EQ(right.status, 0);
    EXPECT_EQ(right.output,
              "pass        right (QuantizeLinear)\n1 folders, 1 pass, 0 fail, 0 unsupported, 0 malformed\n");

    node_test("wrong", "QuantizeLinear", "\x0c\x0f\x11"s);
    const test::Outcome wrong = test::halfulp("onnx '" + folder.string() + "'");
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.output, HasSubstr("fail        wrong (QuantizeLinear): y[1]: expected 15, got 14\n"));
    EXPECT_THAT(wrong.output, HasSubstr("2 folders, 1 pass, 1 fail, 0 unsupported, 0 malformed\n"));

    const auto json = nlohmann::json::parse(test::halfulp("onnx --json '" + folder.string() + "'").output);
    EXPECT_EQ(json["folders"], 2);
    EXPECT_EQ(json["fail"], 1);
    EXPECT_EQ(json["tests"][1]["verdict"], "fail");
    EXPECT_EQ(json["tests"][1]["reason"], "y[1]: expected 15, got 14");
}

TEST_F(OnnxFiles, ThePageShowsWhatItPrints) {
    node_test("node/test_as_expected", "QuantizeLinear", "\x0c\x0e\x10"s);
    node_test("node/test_off_by_one", "QuantizeLinear", "\x0c\x0f\x11"s);
    node_test("node/test_celu", "Celu", ""s);
    test::expect_current(HALFULP_SOURCE "/docs/onnx.md", 1, [&](const std::string& arguments) {
        return test::shell("cd '" + folder.string() + "' && '" HALFULP_PROGRAM "' " + arguments);
    });
}

TEST_F(OnnxFiles, TheProgramTellsUnsupportedFromMalformed) {
    const auto odd = node_test("odd", "Celu", ""s);
    const test::Outcome unsupported = test::halfulp("onnx '" + odd.string() + "'");
    EXPECT_EQ(unsupported.status, 77);
    EXPECT_THAT(unsupported.output, HasSubstr("unsupported odd (Celu): operator \"Celu\"\n"));

    const auto cut = node_test("cut", "QuantizeLinear", "\x0c\x0e\x10"s);
    FolderTest::file("cut/model.onnx", test::content(cut / "model.onnx").substr(0, 30));
    const test::Outcome malformed = test::halfulp("onnx '" + folder.string() + "'");
    EXPECT_EQ(malformed.status, 2);
    EXPECT_THAT(malformed.output, HasSubstr("malformed   cut: " + (cut / "model.onnx").string() +
                                            ": expected a model of ONNX, found bytes that are none\n"));

    const test::Outcome nothing = test::halfulp("onnx '" + (folder / "nowhere").string() + "'");
    EXPECT_EQ(nothing.status, 2);
    EXPECT_EQ(nothing.output,
              "halfulp: " + (folder / "nowhere").string() + ": expected a folder that can be read, found none\n");
    EXPECT_EQ(test::halfulp("onnx").status, 2);
}

/// MatMul of a column and a row: 2^24 elements, and Relu of them.
::onnx::ModelProto outer_product() {
    ::onnx::ModelProto proto;
    proto.add_opset_import()->set_version(25);
    auto* graph = proto.mutable_graph();
    const auto node = [&](const char* op, const std::vector<const char*>& inputs, const char* output) {
        auto* added = graph->add_node();
        added->set_op_type(op);
        for (const char* name : inputs) added->add_input(name);
        added->add_output(output);
    };
    node("MatMul", {"column", "row"}, "product");
    node("Relu", {"product"}, "y");
    for (const char* name : {"column", "row"}) graph->add_input()->set_name(name);
    graph->add_output()->set_name("y");
    return proto;
}

/// Less address space than the results take: this folder has its verdict, and the walk goes on.
TEST_F(OnnxFiles, MemoryThatRunsOutIsAVerdict) {
    const std::string program = "ulimit -v 250000; '" + std::string(HALFULP_PROGRAM) + "' ";
    if (test::shell(program + "--version").status != 0) GTEST_SKIP() << "a build that reserves more";
    node_test("large", "Relu", "123");
    file(outer_product(), "large/model.onnx");
    const std::string zeros(4096, '\0');
    file(message(3, {4096, 1}, zeros), "large/test_data_set_0/input_0.pb");
    file(message(3, {1, 4096}, zeros), "large/test_data_set_0/input_1.pb");
    node_test("right", "QuantizeLinear", "\x0c\x0e\x10"s);
    const test::Outcome outcome = test::shell(program + "onnx '" + folder.string() + "'");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.output,
              "unsupported large (MatMul, Relu): more memory than this computer has\n"
              "pass        right (QuantizeLinear)\n2 folders, 1 pass, 0 fail, 1 unsupported, 0 malformed\n");
}

/// Root may read everything: while this lives, the user is another.
class Nobody {
  public:
    Nobody() : changed_(geteuid() == 0 && seteuid(65534) == 0) {}
    ~Nobody() {
        if (changed_ && seteuid(0) != 0) std::abort();
    }
    Nobody(const Nobody&) = delete;
    Nobody& operator=(const Nobody&) = delete;

  private:
    bool changed_;
};

TEST_F(OnnxFiles, AFolderThatCannotBeReadHasAVerdictToo) {
    const auto right = node_test("right", "QuantizeLinear", "\x0c\x0e\x10"s), closed = folder / "a" / "closed";
    std::filesystem::create_directories(closed / "inner");
    std::filesystem::permissions(closed, std::filesystem::perms::none);
    const auto found = [&] {
        const Nobody user;
        return find_node_tests(folder);
    }();
    EXPECT_EQ(found, (std::vector{closed, right}));
    const NodeTest test = [&] {
        const Nobody user;
        return run_node_test(closed);
    }();
    EXPECT_EQ(test.verdict, Verdict::Malformed);
    EXPECT_THAT(test.reason, HasSubstr("closed/model.onnx: expected a regular file that can be read, found none"));
    std::filesystem::permissions(closed, std::filesystem::perms::owner_all);
}

TEST_F(OnnxFiles, FoldersWithoutDataAreMalformed) {
    const auto place = node_test("bare", "QuantizeLinear", "\x0c\x0e\x10"s);
    std::filesystem::remove(place / "test_data_set_0" / "output_0.pb");
    EXPECT_THAT(run_node_test(place).reason, HasSubstr("expected 1 outputs, found 0"));
    std::filesystem::remove_all(place / "test_data_set_0");
    EXPECT_THAT(run_node_test(place).reason, HasSubstr("expected folders test_data_set_*, found none"));
    EXPECT_EQ(run_node_test(place).verdict, Verdict::Malformed);
}

}  // namespace
}  // namespace halfulp::onnx
