#pragma once

#include <filesystem>

#include <halfulp/lib/train/deployed.hpp>

/// Writes a network of 8-bit codes as a model of ONNX: QuantizeLinear, MatMulInteger, DequantizeLinear and Sum a layer, which compute
/// what halfulp::train::outputs does; rows of "x" in, rows of outputs out. Throws InputError if it cannot be written.
void write_onnx(const std::filesystem::path& path, const halfulp::train::Deployed& network);
