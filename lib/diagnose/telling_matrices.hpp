#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/diagnose/hostile_matrices.hpp>
#include <halfulp/lib/diagnose/row_changes.hpp>

namespace halfulp {

/// Matrices of the shape, of as many kinds as it takes, such that a unit that computes by a changed row gives another D
/// than the row's on one of them: for every change of which some result can tell and which the search finds. They are
/// chosen by the rows alone: which changes a device refutes, its D on them says. The same for the same seed.
std::vector<Hostile> telling_matrices(const MmaSpec& row, std::span<const RowChange> changes, const MatrixShape& shape,
                                      std::uint64_t seed);

/// D of the matrices by a row.
std::vector<std::uint64_t> product_of(const MmaSpec& row, const Hostile& x);

}  // namespace halfulp
