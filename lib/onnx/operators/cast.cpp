#include <fmt/format.h>

#include <array>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/cast.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp::onnx {
namespace {

/// Of round_mode, by the standard's words: ONNX's "up" is away from zero; its "nearest" has ties away from zero.
constexpr std::array scale_roundings = {
    Named<Rounding>{"up", Rounding::AwayFromZero, {}},
    Named<Rounding>{"down", Rounding::TowardZero, {}},
    Named<Rounding>{"nearest", Rounding::NearestAway, {}},
};

/// To FLOAT8E8M0, as the table in the specification of Cast says. What it leaves open: negative numbers become NaN, -0
/// what +0 becomes, and it calls nearest without saturation what is done here without saturation in every rounding.
std::uint64_t scale_code(const Exact& x, const CastRules& rules) {
    const bool below = x.is_zero() || (x.kind == Kind::Finite && x.top() < e8m0.emin());
    if (below && !rules.saturate) return e8m0.nan_code();
    return round_pack(e8m0, x,
                      {.rounding = rules.scale_rounding,
                       .overflow = rules.saturate ? Overflow::Saturate : Overflow::ToInfinity})
        .code;
}

std::uint64_t float_code(const Format& to, const Exact& x, const CastRules& rules) {
    if (to == e8m0) return scale_code(x, rules);
    // Types without NaN: the node tests and ml_dtypes have -0 for it.
    if (x.kind == Kind::NaN && !to.has_nan()) return to.sign_bit();
    const bool saturates = rules.saturate && to.width == 8;
    return round_pack(to, x, {.overflow = saturates ? Overflow::Saturate : Overflow::ByRounding}).code;
}

std::vector<Tensor> cast_to(const Call& call, const ElementType& to) {
    const std::string mode = call.text("round_mode", "up");
    const auto rounding = find_by_name(scale_roundings, mode);
    if (!rounding) throw InputError("attribute round_mode: expected up, down or nearest, found " + shown(mode));
    const CastRules rules{.saturate = call.integer("saturate", 1) != 0, .scale_rounding = rounding->value};
    const Tensor& x = call.input(0);
    Tensor y{.shape = x.shape, .type = to, .codes = {}};
    y.codes.reserve(x.codes.size());
    for (const std::uint64_t code : x.codes) y.codes.push_back(cast_code(to, exact_of(x.type, code), rules));
    return {y};
}

/// The attribute `to`, which was a name once.
const DataType& target(const Call& call) {
    if (!call.has("to")) throw InputError("attribute to: expected a data type, found none");
    if (call.opset >= 6) return data_type(call.integer("to", 0));
    const std::string name = call.text("to", "");
    if (const DataType* row = find_data_type([&](const DataType& type) { return type.name == name; })) return *row;
    throw Unsupported("a cast to " + shown(name));
}

}  // namespace

std::uint64_t cast_code(const ElementType& to, const Exact& x, const CastRules& rules) {
    if (const auto* format = std::get_if<Format>(&to)) return float_code(*format, x, rules);
    if (to == ElementType(boolean)) return x.is_zero() ? 0 : 1;
    // Out of range is undefined for floats; the node tests have for them, too, what is said of integers.
    return to_integer(std::get<IntegerType>(to), x, {.rounding = Rounding::TowardZero}, OutOfRange::Wrap).code;
}

std::vector<Tensor> cast(const Call& call) { return cast_to(call, target(call).element); }

std::vector<Tensor> cast_like(const Call& call) { return cast_to(call, call.input(1).type); }

}  // namespace halfulp::onnx
