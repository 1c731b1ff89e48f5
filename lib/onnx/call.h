#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/onnx/graph.hpp>

namespace halfulp::onnx {

/// A node with the tensors that it is called on. What is missing or of the wrong kind throws InputError.
struct Call {
    const Node& node;                   ///< with its attributes
    std::int64_t opset;                 ///< of the node's domain
    std::vector<const Tensor*> inputs;  ///< null: not given

    /// Null if it is not given.
    const Tensor* optional(std::size_t i) const { return i < inputs.size() ? inputs[i] : nullptr; }
    const Tensor& input(std::size_t i) const;  ///< Throws InputError unless it is there.

    // Attributes, or what they are by default.
    /// The attribute of that name or, without it, the other value; so do those below.
    std::int64_t integer(const std::string& name, std::int64_t otherwise) const;
    float number(const std::string& name, float otherwise) const;                 ///< of floating point
    std::string text(const std::string& name, std::string_view otherwise) const;  ///< of characters
    /// A list of integers.
    std::vector<std::int64_t> integers(const std::string& name, const std::vector<std::int64_t>& otherwise) const;
    /// Is there an attribute of that name?
    bool has(const std::string& name) const { return node.attributes.count(name) > 0; }
};

}  // namespace halfulp::onnx
