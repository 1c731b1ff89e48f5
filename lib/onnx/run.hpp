#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/onnx/graph.hpp>
#include <halfulp/lib/onnx/shape.hpp>

namespace halfulp::onnx {

/// Throws Unsupported, naming the first node that this library has not: its operator, or an attribute of it.
void expect_supported(const Graph& graph);

/// A value that a graph delivers.
struct Output {
    std::string name;     ///< as the graph has it
    Tensor tensor;        ///< its elements
    bool bits_are_fixed;  ///< by the specification of its operator; of integers they always are
};

/// The outputs of a graph, its nodes computed one after another. `inputs` are those of Graph::inputs that no initializer
/// gives, or all of them. A value is kept until it is read for the last time. Throws InputError, naming the node, for what the
/// specification forbids, and Unsupported, also where all values that are kept at a time have more elements than `room`.
std::vector<Output> run(const Graph& graph, const std::vector<Tensor>& inputs, std::uint64_t room = most_elements);

}  // namespace halfulp::onnx
