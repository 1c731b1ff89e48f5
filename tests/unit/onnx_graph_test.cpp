// Claim: products, sums, Softmax and training steps of ONNX are what its specification says; graphs run node by node, and what
// is unsupported or forbidden is said in one line, before memory is taken for it.
// Oracle: the specification's formulas on small numbers by hand, chosen so that every result is exact. Shared: nothing.
#include <gmock/gmock.h>

#include <cmath>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/node_test.hpp>

#include "support/onnx.hpp"

namespace halfulp::onnx {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using List = std::vector<std::int64_t>;

const Tensor two_by_three = floats({2, 3}, {1, 2, 3, 4, 5, 6});

TEST(OnnxMatMul, BehavesAsNumPy) {
    EXPECT_EQ(output({"MatMul"}, {two_by_three, floats({3, 1}, {1, 10, 100})}), floats({2, 1}, {321, 654}));
    EXPECT_EQ(output({"MatMul"}, {two_by_three, floats({3}, {1, 10, 100})}), floats({2}, {321, 654}));
    EXPECT_EQ(output({"MatMul"}, {floats({2}, {1, 10}), two_by_three}), floats({3}, {41, 52, 63}));
    EXPECT_EQ(output({"MatMul"}, {floats({2}, {3, 4}), floats({2}, {3, 4})}), floats({}, {25}));
    // Batches are broadcast: (2, 1) and (2) of them.
    EXPECT_EQ(output({"MatMul"}, {floats({2, 1, 1, 1}, {2, 3}), floats({2, 1, 1}, {5, 7})}),
              floats({2, 2, 1, 1}, {10, 14, 15, 21}));
    EXPECT_EQ(output({"MatMul"}, {floats({1, 0}, {}), floats({0, 2}, {})}), floats({1, 2}, {0, 0}));
}

TEST(OnnxMatMul, RoundsASumOnceAndWrapsIntegers) {
    // 1 + 2^-24 + 2^-24: the small ones count together.
    EXPECT_EQ(output({"MatMul"}, {floats({3}, {1, 0x1p-24F, 0x1p-24F}), floats({3}, {1, 1, 1})}),
              floats({}, {0x1.000002p0F}));
    EXPECT_EQ(output({"MatMul"}, {codes(binary16, {2}, {0x6800, 0x3C00}), codes(binary16, {2}, {0x3C00, 0x3C00})}),
              codes(binary16, {}, {0x6800}));  // 2048 + 1
    EXPECT_EQ(output({"MatMul"}, {integers(i32, {2}, {1 << 30, 1}), integers(i32, {2}, {4, -3})}),
              integers(i32, {}, {-3}));
}

TEST(OnnxGemm, ScalesTransposesAndBroadcasts) {
    const Tensor a = floats({2, 2}, {1, 2, 3, 4}), b = floats({2, 2}, {1, 10, 100, 1000});
    EXPECT_EQ(output({"Gemm"}, {a, b}), floats({2, 2}, {201, 2010, 403, 4030}));
    EXPECT_EQ(output({"Gemm", {{"transA", std::int64_t{1}}}}, {a, b}), floats({2, 2}, {301, 3010, 402, 4020}));
    EXPECT_EQ(output({"Gemm", {{"transB", std::int64_t{1}}}}, {a, b}), floats({2, 2}, {21, 2100, 43, 4300}));
    EXPECT_EQ(output({"Gemm", {{"alpha", 0.5F}, {"beta", 2.0F}}}, {a, b, floats({2}, {1, 2})}),
              floats({2, 2}, {102.5F, 1009, 203.5F, 2019}));
    EXPECT_EQ(output({"Gemm"}, {a, b, floats({2, 1}, {1, 2})}), floats({2, 2}, {202, 2011, 405, 4032}));
    EXPECT_EQ(output({"Gemm"}, {a, b, floats({}, {1})}), floats({2, 2}, {202, 2011, 404, 4031}));
    EXPECT_EQ(output({"Gemm", {{"transA", std::int64_t{1}}}},
                     {floats({3, 1}, {1, 2, 3}), floats({3, 2}, {1, 4, 2, 5, 3, 6})}),
              floats({1, 2}, {14, 32}));
    EXPECT_EQ(output({"Gemm", {{"alpha", -2.0F}}}, {integers(i32, {1, 1}, {3}), integers(i32, {1, 1}, {5})}),
              integers(i32, {1, 1}, {-30}));
}

TEST(OnnxSum, AddsAndBroadcasts) {
    EXPECT_EQ(output({"Sum"}, {floats({2}, {1, 2}), floats({2, 1}, {10, 20}), floats({}, {100})}),
              floats({2, 2}, {111, 112, 121, 122}));
    EXPECT_EQ(output({"Sum"}, {floats({2}, {1, -2})}), floats({2}, {1, -2}));
}

TEST(OnnxReduceSum, TakesAxesFromInputAndAttribute) {
    const auto axes = [](const List& numbers) { return integers(i64, {numbers.size()}, numbers); };
    const std::map<std::string, Attribute> drop = {{"keepdims", std::int64_t{0}}};
    EXPECT_EQ(output({"ReduceSum"}, {two_by_three, axes({0})}), floats({1, 3}, {5, 7, 9}));
    EXPECT_EQ(output({"ReduceSum", drop}, {two_by_three, axes({-1})}), floats({2}, {6, 15}));
    EXPECT_EQ(output({"ReduceSum"}, {two_by_three}), floats({1, 1}, {21}));
    EXPECT_EQ(output({"ReduceSum", drop}, {two_by_three, axes({})}), floats({}, {21}));
    EXPECT_EQ(output({"ReduceSum", {{"noop_with_empty_axes", std::int64_t{1}}}}, {two_by_three, axes({})}),
              two_by_three);
    EXPECT_EQ(output({"ReduceSum", {{"axes", List{1}}}, 11}, {two_by_three}), floats({2, 1}, {6, 15}));
    EXPECT_EQ(output({"ReduceSum"}, {floats({2, 0}, {}), axes({1})}), floats({2, 1}, {0, 0}));
    // The middle axis of three: 1 + 3, 2 + 4, 5 + 7, 6 + 8.
    EXPECT_EQ(output({"ReduceSum"}, {floats({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), axes({1})}),
              floats({2, 1, 2}, {4, 6, 12, 14}));
    EXPECT_EQ(output({"ReduceSum"}, {integers(i32, {3}, {2147483647, 1, 1})}), integers(i32, {1}, {-2147483647}));
}

TEST(OnnxRelu, KeepsWhatIsPositive) {
    EXPECT_EQ(output({"Relu"}, {floats({4}, {-1, 0, 2, INFINITY})}), floats({4}, {0, 0, 2, INFINITY}));
    EXPECT_EQ(output({"Relu"}, {integers(i8, {2}, {-128, 127})}), integers(i8, {2}, {0, 127}));
}

TEST(OnnxSoftmax, NormalisesAnAxisOrAllFromItOn) {
    // Equal numbers share 1, and 1000 less than another is nothing.
    const Tensor x = floats({2, 2, 2}, {0, 0, 0, 0, 1000, 0, 1000, 0});
    EXPECT_EQ(output({"Softmax"}, {x}), floats({2, 2, 2}, {.5F, .5F, .5F, .5F, 1, 0, 1, 0}));
    EXPECT_EQ(output({"Softmax", {{"axis", std::int64_t{1}}}}, {x}),
              floats({2, 2, 2}, {.5F, .5F, .5F, .5F, .5F, .5F, .5F, .5F}));
    EXPECT_EQ(output({"Softmax", {{"axis", std::int64_t{0}}}}, {floats({2, 2}, {0, 9000, 0, 0})}),
              floats({2, 2}, {.5F, 1, .5F, 0}));
    EXPECT_EQ(output({"Softmax", {}, 11}, {x}), floats({2, 2, 2}, {.25F, .25F, .25F, .25F, .5F, 0, .5F, 0}));
}

Tensor one(float number) { return floats({1}, {number}); }

OneNode training(const char* op, std::map<std::string, Attribute> attributes, std::size_t outputs) {
    return {op, std::move(attributes), 1, "ai.onnx.preview.training", outputs};
}

TEST(OnnxAdagrad, StepsAsItsPseudoCode) {
    const auto step = [](std::map<std::string, Attribute> attributes, std::int64_t t, float g, float h) {
        attributes["epsilon"] = 0.0F;
        return outputs(training("Adagrad", std::move(attributes), 2),
                       {one(1), integers(i64, {}, {t}), one(2), one(g), one(h)});
    };
    // H = 7 + 9 = 16: 2 - 3/4. At T = 2 the rate is 1/2. With norm 1/2 the gradient is 1 + 3, and 2 - 4/4.
    EXPECT_EQ(step({}, 0, 3, 7), (std::vector{one(1.25F), one(16)}));
    EXPECT_EQ(step({{"decay_factor", 0.5F}}, 2, 3, 7), (std::vector{one(1.625F), one(16)}));
    EXPECT_EQ(step({{"norm_coefficient", 0.5F}}, 0, 3, 0), (std::vector{one(1), one(16)}));
    EXPECT_EQ(
        outputs(training("Adagrad", {{"epsilon", 1.0F}}, 1), {one(1), integers(i64, {}, {0}), one(2), one(3), one(0)}),
        (std::vector{one(1.25F)}));  // 2 - 3 / (3 + 1)
}

TEST(OnnxAdam, StepsAsItsPseudoCode) {
    const auto step = [](std::map<std::string, Attribute> attributes, std::int64_t t, const std::vector<float>& xgvh) {
        attributes["alpha"] = 0.5F;
        return outputs(training("Adam", std::move(attributes), 3),
                       {one(2), integers(i64, {}, {t}), one(xgvh[0]), one(xgvh[1]), one(xgvh[2]), one(xgvh[3])});
    };
    // V = (1 + 3)/2 = 2, H = (3 * 9 + 9)/4 = 9: 2 - 2 * 2 / (3 + 1); half of that after it.
    const std::map<std::string, Attribute> quarter = {{"beta", 0.75F}, {"epsilon", 1.0F}};
    EXPECT_EQ(step(quarter, 0, {2, 3, 1, 9}), (std::vector{one(1), one(2), one(9)}));
    EXPECT_EQ(step({{"beta", 0.75F}, {"epsilon", 1.0F}, {"norm_coefficient_post", 0.5F}}, 0, {2, 3, 1, 9}),
              (std::vector{one(0.5F), one(2), one(9)}));
    // The gradient is 2/2 + 2 = 3.
    EXPECT_EQ(step({{"beta", 0.75F}, {"epsilon", 1.0F}, {"norm_coefficient", 0.5F}}, 0, {2, 2, 1, 9}),
              (std::vector{one(1), one(2), one(9)}));
    // At T = 1 the rate is 2 sqrt(1/16) / (1/2) = 1; V = (4 + 4)/2, H = (15 * 16 + 16)/16: 8 - 4/4.
    EXPECT_EQ(step({{"beta", 0.9375F}, {"epsilon", 0.0F}}, 1, {8, 4, 4, 16}), (std::vector{one(7), one(4), one(16)}));
}

TEST(OnnxMomentum, StepsAsItsPseudoCodeForEachWeight) {
    const auto step = [](const char* mode, std::int64_t t) {
        return outputs(
            training("Momentum",
                     {{"alpha", 0.5F}, {"beta", 0.25F}, {"norm_coefficient", 0.0F}, {"mode", std::string(mode)}}, 4),
            {one(0.5F), integers(i64, {}, {t}), one(2), one(8), one(3), one(16), one(4), one(0)});
    };
    // V = 4/2 + 3 = 5 and 0 + 16; from the second step on the gradient counts a quarter.
    EXPECT_EQ(step("standard", 0), (std::vector{one(-0.5F), one(0), one(5), one(16)}));
    EXPECT_EQ(step("standard", 1), (std::vector{one(0.625F), one(6), one(2.75F), one(4)}));
    EXPECT_EQ(step("nesterov", 0), (std::vector{one(-0.75F), one(-4), one(5), one(16)}));
}

/// What is thrown: of its kind, and the text.
template <class Action>
std::string refusal(Action action) {
    try {
        action();
    } catch (const InputError& error) {
        return std::string("input: ") + error.what();
    } catch (const Unsupported& unsupported) {
        return std::string("unsupported: ") + unsupported.what();
    }
    return "none";
}

TEST(OnnxGraph, RunsNodeAfterNode) {
    const Graph graph{.nodes = {{"MatMul", "", {"x", "w"}, {"product"}, {}}, {"Relu", "", {"product"}, {"y"}, {}}},
                      .initializers = {{"w", floats({2}, {1, -1})}},
                      .inputs = {"x", "w"},
                      .outputs = {"y", "product"},
                      .opsets = {{"", 25}}};
    const Tensor x = floats({2, 2}, {5, 3, 3, 5});
    const std::vector<Output> y = run(graph, {x});
    EXPECT_EQ(y[0].tensor, floats({2}, {2, 0}));
    EXPECT_EQ(y[1].tensor, floats({2}, {2, -2}));
    EXPECT_EQ(run(graph, {x, floats({2}, {1, 1})})[1].tensor, floats({2}, {8, 8}));  // instead of the initializer
    EXPECT_EQ(refusal([&] { (void)run(graph, {}); }), "input: expected 1 inputs, found 0");
    Graph backwards = graph;
    std::swap(backwards.nodes[0], backwards.nodes[1]);
    EXPECT_EQ(refusal([&] { (void)run(backwards, {x}); }),
              "input: node 0, Relu: expected a tensor \"product\", found none");
}

TEST(OnnxGraph, SaysWhatIsUnsupported) {
    const Tensor x = floats({1}, {1});
    const auto says = [&](const OneNode& node, const std::vector<Tensor>& inputs) {
        return refusal([&] { (void)outputs(node, inputs); });
    };
    EXPECT_EQ(says({"Celu"}, {x}), "unsupported: operator \"Celu\"");
    EXPECT_EQ(says({"Relu", {}, 25, "my.own"}, {x}), "unsupported: operator \"my.own.Relu\"");
    EXPECT_EQ(says({"Relu", {{"slope", 1.0F}}}, {x}), "unsupported: attribute \"slope\" of Relu");
    EXPECT_EQ(says({"Cast", {{"to", std::int64_t{8}}}}, {x}), "unsupported: node 0, Cast: elements of data type 8");
    EXPECT_EQ(says({"CastLike", {}, 14}, {x, x}), "input: expected version 15 of ONNX for CastLike, found 14");
    EXPECT_THAT(says({"MatMulInteger"}, {x, x}), StartsWith("unsupported: "));
    EXPECT_THAT(says({"Softmax"}, {integers(i8, {1}, {1})}), StartsWith("unsupported: "));
}

TEST(OnnxGraph, SaysWhatIsForbidden) {
    const Tensor x = floats({2, 3}, {1, 2, 3, 4, 5, 6}), bytes = integers(u8, {1, 1, 2}, {1, 2});
    const auto says = [&](const OneNode& node, const std::vector<Tensor>& inputs) {
        return refusal([&] { (void)outputs(node, inputs); });
    };
    EXPECT_EQ(says({"Cast"}, {x}), "input: node 0, Cast: attribute to: expected a data type, found none");
    EXPECT_EQ(says({"Cast", {{"to", 1.0F}}}, {x}),
              "input: node 0, Cast: attribute to: expected an integer, found another kind");
    EXPECT_EQ(says({"MatMul"}, {x, x}),
              "input: node 0, MatMul: expected as many columns of A as rows of B, found shapes (2, 3) and (2, 3)");
    EXPECT_EQ(says({"MatMul"}, {x}), "input: node 0, MatMul: input 1: expected a tensor, found none");
    EXPECT_EQ(says({"Relu", {}, 25, "", 2}, {x}), "input: node 0, Relu: expected at most 1 outputs, found 2");
    EXPECT_EQ(says({"Softmax"}, {floats({}, {1})}),
              "input: node 0, Softmax: expected a tensor that has an axis, found a scalar");
    EXPECT_EQ(says({"Sum"}, {x, floats({2}, {1, 2})}),
              "input: node 0, Sum: expected shapes that can be broadcast, found (2, 3) and (2,)");
    EXPECT_EQ(says({"QuantizeLinear"}, {x, floats({2}, {1, 2})}),
              "input: node 0, QuantizeLinear: expected a scale of shape (3,), found (2,)");
    EXPECT_EQ(says({"QuantizeLinear", {{"block_size", std::int64_t{-3}}}}, {floats({2}, {1, 2}), floats({}, {1})}),
              "input: node 0, QuantizeLinear: attribute block_size: expected no negative number, found -3");
    EXPECT_EQ(says({"QuantizeLinear", {{"axis", std::int64_t{2}}}}, {x, floats({2}, {1, 2})}),
              "input: node 0, QuantizeLinear: expected an axis in [-2, 1], found 2");
    EXPECT_EQ(
        says({"QuantizeLinear", {{"output_dtype", std::int64_t{3}}}}, {x, floats({}, {1}), integers(u8, {}, {0})}),
        "input: node 0, QuantizeLinear: attribute output_dtype: expected UINT8 as the zero point, found INT8");
    EXPECT_EQ(says({"DequantizeLinear"}, {bytes, floats({}, {1}), integers(i8, {}, {0})}),
              "input: node 0, DequantizeLinear: expected a zero point of UINT8, found INT8");
    EXPECT_EQ(says({"ConvInteger", {{"strides", List{0}}}}, {bytes, bytes}),
              "input: node 0, ConvInteger: attribute strides: expected numbers in [1, 1073741824], found 0");
    EXPECT_EQ(says({"ConvInteger"}, {bytes, integers(u8, {1, 1, 3}, {1, 2, 3})}),
              "input: node 0, ConvInteger: expected a kernel that fits the padded input, found 3 on 2 along axis 2");
    EXPECT_EQ(
        says({"ConvInteger", {{"group", std::int64_t{0}}}}, {bytes, bytes}),
        "input: node 0, ConvInteger: expected 0 groups to divide the channels, found shapes (1, 1, 2) and (1, 1, 2)");
}

/// The most inputs by Operators.md.
TEST(OnnxGraph, RefusesMoreInputsThanAnOperatorHas) {
    const Tensor x = floats({1}, {1});
    const std::map<std::string, std::size_t> most = {{"Cast", 1},
                                                     {"CastLike", 2},
                                                     {"ConvInteger", 4},
                                                     {"DequantizeLinear", 3},
                                                     {"DynamicQuantizeLinear", 1},
                                                     {"Gemm", 3},
                                                     {"MatMul", 2},
                                                     {"MatMulInteger", 4},
                                                     {"QLinearConv", 9},
                                                     {"QLinearMatMul", 8},
                                                     {"QuantizeLinear", 3},
                                                     {"ReduceSum", 2},
                                                     {"Relu", 1},
                                                     {"Softmax", 1}};
    for (const auto& [op, count] : most) {
        const std::string one_more =
            refusal([&, &op = op, count = count] { (void)outputs({op}, std::vector(count + 1, x)); });
        EXPECT_EQ(one_more, "input: node 0, " + op + ": expected at most " + std::to_string(count) + " inputs, found " +
                                std::to_string(count + 1));
        const std::string all = refusal([&, &op = op, count = count] { (void)outputs({op}, std::vector(count, x)); });
        EXPECT_EQ(all.find("inputs, found"), std::string::npos) << op << ": " << all;
    }
    EXPECT_EQ(refusal([&] {
                  (void)outputs({"ReduceSum", {}, 11}, {x, x});
              }),
              "input: node 0, ReduceSum: expected 1 input before version 13, found 2");
    EXPECT_EQ(output({"Sum"}, std::vector(20, x)), floats({1}, {20}));
}

TEST(OnnxGraph, TakesNoMemoryForShapesThatNobodyHas) {
    const std::size_t many = std::size_t{1} << 40;
    const Tensor tall = floats({many, 0}, {}), wide = floats({0, many}, {});
    const auto says = [&](const OneNode& node, const std::vector<Tensor>& inputs) {
        return refusal([&] { (void)outputs(node, inputs); });
    };
    const char* refused = "elements, more than 67108864";
    EXPECT_EQ(says({"MatMul"}, {tall, wide}),
              "unsupported: node 0, MatMul: a result of shape (1099511627776, 1099511627776): more than 2^64 elements");
    EXPECT_THAT(says({"ReduceSum"}, {tall, integers(i64, {1}, {1})}), HasSubstr(refused));
    EXPECT_THAT(says({"ConvInteger", {{"pads", List{1 << 30, 0}}}},
                     {integers(u8, {1, 1, 1}, {1}), integers(u8, {1, 1, 1}, {1})}),
                HasSubstr(refused));
    // Nor time: 2^17 results of 2^17 products each, nearly all of them with what is outside.
    const std::size_t taps = std::size_t{1} << 17;
    EXPECT_THAT(says({"ConvInteger", {{"pads", List{1 << 17, 1 << 17}}}},
                     {integers(u8, {1, 1, 1}, {1}), integers(u8, {1, 1, taps}, std::vector<std::int64_t>(taps, 1))}),
                HasSubstr("products of a convolution"));
    // Empty results of such shapes are done at once.
    EXPECT_EQ(output({"Sum"}, {tall, tall}), tall);
    EXPECT_EQ(output({"MatMul"}, {floats({many, 1, 0}, {}), floats({0, 0}, {})}), floats({many, 1, 0}, {}));
    const Tensor no_images = integers(u8, {0, many, 1}, {});
    EXPECT_EQ(output({"ConvInteger", {{"pads", List{1 << 30, 0}}}}, {no_images, no_images}),
              integers(i32, {0, 0, (1 << 30) + 1}, {}));
}

/// Each name of a graph in turn: Sum of `terms` times the one before, from "x" on.
Graph chain_of_sums(std::size_t length, std::size_t terms) {
    Graph graph{.nodes = {}, .initializers = {}, .inputs = {"x"}, .outputs = {}, .opsets = {{"", 25}}};
    std::string last = "x";
    for (std::size_t i = 0; i < length; ++i) {
        const std::string next = "y" + std::to_string(i);
        graph.nodes.push_back({"Sum", "", std::vector(terms, last), {next}, {}});
        last = next;
    }
    graph.outputs = {last};
    return graph;
}

/// Each value has 4 elements.
TEST(OnnxGraph, KeepsOnlyWhatIsStillToBeRead) {
    const Tensor x = floats({4}, {1, 2, 3, 4});
    const auto says = [&](const Graph& graph, std::uint64_t room) {
        return refusal([&] { (void)run(graph, {x}, room); });
    };
    Graph graph = chain_of_sums(17, 1);
    EXPECT_EQ(run(graph, {x}, 4)[0].tensor, x);
    EXPECT_EQ(says(graph, 3), "unsupported: all values together: 4 elements, more than 3");
    // All of them are read once more at the end.
    Node all{"Sum", "", {}, {"all"}, {}};
    for (const Node& node : graph.nodes) all.inputs.push_back(node.outputs[0]);
    graph.nodes.push_back(all);
    EXPECT_EQ(says(graph, 67), "unsupported: node 16, Sum: all values together: 68 elements, more than 67");
    graph.outputs = {"all"};
    EXPECT_EQ(run(graph, {x}, 68)[0].tensor, floats({4}, {17, 34, 51, 68}));
    // A name that is read twice at once; results that nobody reads, and such as the graph returns.
    EXPECT_EQ(says(chain_of_sums(1, 3), 11),
              "unsupported: node 0, Sum: all inputs together: 12 elements, more than 11");
    EXPECT_EQ(run(chain_of_sums(2, 3), {x}, 12)[0].tensor, floats({4}, {9, 18, 27, 36}));
    graph = chain_of_sums(1, 1);
    for (const char* name : {"a", "b"}) graph.nodes.push_back({"Relu", "", {"y0"}, {name}, {}});
    EXPECT_EQ(says(graph, 4), "none");
    graph.outputs = {"y0", "a", "b"};
    EXPECT_EQ(says(graph, 11), "unsupported: node 2, Relu: all values together: 12 elements, more than 11");
    EXPECT_EQ(says(graph, 12), "none");
}

TEST(OnnxGraph, BoundsWhatSmallInputsBecome) {
    const Tensor row = floats({1, 2048}, std::vector<float>(2048)),
                 column = floats({2048, 1}, std::vector<float>(2048));
    std::vector<Tensor> operands(17, row);
    operands.push_back(column);
    EXPECT_EQ(refusal([&] { (void)outputs({"Sum"}, operands); }),
              "unsupported: node 0, Sum: all operands, broadcast: 75497472 elements, more than 67108864");
    Graph twice = chain_of_sums(1, 1);
    twice.outputs.emplace_back("y0");
    EXPECT_EQ(refusal([&] { (void)run(twice, {row}); }), "input: expected outputs of different names, found one twice");
}

TEST(OnnxDifference, IsExactForIntegersAndCloseForFloats) {
    const Tensor whole = integers(u8, {2, 2}, {1, 2, 3, 4});
    EXPECT_EQ(first_difference(whole, whole, false), std::nullopt);
    EXPECT_EQ(first_difference(whole, integers(u8, {2, 2}, {1, 2, 5, 5}), false), "[1, 0]: expected 3, got 5");
    EXPECT_EQ(first_difference(whole, integers(u8, {4}, {1, 2, 3, 4}), false),
              ": expected UINT8 of shape (2, 2), got UINT8 of shape (4,)");
    EXPECT_EQ(first_difference(whole, integers(i8, {2, 2}, {1, 2, 3, 4}), false),
              ": expected UINT8 of shape (2, 2), got INT8 of shape (2, 2)");
    const Tensor x = floats({1}, {1000});
    EXPECT_EQ(first_difference(x, floats({1}, {1000.875F}), false), std::nullopt);
    EXPECT_EQ(first_difference(x, floats({1}, {1001.125F}), false),
              "[0]: expected 1000 (0x447a0000), got 1001.125 (0x447a4800), 18432 ulps");
    EXPECT_EQ(first_difference(x, floats({1}, {0x1.f40002p9F}), true),
              "[0]: expected 1000 (0x447a0000), got 1000.00006 (0x447a0001), 1 ulps");
    EXPECT_EQ(first_difference(floats({1}, {NAN}), codes(binary32, {1}, {0xFFC00001}), true), std::nullopt);
    EXPECT_NE(first_difference(floats({1}, {NAN}), x, false), std::nullopt);
    EXPECT_NE(first_difference(floats({1}, {INFINITY}), x, false), std::nullopt);
    EXPECT_NE(first_difference(x, floats({1}, {INFINITY}), false), std::nullopt);
    EXPECT_EQ(first_difference(floats({1}, {0}), floats({1}, {-0.0F}), false), std::nullopt);
    EXPECT_NE(first_difference(floats({1}, {0}), floats({1}, {-0.0F}), true), std::nullopt);
    // Two ulps of bfloat16: 2^-6.
    EXPECT_EQ(first_difference(codes(bfloat16, {1}, {0x3F80}), codes(bfloat16, {1}, {0x3F82}), false), std::nullopt);
    EXPECT_NE(first_difference(codes(bfloat16, {1}, {0x3F80}), codes(bfloat16, {1}, {0x3F83}), false), std::nullopt);
}

}  // namespace
}  // namespace halfulp::onnx
