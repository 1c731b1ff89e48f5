#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/exact.hpp>

// Elements of tensors as numbers.

namespace halfulp::onnx {

/// The value of a code, exactly.
Exact exact_of(const ElementType& type, std::uint64_t code);

/// The integer of a code; one of 64 unsigned bits modulo 2^64.
std::int64_t integer_of(const IntegerType& type, std::uint64_t code);

/// All elements of a tensor. Throws Unsupported, naming what it is, unless they are integers.
std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& what);

/// The format of a tensor's elements. Throws Unsupported, naming what it is, unless they are floats.
const Format& format_of(const Tensor& tensor, const std::string& what);

/// All elements in binary64: exact but for integers beyond 2^53.
std::vector<double> doubles_of(const Tensor& tensor);

/// A number in a format, rounded once.
std::uint64_t code_of(const Format& format, double number);

/// An element for a message: "0.5 (0x3800)", "-3".
std::string element_text(const ElementType& type, std::uint64_t code);

}  // namespace halfulp::onnx
