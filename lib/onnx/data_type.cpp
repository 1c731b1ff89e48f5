#include <halfulp/lib/onnx/data_type.h>

#include <fmt/format.h>

#include <halfulp/lib/onnx/graph.hpp>

namespace halfulp::onnx {

const DataType& data_type(std::int64_t number) {
    if (const DataType* row = find_data_type([&](const DataType& type) { return type.number == number; })) return *row;
    throw Unsupported(fmt::format("elements of data type {}", number));
}

std::string_view type_name(const ElementType& type) {
    const DataType* found = find_data_type([&](const DataType& row) { return row.element == type; });
    return found ? found->name : "a type unknown to ONNX";
}

}  // namespace halfulp::onnx
