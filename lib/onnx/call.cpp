#include <halfulp/lib/onnx/call.h>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::onnx {
namespace {

template <class T>
T value_of(const Node& node, const std::string& name, std::string_view kind, const T& otherwise) {
    const auto found = node.attributes.find(name);
    if (found == node.attributes.end()) return otherwise;
    if (const T* value = std::get_if<T>(&found->second)) return *value;
    throw InputError(fmt::format("attribute {}: expected {}, found another kind", name, kind));
}

}  // namespace

const Tensor& Call::input(std::size_t i) const {
    if (const Tensor* tensor = optional(i)) return *tensor;
    throw InputError(fmt::format("input {}: expected a tensor, found none", i));
}

std::int64_t Call::integer(const std::string& name, std::int64_t otherwise) const {
    return value_of(node, name, "an integer", otherwise);
}

float Call::number(const std::string& name, float otherwise) const {
    return value_of(node, name, "a float", otherwise);
}

std::string Call::text(const std::string& name, std::string_view otherwise) const {
    return value_of(node, name, "a string", std::string(otherwise));
}

std::vector<std::int64_t> Call::integers(const std::string& name, const std::vector<std::int64_t>& otherwise) const {
    return value_of(node, name, "a list of integers", otherwise);
}

}  // namespace halfulp::onnx
