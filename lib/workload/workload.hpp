#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <halfulp/softfloat/name.hpp>

namespace halfulp::workload {

/// What is computed.
enum class Kind : std::uint8_t { Sum, Dot, Gemv, Gemm, Layer, LayerGradients };

/// What is computed, as data: results of m x n numbers, each a sum of k terms.
struct Workload {
    Kind kind;                     ///< which one
    std::string_view name;         ///< as the program takes it
    std::string_view description;  ///< a phrase
    bool is_vector;                ///< one result: size is k
    bool has_b;                    ///< products of a and b are summed; else a alone
    bool has_columns;              ///< n is size; else 1
    std::size_t ordinary_size;     ///< for a first look
    Aliases aliases = {};          ///< other names
};

/// A row for each enumerator, in their order.
inline constexpr std::array workloads = {
    Workload{Kind::Sum, "sum", "the sum of `size` numbers", true, false, false, 1000000},
    Workload{Kind::Dot, "dot", "the dot product of two vectors of `size`", true, true, false, 1000000},
    Workload{Kind::Gemv, "gemv", "a square matrix by a vector of `size`", false, true, false, 2048},
    Workload{Kind::Gemm, "gemm", "a square matrix by another, of `size`", false, true, true, 512},
    Workload{Kind::Layer, "layer", "a product of square matrices, plus a bias, negative results set to 0", false, true,
             true, 512},
    Workload{Kind::LayerGradients,
             "layer-gradients",
             "the way back through a layer of square matrices: the gradients of its inputs, weights and bias",
             false,
             true,
             true,
             512,
             {"backward"}},
};

/// How the numbers of a problem are drawn.
enum class Data : std::uint8_t {
    Normal,      ///< from the normal distribution of variance 1
    Uniform,     ///< from [0, 1): nothing cancels
    Cancelling,  ///< of two halves, the second undoes the first but for a part of 2^20: ill-conditioned
    Gradients,   ///< a is Normal's times 2^-28: less than half of fp16's smallest number
    LogNormal,   ///< of either sign, magnitudes near 2^Normal: of many binades
    Outliers     ///< Normal, every 256th of them or so times 64
};

/// A row of the table of kinds of data.
struct DataRow {
    Data data;                     ///< which kind
    std::string_view name;         ///< as the program takes it
    std::string_view description;  ///< a phrase
    Aliases aliases = {};          ///< other names
};

/// A row for each enumerator, in their order.
inline constexpr std::array data_rows = {
    DataRow{Data::Normal, "normal", "normally distributed, of variance 1"},
    DataRow{Data::Uniform, "uniform", "from [0, 1): all terms have one sign"},
    DataRow{Data::Cancelling, "cancelling",
            "the second half of the terms undoes the first but for a part in 2^20: ill-conditioned"},
    DataRow{Data::Gradients, "gradients", "normal, the first operand times 2^-28: smaller than fp16 holds"},
    DataRow{Data::LogNormal, "lognormal", "of either sign, with magnitudes that spread over many binades"},
    DataRow{Data::Outliers, "outliers", "normal, about every 256th number times 64"},
};

/// The name of a kind of data.
constexpr std::string_view name_of(Data data) { return data_rows[static_cast<std::size_t>(data)].name; }

/// A workload with its numbers, row by row: a is m x k, b is k x n, the bias has n. Of the gradients of a layer the results are
/// those of the inputs, below them those of the weights, and a row of the bias; a is dz, the gradients of the layer's sums, b
/// its weights and `inputs` what they were multiplied by, each k x k.
struct Problem {
    Workload workload;                           ///< which one
    std::size_t m, n, k;                         ///< sizes
    std::vector<float> a, b, bias, inputs = {};  ///< numbers in binary32
};

/// The same numbers for the same arguments, on every machine. Throws std::invalid_argument for a size of 0, and
/// std::bad_alloc for numbers that are more than memory holds.
Problem make_problem(const Workload& workload, std::size_t size, Data data, std::uint64_t seed);

/// How many multiplications and additions it takes.
double operations(const Problem& problem);

}  // namespace halfulp::workload
