#pragma once

#include <filesystem>

#include <halfulp/lib/onnx/graph.hpp>

// Files of ONNX. Each function throws InputError, in one line that begins with the path, for a file that is no such message,
// and for tensors whose data are not as many as their dimensions say: no memory is taken before that is clear. What is in
// order, but no part of what this library computes with, throws Unsupported.

namespace halfulp::onnx {

/// A model: model.onnx.
Graph read_model(const std::filesystem::path& path);

/// A tensor: input_0.pb.
Tensor read_tensor(const std::filesystem::path& path);

}  // namespace halfulp::onnx
