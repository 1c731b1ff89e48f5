#include <array>

#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

using enum Operation;

/// `packed` numbers share a word, and n counts words.
Kernel element_by_element(std::string_view name, std::string_view file, int target, Operation operation,
                          const Format& format, std::uint32_t packed = 1) {
    constexpr std::array<std::string_view, 3> operands = {"a", "b", "c"};
    std::vector<Parameter> parameters;
    for (unsigned i = 0; i < row_of(operation).operands; ++i)
        parameters.push_back(in(operands.at(i), format, times_n(packed)));
    parameters.push_back(out("d", format, times_n(packed)));
    parameters.push_back(size("n", Size::N));
    return {name, file, target, Arithmetic{operation, format}, per_element, parameters};
}

Kernel elimination(std::string_view name, std::string_view file, int target, const Format& format) {
    constexpr unsigned given = 6, computed = 9;
    return {name,        file,
            target,      Elimination{format},
            per_element, {in("x", format, times_n(given)), out("y", format, times_n(computed)), size("n", Size::N)}};
}

}  // namespace

std::vector<Kernel> arithmetic() {
    return {
        element_by_element("add_f32", "arithmetic_f32", 75, Add, binary32),
        element_by_element("sub_f32", "arithmetic_f32", 75, Sub, binary32),
        element_by_element("mul_f32", "arithmetic_f32", 75, Mul, binary32),
        element_by_element("div_f32", "arithmetic_f32", 75, Div, binary32),
        element_by_element("sqrt_f32", "arithmetic_f32", 75, Sqrt, binary32),
        element_by_element("fma_f32", "arithmetic_f32", 75, Fma, binary32),
        element_by_element("add_f64", "arithmetic_f64", 75, Add, binary64),
        element_by_element("sub_f64", "arithmetic_f64", 75, Sub, binary64),
        element_by_element("mul_f64", "arithmetic_f64", 75, Mul, binary64),
        element_by_element("div_f64", "arithmetic_f64", 75, Div, binary64),
        element_by_element("fma_f64", "arithmetic_f64", 75, Fma, binary64),
        element_by_element("add_f16", "arithmetic_f16", 75, Add, binary16),
        element_by_element("sub_f16", "arithmetic_f16", 75, Sub, binary16),
        element_by_element("mul_f16", "arithmetic_f16", 75, Mul, binary16),
        element_by_element("div_f16", "arithmetic_f16", 75, Div, binary16),
        element_by_element("fma_f16", "arithmetic_f16", 75, Fma, binary16),
        element_by_element("add_f16x2", "arithmetic_f16", 75, Add, binary16, 2),
        element_by_element("mul_f16x2", "arithmetic_f16", 75, Mul, binary16, 2),
        element_by_element("fma_f16x2", "arithmetic_f16", 75, Fma, binary16, 2),
        element_by_element("add_bf16", "arithmetic_bf16", 80, Add, bfloat16),
        element_by_element("sub_bf16", "arithmetic_bf16", 80, Sub, bfloat16),
        element_by_element("mul_bf16", "arithmetic_bf16", 80, Mul, bfloat16),
        element_by_element("div_bf16", "arithmetic_bf16", 80, Div, bfloat16),
        element_by_element("fma_bf16", "arithmetic_bf16", 80, Fma, bfloat16),
        element_by_element("fma_bf16x2", "arithmetic_bf16", 80, Fma, bfloat16, 2),
        element_by_element("add_bf16_hopper", "arithmetic_bf16_hopper", 90, Add, bfloat16),
        element_by_element("sub_bf16_hopper", "arithmetic_bf16_hopper", 90, Sub, bfloat16),
        element_by_element("mul_bf16_hopper", "arithmetic_bf16_hopper", 90, Mul, bfloat16),
        elimination("eliminate_f32", "elimination", 75, binary32),
        elimination("eliminate_f64", "elimination", 75, binary64),
        elimination("eliminate_f16", "elimination", 75, binary16),
        elimination("eliminate_bf16", "elimination_bf16", 80, bfloat16),
    };
}

}  // namespace halfulp::gpu::rows
