#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <halfulp/lib/onnx/run.hpp>
#include <halfulp/softfloat/formats.hpp>

// Tensors written down, and graphs of one node.

namespace halfulp::onnx {

inline constexpr IntegerType u8{8, false}, i8{8, true}, i16{16, true}, u16{16, false}, i32{32, true}, i64{64, true};

inline Tensor integers(const IntegerType& type, std::vector<std::size_t> shape,
                       const std::vector<std::int64_t>& numbers) {
    Tensor tensor{std::move(shape), type, {}};
    for (const std::int64_t number : numbers)
        tensor.codes.push_back(static_cast<std::uint64_t>(number) & type.code_mask());
    return tensor;
}

inline Tensor floats(std::vector<std::size_t> shape, const std::vector<float>& numbers) {
    Tensor tensor{std::move(shape), binary32, {}};
    for (const float number : numbers) tensor.codes.push_back(std::bit_cast<std::uint32_t>(number));
    return tensor;
}

inline Tensor codes(const Format& format, std::vector<std::size_t> shape, std::vector<std::uint64_t> bits) {
    return {std::move(shape), format, std::move(bits)};
}

/// An optional input that is not given.
inline const Tensor none{{0}, binary32, {}};

struct OneNode {
    std::string op;
    std::map<std::string, Attribute> attributes = {};
    std::int64_t opset = 25;
    std::string domain = {};
    std::size_t outputs = 1;
};

/// The outputs of the one node on these inputs.
inline std::vector<Tensor> outputs(const OneNode& one, const std::vector<Tensor>& inputs) {
    Graph graph{
        .nodes = {{.op = one.op, .domain = one.domain, .inputs = {}, .outputs = {}, .attributes = one.attributes}},
        .initializers = {},
        .inputs = {},
        .outputs = {},
        .opsets = {{one.domain, one.opset}}};
    std::vector<Tensor> given;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const std::string name = inputs[i] == none ? "" : "x" + std::to_string(i);
        graph.nodes[0].inputs.push_back(name);
        if (name.empty()) continue;
        graph.inputs.push_back(name);
        given.push_back(inputs[i]);
    }
    for (std::size_t i = 0; i < one.outputs; ++i) graph.outputs.push_back("y" + std::to_string(i));
    graph.nodes[0].outputs = graph.outputs;
    std::vector<Tensor> results;
    for (Output& output : run(graph, given)) results.push_back(std::move(output.tensor));
    return results;
}

inline Tensor output(const OneNode& one, const std::vector<Tensor>& inputs) { return outputs(one, inputs).front(); }

}  // namespace halfulp::onnx
