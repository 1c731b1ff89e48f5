#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/gpu/kernel/expected.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/env.hpp>

// The parts of expected(), a file each.

namespace halfulp::gpu {

using Codes = std::vector<std::uint64_t>;

/// What PTX's instructions do to NaN; all else is the default.
inline constexpr Env cuda{.nan = NanPolicy::Cuda};

/// An operation in one format, rounded to nearest even.
inline std::uint64_t cuda_result(Operation operation, const Format& f, std::uint64_t a, std::uint64_t b,
                                 std::uint64_t c = 0) {
    return compute(operation, f, Operands{a, b, c}, cuda).code;
}

/// A device's additions, for the orders of lib/accumulate.
struct CudaAdder {
    Format format;

    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return cuda_result(Operation::Add, format, a, b); }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return cuda_result(Operation::Sub, format, a, b); }
};

/// x rounded to an integer, as s32; NaN becomes 0.
std::int32_t to_s32(std::uint64_t binary32_code, Rounding rounding);

// sums.cpp

/// The rows of a sum by lanes: `b` empty, or what each row is multiplied by, or a vector for all rows.
struct LaneWalk {
    Element term, sum;
    std::uint32_t lanes;
    Tree tree;
    std::size_t rows, terms, pitch;
    std::span<const std::uint64_t> a, b = {};
    bool one_vector = false;
};
Codes sums_of_rows(const LaneWalk& walk);

/// All partial sums by an instruction that adds blocks of `depth` terms.
Codes blocked_sums(const BlockedSum& what, std::string_view processor, std::span<const std::uint64_t> terms);

// products.cpp

/// A and B with padded rows, B column after column; codes of `sum`.
Codes matrix_product(const MatrixProduct& what, std::string_view processor, const Call& call);

/// As many tiles as there are of c.
Codes tiles(std::string_view instruction, std::string_view processor, const Call& call);

/// The same operation k times `each` times, on what it left.
Codes chain(const OperationChain& what, std::string_view processor, Call call);

}  // namespace halfulp::gpu
