#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include <halfulp/lib/diagnose/matrix.hpp>

// Matrices that a command reads from files.

/// Where a matrix lies.
struct MatrixOptions {
    std::string name = {};   ///< of its options: --a, --a-format
    std::string place = {};  ///< FILE, or FILE.safetensors#TENSOR
    std::string format = {};
    std::string scales = {};  ///< a place too
    bool transposed = false;
};

/// Adds the option of the matrix's name and, as ...-format, that of its elements.
CLI::Option* add_matrix(CLI::App& command, const std::string& what, MatrixOptions& options);

/// Throws halfulp::InputError, as do all that read files.
halfulp::Matrix read_matrix(const MatrixOptions& options);

/// The matrix's scales, if it has some. `format` is theirs where the file has bytes.
std::optional<halfulp::Matrix> read_scales(const MatrixOptions& options, const std::string& format);
