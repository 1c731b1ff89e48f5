#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/onnx/graph.hpp>

namespace halfulp::onnx {

/// Throws Unsupported, naming the first node that this library has not: its operator, or an attribute of it.
void expect_supported(const Graph& graph);

struct Output {
    std::string name;
    Tensor tensor;
    bool bits_are_fixed;  ///< by the specification of its operator; of integers they always are
};

/// The outputs of a graph, its nodes computed one after another. `inputs` are those of Graph::inputs that no initializer
/// gives, or all of them. Throws InputError, naming the node, for what the specification forbids, and Unsupported.
std::vector<Output> run(const Graph& graph, const std::vector<Tensor>& inputs);

}  // namespace halfulp::onnx
