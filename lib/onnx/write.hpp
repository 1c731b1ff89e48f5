#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <halfulp/lib/onnx/graph.hpp>

namespace halfulp::onnx {

/// What runtimes want to know of an input or an output of a graph.
struct ValueType {
    ElementType element;             ///< of its elements
    std::vector<std::size_t> shape;  ///< 0: any size
};

/// Writes a model as a whole. Throws InputError if it cannot be written. Pre: `types` has all inputs and outputs; elements have
/// rows of data_types, of whole bytes; attributes have values.
void write_model(const std::filesystem::path& path, const Graph& graph, const std::map<std::string, ValueType>& types);

}  // namespace halfulp::onnx
