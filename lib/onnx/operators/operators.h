#pragma once

#include <vector>

#include <halfulp/lib/onnx/call.h>

// The functions behind the rows of lib/onnx/operator.cpp, each as the specification of its operator says
// (onnx/docs/Operators.md of ONNX 1.23, and Changelog.md for the versions before).

namespace halfulp::onnx {

std::vector<Tensor> cast(const Call& call);
std::vector<Tensor> cast_like(const Call& call);

std::vector<Tensor> quantize_linear(const Call& call);
std::vector<Tensor> dequantize_linear(const Call& call);
std::vector<Tensor> dynamic_quantize_linear(const Call& call);

std::vector<Tensor> mat_mul(const Call& call);
std::vector<Tensor> gemm(const Call& call);
std::vector<Tensor> mat_mul_integer(const Call& call);
std::vector<Tensor> q_linear_mat_mul(const Call& call);

std::vector<Tensor> conv_integer(const Call& call);
std::vector<Tensor> q_linear_conv(const Call& call);

std::vector<Tensor> relu(const Call& call);
std::vector<Tensor> sum(const Call& call);
std::vector<Tensor> reduce_sum(const Call& call);
std::vector<Tensor> softmax(const Call& call);

std::vector<Tensor> adagrad(const Call& call);
std::vector<Tensor> adam(const Call& call);
std::vector<Tensor> momentum(const Call& call);

}  // namespace halfulp::onnx
