#include "train_onnx.hpp"

#include <bit>
#include <string>

#include <halfulp/lib/onnx/write.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace {

using namespace halfulp;

constexpr IntegerType int8{8, true};
constexpr std::int64_t opset = 20;  // the first with Gelu

Tensor floats(std::vector<std::size_t> shape, const train::Numbers& numbers) {
    Tensor tensor{std::move(shape), binary32, {}};
    for (const float x : numbers) tensor.codes.push_back(std::bit_cast<std::uint32_t>(x));
    return tensor;
}

std::uint64_t byte(std::int32_t code) { return static_cast<std::uint8_t>(code); }

Tensor bytes(std::vector<std::size_t> shape, const std::vector<std::int8_t>& codes) {
    Tensor tensor{std::move(shape), int8, {}};
    for (const std::int8_t code : codes) tensor.codes.push_back(byte(code));
    return tensor;
}

std::string operator_of(train::Activation activation) {
    return activation == train::Activation::Relu ? "Relu" : activation == train::Activation::Tanh ? "Tanh" : "Gelu";
}

/// Nodes one after another, each with an output of its own.
class Builder {
  public:
    /// The name of what the node leaves.
    std::string add(const std::string& op, std::vector<std::string> inputs) {
        const std::string output = op + std::to_string(graph.nodes.size());
        graph.nodes.push_back({op, "", std::move(inputs), {output}, {}});
        return output;
    }
    std::string constant(const std::string& name, Tensor tensor) {
        graph.initializers[name] = std::move(tensor);
        return name;
    }
    onnx::Graph graph;
};

std::string add_layer(Builder& b, const train::DeployedLayer& layer, const std::string& x, const std::string& prefix) {
    const train::Codes& input = layer.input;
    const float unit = input.scale * layer.weights.scale;
    const std::string zero = b.constant(prefix + "zero_point", {{}, int8, {byte(input.zero_point)}});
    const std::string codes =
        b.add("QuantizeLinear", {x, b.constant(prefix + "scale", floats({}, {input.scale})), zero});
    const std::string weights = b.constant(prefix + "weight", bytes({layer.inputs, layer.outputs}, layer.weight_codes));
    const std::string sums = b.add("MatMulInteger", {codes, weights, zero});
    const std::string products = b.add("DequantizeLinear", {sums, b.constant(prefix + "unit", floats({}, {unit}))});
    return b.add("Sum", {products, b.constant(prefix + "bias", floats({layer.outputs}, layer.bias))});
}

}  // namespace

void write_onnx(const std::filesystem::path& path, const train::Deployed& network) {
    Builder b;
    b.graph.inputs = {"x"};
    b.graph.opsets = {{"", opset}};
    std::string now = "x";
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
        if (l > 0) now = b.add(operator_of(network.activation), {now});
        now = add_layer(b, network.layers[l], now, "layer" + std::to_string(l) + ".");
    }
    b.graph.outputs = {now};
    onnx::write_model(
        path, b.graph,
        {{"x", {binary32, {0, network.layers.front().inputs}}}, {now, {binary32, {0, network.layers.back().outputs}}}});
}
