#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include <halfulp/lib/onnx/call.h>

namespace halfulp::onnx {

/// An operator of ONNX: what a node calls. Everything that versions of it differ in, its function asks of Call::opset.
struct Operator {
    std::string_view name;    ///< ONNX's
    std::string_view domain;  ///< "": ai.onnx
    std::int64_t since;       ///< the first version of the domain that has it
    std::size_t most_inputs;  ///< of any version
    /// The outputs, in their order. Throws InputError for what the specification forbids, and Unsupported.
    std::vector<Tensor> (*run)(const Call&);
    std::set<std::string_view> attributes;  ///< of any version, those without meaning among them
    bool fixes_bits = false;                ///< every bit of its floats is specified, signs of zeros too
};

/// The rows, by name of the operator.
const std::vector<Operator>& operators();

/// Null if this library has no such operator.
const Operator* find_operator(std::string_view domain, std::string_view name);

}  // namespace halfulp::onnx
