#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>

// A model of ONNX as it is computed with: what of ModelProto has a part in that, and no protobuf.

namespace halfulp::onnx {

/// What is right by ONNX, and not computed by this library; what() says it in one line.
struct Unsupported : std::runtime_error {
    using runtime_error::runtime_error;
};

/// The value of an attribute; std::monostate: a kind that none of the operators here has.
using Attribute = std::variant<std::monostate, std::int64_t, float, std::string, std::vector<std::int64_t>>;

/// Names of tensors may be empty: an optional input that is not given, an output that nobody wants.
struct Node {
    std::string op, domain;                       ///< the operator and its domain, empty for ONNX's own
    std::vector<std::string> inputs, outputs;     ///< names of values; empty where an optional one is left out
    std::map<std::string, Attribute> attributes;  ///< by name
};

/// A model's computation.
struct Graph {
    std::vector<Node> nodes;                     ///< each after those whose outputs it takes
    std::map<std::string, Tensor> initializers;  ///< values that the file has, by name
    std::vector<std::string> inputs, outputs;    ///< names of values
    std::map<std::string, std::int64_t> opsets;  ///< the version of each domain; "" is ai.onnx
};

}  // namespace halfulp::onnx
