#include "numbers.hpp"

#include <fmt/format.h>

#include <bit>
#include <variant>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/round_pack.hpp>

using namespace halfulp;

namespace {

Exact value_of(const ElementType& type, std::uint64_t code) {
    if (const auto* format = std::get_if<Format>(&type)) return decode(*format, code);
    return exact(std::get<IntegerType>(type), code);
}

}  // namespace

Numbers read_numbers(const std::string& place) {
    const std::size_t kind = place.find(".safetensors#"),
                      mark = kind == std::string::npos ? kind : place.find('#', kind);
    const Tensor tensor = read_tensor(place.substr(0, mark),
                                      {.name = mark == std::string::npos ? "" : place.substr(mark + 1), .format = {}});
    if (tensor.codes.empty()) throw InputError(place + ": expected numbers, found none");
    Numbers read{tensor.shape, {}};
    // Its numbers are decimal, which no binary format holds.
    const bool is_decimal = std::string_view(place).ends_with(".mtx");
    read.numbers.reserve(tensor.codes.size());
    for (std::size_t i = 0; i < tensor.codes.size(); ++i) {
        const Exact value = value_of(tensor.type, tensor.codes[i]);
        if (value.kind == Kind::Inf || value.kind == Kind::NaN)
            throw InputError(fmt::format("{}: element {}: expected a finite number, found {}", place, i,
                                         value.kind == Kind::Inf ? "an infinity" : "a NaN"));
        const Rounded number = round_pack(binary32, value);
        const bool in_range = !number.status.overflow && !number.status.underflow;
        if (number.status.inexact && is_decimal && in_range)
            ++read.rounded;
        else if (number.status.inexact)
            throw InputError(fmt::format("{}: element {}: expected a number of fp32, found one of {} that is none",
                                         place, i, name_of(tensor.type)));
        read.numbers.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(number.code)));
    }
    return read;
}
