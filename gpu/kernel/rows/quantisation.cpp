#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

/// x to y with a scale and what else the kernel takes.
Kernel scaled(std::string_view name, const Meaning& what, const Element& x, const Element& y,
              const std::vector<Parameter>& others) {
    Kernel row{name, "quantise",  75,
               what, per_element, {in("x", x, of_n), out("y", y, of_n), size("n", Size::N), value("scale", binary32)}};
    row.parameters.insert(row.parameters.end(), others.begin(), others.end());
    return row;
}

Kernel scaling(std::string_view name, std::string_view file, int target, const Format& stored) {
    return {
        name,        file,
        target,      LossScaling{stored},
        per_element, {in("x", binary32, of_n), out("y", stored, of_n), size("n", Size::N), value("factor", binary32)}};
}

Kernel unscaling(std::string_view name, std::string_view file, int target, const Format& stored) {
    return {name,
            file,
            target,
            LossUnscaling{stored},
            per_element,
            {in("x", stored, of_n), out("y", binary32, of_n), in_out("found_inf", u32, of_one), size("n", Size::N),
             value("inverse", binary32)}};
}

}  // namespace

std::vector<Kernel> quantisation() {
    const std::vector<Parameter> zero_point = {value("zero_point", s32)};
    const std::vector<Parameter> ends = {value("least", s32), value("greatest", s32)};
    return {
        scaled("quantise_f32_s8", Quantisation{s8}, binary32, s8, zero_point),
        scaled("quantise_f32_u8", Quantisation{u8}, binary32, u8, zero_point),
        scaled("quantise_f32_s32", Quantisation{s32}, binary32, s32, ends),
        scaled("quantise_f32_s32_down", Quantisation{s32, Rounding::Down}, binary32, s32, ends),
        scaled("dequantise_s8_f32", Dequantisation{s8}, s8, binary32, zero_point),
        scaled("dequantise_u8_f32", Dequantisation{u8}, u8, binary32, zero_point),
        scaled("fake_quantise_f32", FakeQuantisation{false}, binary32, binary32, zero_point),
        scaled("fake_quantise_f32_reciprocal", FakeQuantisation{true}, binary32, binary32, zero_point),
        scaling("scale_f32_f16", "loss_scaling", 75, binary16),
        scaling("scale_f32_bf16", "loss_scaling_bf16", 80, bfloat16),
        unscaling("unscale_f16_f32", "loss_scaling", 75, binary16),
        unscaling("unscale_bf16_f32", "loss_scaling_bf16", 80, bfloat16),
        {"unscale_f32",
         "loss_scaling",
         75,
         LossUnscaling{binary32},
         per_element,
         {in_out("x", binary32, of_n), in_out("found_inf", u32, of_one), size("n", Size::N),
          value("inverse", binary32)}},
    };
}

}  // namespace halfulp::gpu::rows
