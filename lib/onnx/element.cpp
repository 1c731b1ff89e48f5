#include <halfulp/lib/onnx/element.h>

#include <fmt/format.h>

#include <bit>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/graph.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/print.hpp>

namespace halfulp::onnx {

Exact exact_of(const ElementType& type, std::uint64_t code) {
    if (const auto* format = std::get_if<Format>(&type)) return decode(*format, code);
    return exact(std::get<IntegerType>(type), code);
}

std::int64_t integer_of(const IntegerType& type, std::uint64_t code) {
    const bool negative = type.is_signed && code > type.greatest();
    return static_cast<std::int64_t>(negative ? code | ~type.code_mask() : code);
}

std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& what) {
    const auto* type = std::get_if<IntegerType>(&tensor.type);
    if (!type) throw Unsupported(fmt::format("{} of {}", what, type_name(tensor.type)));
    std::vector<std::int64_t> integers;
    integers.reserve(tensor.codes.size());
    for (const std::uint64_t code : tensor.codes) integers.push_back(integer_of(*type, code));
    return integers;
}

const Format& format_of(const Tensor& tensor, const std::string& what) {
    if (const auto* format = std::get_if<Format>(&tensor.type)) return *format;
    throw Unsupported(fmt::format("{} of {}", what, type_name(tensor.type)));
}

std::vector<double> doubles_of(const Tensor& tensor) {
    std::vector<double> numbers;
    numbers.reserve(tensor.codes.size());
    for (const std::uint64_t code : tensor.codes)
        numbers.push_back(std::bit_cast<double>(round_pack(binary64, exact_of(tensor.type, code)).code));
    return numbers;
}

std::uint64_t code_of(const Format& format, double number) {
    return convert(format, binary64, std::bit_cast<std::uint64_t>(number)).code;
}

std::string element_text(const ElementType& type, std::uint64_t code) {
    if (const auto* format = std::get_if<Format>(&type))
        return fmt::format("{} ({:#0{}x})", shortest_text(*format, code), code, 2 + (format->width + 3) / 4);
    return exact_text(exact(std::get<IntegerType>(type), code));
}

}  // namespace halfulp::onnx
