#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

using enum Rounding;
using enum Overflow;

std::vector<Parameter> from_x_to_y(const Element& x, const Element& y) {
    return {in("x", x, of_n), out("y", y, of_n), size("n", Size::N)};
}

Kernel conversion(std::string_view name, std::string_view file, int target, const Conversion& what,
                  const Launch& launch = per_element) {
    return {name, file, target, what, launch, from_x_to_y(what.from, what.to)};
}

Kernel any_conversion(std::string_view name, const Format& to) {
    auto parameters = from_x_to_y(binary32, to);
    for (const Parameter& p : {value("rounding", u32), value("saturate", u32), value("seed", u64)})
        parameters.push_back(p);
    return {name, "soft_round", 75, AnyConversion{to}, per_element, parameters};
}

/// To f16 and back.
std::vector<Kernel> of_f16() {
    const Format f32 = binary32, f16 = binary16;
    return {
        conversion("f32_to_f16_rn", "convert_f16", 75, {f32, f16}),
        conversion("f32_to_f16_rz", "convert_f16", 75, {f32, f16, TowardZero}),
        conversion("f32_to_f16_rm", "convert_f16", 75, {f32, f16, Down}),
        conversion("f32_to_f16_rp", "convert_f16", 75, {f32, f16, Up}),
        conversion("f16_to_f32", "convert_f16", 75, {f16, f32}),
        conversion("f32_to_f16_rn_relu", "convert_f16_ampere", 80, {f32, f16, NearestEven, ByRounding, true}),
        conversion("f32_to_f16_rn_satfinite", "convert_f16_ampere", 80, {f32, f16, NearestEven, Saturate}),
        conversion("f32_to_f16_rz_satfinite", "convert_f16_ampere", 80, {f32, f16, TowardZero, Saturate}),
        conversion("f32_to_f16x2_rn", "convert_f16_ampere", 80, {f32, f16}, per_pair),
        conversion("f32_to_f16x2_rz", "convert_f16_ampere", 80, {f32, f16, TowardZero}, per_pair),
        conversion("f32_to_f16_rz_relu", "convert_f16_ampere", 80, {f32, f16, TowardZero, ByRounding, true}),
        conversion("f32_to_f16_rn_satfinite_relu", "convert_f16_ampere", 80, {f32, f16, NearestEven, Saturate, true}),
        conversion("f32_to_f16_rz_satfinite_relu", "convert_f16_ampere", 80, {f32, f16, TowardZero, Saturate, true}),
        conversion("f32_to_f16x2_rn_relu", "convert_f16_ampere", 80, {f32, f16, NearestEven, ByRounding, true},
                   per_pair),
        conversion("f32_to_f16x2_rz_relu", "convert_f16_ampere", 80, {f32, f16, TowardZero, ByRounding, true},
                   per_pair),
        conversion("f32_to_f16x2_rn_satfinite", "convert_f16_ampere", 80, {f32, f16, NearestEven, Saturate}, per_pair),
        conversion("f32_to_f16x2_rz_satfinite", "convert_f16_ampere", 80, {f32, f16, TowardZero, Saturate}, per_pair),
        conversion("f32_to_f16x2_rn_satfinite_relu", "convert_f16_ampere", 80, {f32, f16, NearestEven, Saturate, true},
                   per_pair),
        conversion("f32_to_f16x2_rz_satfinite_relu", "convert_f16_ampere", 80, {f32, f16, TowardZero, Saturate, true},
                   per_pair),
    };
}

/// To bf16 and back.
std::vector<Kernel> of_bf16() {
    const Format f32 = binary32, bf16 = bfloat16;
    return {
        conversion("f32_to_bf16_rn", "convert_bf16", 80, {f32, bf16}),
        conversion("f32_to_bf16_rz", "convert_bf16", 80, {f32, bf16, TowardZero}),
        conversion("f32_to_bf16_rn_relu", "convert_bf16", 80, {f32, bf16, NearestEven, ByRounding, true}),
        conversion("f32_to_bf16_rn_satfinite", "convert_bf16", 80, {f32, bf16, NearestEven, Saturate}),
        conversion("f32_to_bf16x2_rn", "convert_bf16", 80, {f32, bf16}, per_pair),
        conversion("f32_to_bf16x2_rz", "convert_bf16", 80, {f32, bf16, TowardZero}, per_pair),
        {"bf16_to_f32", "convert_bf16", 80, UpperHalf{}, per_element, from_x_to_y(bf16, f32)},
        conversion("f32_to_bf16_rm", "convert_bf16", 80, {f32, bf16, Down}),
        conversion("f32_to_bf16_rp", "convert_bf16", 80, {f32, bf16, Up}),
        conversion("f32_to_bf16_rz_relu", "convert_bf16", 80, {f32, bf16, TowardZero, ByRounding, true}),
        conversion("f32_to_bf16_rz_satfinite", "convert_bf16", 80, {f32, bf16, TowardZero, Saturate}),
        conversion("f32_to_bf16_rn_satfinite_relu", "convert_bf16", 80, {f32, bf16, NearestEven, Saturate, true}),
        conversion("f32_to_bf16_rz_satfinite_relu", "convert_bf16", 80, {f32, bf16, TowardZero, Saturate, true}),
        conversion("f32_to_bf16x2_rn_relu", "convert_bf16", 80, {f32, bf16, NearestEven, ByRounding, true}, per_pair),
        conversion("f32_to_bf16x2_rz_relu", "convert_bf16", 80, {f32, bf16, TowardZero, ByRounding, true}, per_pair),
        conversion("f32_to_bf16x2_rn_satfinite", "convert_bf16", 80, {f32, bf16, NearestEven, Saturate}, per_pair),
        conversion("f32_to_bf16x2_rz_satfinite", "convert_bf16", 80, {f32, bf16, TowardZero, Saturate}, per_pair),
        conversion("f32_to_bf16x2_rn_satfinite_relu", "convert_bf16", 80, {f32, bf16, NearestEven, Saturate, true},
                   per_pair),
        conversion("f32_to_bf16x2_rz_satfinite_relu", "convert_bf16", 80, {f32, bf16, TowardZero, Saturate, true},
                   per_pair),
    };
}

std::vector<Kernel> of_tf32() {
    const Format f32 = binary32;
    return {
        conversion("f32_to_tf32_rna", "convert_tf32", 80, {f32, tf32, NearestAway}),
        conversion("f32_to_tf32_rna_satfinite", "convert_tf32", 80, {f32, tf32, NearestAway, Saturate}),
        conversion("f32_to_tf32_rn", "convert_tf32_hopper", 90, {f32, tf32}),
        conversion("f32_to_tf32_rz", "convert_tf32_hopper", 90, {f32, tf32, TowardZero}),
        conversion("f32_to_tf32_rn_relu", "convert_tf32_hopper", 90, {f32, tf32, NearestEven, ByRounding, true}),
        conversion("f32_to_tf32_rz_relu", "convert_tf32_hopper", 90, {f32, tf32, TowardZero, ByRounding, true}),
    };
}

/// To e4m3 and e5m2, from f32 and f16, and back to f16.
std::vector<Kernel> of_fp8() {
    const Format f32 = binary32, f16 = binary16, e4m3 = e4m3fn;
    const Conversion to_e4m3{f32, e4m3, NearestEven, Saturate}, to_e5m2{f32, e5m2, NearestEven, Saturate};
    return {
        conversion("f32_to_e4m3x2_rn_satfinite", "convert_fp8", 89, to_e4m3, per_pair),
        conversion("f32_to_e4m3x2_rn_satfinite_relu", "convert_fp8", 89, {f32, e4m3, NearestEven, Saturate, true},
                   per_pair),
        conversion("f32_to_e5m2x2_rn_satfinite", "convert_fp8", 89, to_e5m2, per_pair),
        conversion("f32_to_e5m2x2_rn_satfinite_relu", "convert_fp8", 89, {f32, e5m2, NearestEven, Saturate, true},
                   per_pair),
        conversion("f16x2_to_e4m3x2", "convert_fp8", 89, {f16, e4m3, NearestEven, Saturate}, per_pair),
        conversion("f16x2_to_e5m2x2", "convert_fp8", 89, {f16, e5m2, NearestEven, Saturate}, per_pair),
        conversion("e4m3x2_to_f16x2", "convert_fp8", 89, {e4m3, f16}, per_pair),
        conversion("e5m2x2_to_f16x2", "convert_fp8", 89, {e5m2, f16}, per_pair),
    };
}

}  // namespace

std::vector<Kernel> conversions() {
    std::vector<Kernel> all;
    for (const auto& rows : {of_f16(), of_bf16(), of_tf32(), of_fp8()}) all.insert(all.end(), rows.begin(), rows.end());
    for (const Kernel& row : {any_conversion("soft_f32_to_f16", binary16), any_conversion("soft_f32_to_bf16", bfloat16),
                              any_conversion("soft_f32_to_e4m3", e4m3fn), any_conversion("soft_f32_to_e5m2", e5m2)})
        all.push_back(row);
    return all;
}

}  // namespace halfulp::gpu::rows
