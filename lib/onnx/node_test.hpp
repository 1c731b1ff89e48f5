#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>

// The node tests of ONNX (onnx/backend/test/data): folders of a model and, in test_data_set_*, of its inputs and outputs.

namespace halfulp::onnx {

/// What a node test came to.
enum class Verdict : std::uint8_t {
    Pass,
    Fail,
    Unsupported,  ///< right by ONNX, and not computed by this library
    Malformed,    ///< a file that cannot be read, or that asks for what ONNX forbids
};

/// By the enumerators, as the program prints them.
inline constexpr std::array<std::string_view, 4> verdict_names = {"pass", "fail", "unsupported", "malformed"};

/// What became of a folder.
struct NodeTest {
    std::filesystem::path folder;  ///< where its files are
    std::string operators;         ///< of the nodes, in their order: "Cast, Relu"
    Verdict verdict;               ///< what it came to
    std::string reason;            ///< the first difference, or what is unsupported or malformed; empty for Pass
};

/// The folders at or below this one that hold a model.onnx, and those below that cannot be read, sorted. Throws InputError if
/// there are none.
std::vector<std::filesystem::path> find_node_tests(const std::filesystem::path& folder);

/// Runs the model on every data set and compares all outputs. What goes wrong is the verdict, memory that runs out among it.
NodeTest run_node_test(const std::filesystem::path& folder);

/// The first difference of a tensor from the one expected: its place, both elements and how many representable numbers lie
/// from one to the other. Integers, and floats if their bits are fixed, have to be the same, but any NaN is as good as
/// another; other floats may differ by 1e-7 + 1e-3 |expected|, for BFLOAT16 by 1e-7 + 2^-6 |expected|, as in ONNX's own runner
/// (onnx/backend/test/runner).
std::optional<std::string> first_difference(const Tensor& expected, const Tensor& got, bool bits_are_fixed);

}  // namespace halfulp::onnx
