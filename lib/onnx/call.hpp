#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/onnx/graph.hpp>

namespace halfulp::onnx {

/// A node with the tensors that it is called on. What is missing or of the wrong kind throws InputError.
struct Call {
    const Node& node;
    std::int64_t opset;                 ///< of the node's domain
    std::vector<const Tensor*> inputs;  ///< null: not given

    /// Null if it is not given.
    const Tensor* optional(std::size_t i) const { return i < inputs.size() ? inputs[i] : nullptr; }
    const Tensor& input(std::size_t i) const;

    // Attributes, or what they are by default.
    std::int64_t integer(const std::string& name, std::int64_t otherwise) const;
    float number(const std::string& name, float otherwise) const;
    std::string text(const std::string& name, std::string_view otherwise) const;
    std::vector<std::int64_t> integers(const std::string& name, const std::vector<std::int64_t>& otherwise) const;
    bool has(const std::string& name) const { return node.attributes.count(name) > 0; }
};

}  // namespace halfulp::onnx
