#include <halfulp/lib/onnx/operator.h>

#include <algorithm>
#include <limits>

#include <halfulp/lib/onnx/operators/operators.h>

namespace halfulp::onnx {
namespace {

const std::set<std::string_view> convolution = {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"};
constexpr std::size_t any = std::numeric_limits<std::size_t>::max();
constexpr std::string_view training = "ai.onnx.preview.training";

}  // namespace

const std::vector<Operator>& operators() {
    static const std::vector<Operator> rows = {
        {"Adagrad", training, 1, any, adagrad, {"decay_factor", "epsilon", "norm_coefficient"}},
        {"Adam", training, 1, any, adam, {"alpha", "beta", "epsilon", "norm_coefficient", "norm_coefficient_post"}},
        {"Cast", "", 1, 1, cast, {"round_mode", "saturate", "to"}, true},
        {"CastLike", "", 15, 2, cast_like, {"round_mode", "saturate"}, true},
        {"ConvInteger", "", 10, 4, conv_integer, convolution},
        {"DequantizeLinear", "", 10, 3, dequantize_linear, {"axis", "block_size", "output_dtype"}},
        {"DynamicQuantizeLinear", "", 11, 1, dynamic_quantize_linear, {}},
        {"Gemm", "", 1, 3, gemm, {"alpha", "beta", "broadcast", "transA", "transB"}},
        {"MatMul", "", 1, 2, mat_mul, {}},
        {"MatMulInteger", "", 10, 4, mat_mul_integer, {}},
        {"Momentum", training, 1, any, momentum, {"alpha", "beta", "mode", "norm_coefficient"}},
        {"QLinearConv", "", 10, 9, q_linear_conv, convolution},
        {"QLinearMatMul", "", 10, 8, q_linear_mat_mul, {}},
        {"QuantizeLinear", "", 10, 3, quantize_linear, {"axis", "block_size", "output_dtype", "precision", "saturate"}},
        {"ReduceSum", "", 1, 2, reduce_sum, {"axes", "keepdims", "noop_with_empty_axes"}},
        {"Relu", "", 1, 1, relu, {"consumed_inputs"}},
        {"Softmax", "", 1, 1, softmax, {"axis"}},
        {"Sum", "", 1, any, sum, {"consumed_inputs"}},
    };
    return rows;
}

const Operator* find_operator(std::string_view domain, std::string_view name) {
    const auto& rows = operators();
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const Operator& row) { return row.domain == domain && row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace halfulp::onnx
