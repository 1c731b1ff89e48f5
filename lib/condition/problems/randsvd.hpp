#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <halfulp/lib/condition/matrix.hpp>

namespace halfulp::conditioning {

/// How singular values lie between 1 and 1 / kappa: the modes of MATLAB's gallery('randsvd'), numbered from 1 in this
/// order.
enum class Spectrum : std::uint8_t { OneLarge, OneSmall, Geometric, Arithmetic, RandomLogarithm };

/// A row of the table of spectra.
struct SpectrumRow {
    Spectrum value;                ///< which one
    std::string_view name;         ///< as the program takes it
    std::string_view description;  ///< a sentence
};

/// A row for each enumerator, in their order.
inline constexpr std::array spectra = {
    SpectrumRow{Spectrum::OneLarge, "randsvd1", "one singular value 1, the others 1 / kappa"},
    SpectrumRow{Spectrum::OneSmall, "randsvd2", "one singular value 1 / kappa, the others 1"},
    SpectrumRow{Spectrum::Geometric, "randsvd3", "singular values in geometric progression"},
    SpectrumRow{Spectrum::Arithmetic, "randsvd4", "singular values in arithmetic progression"},
    SpectrumRow{Spectrum::RandomLogarithm, "randsvd5", "singular values whose logarithms are uniformly random"},
};

/// U S V^T with these singular values, U and V orthogonal and random, as near to Haar's measure as Draw::normal to the
/// normal distribution: Householder's QR with the signs of R's diagonal moved into Q (Stewart, SIAM J. Numer. Anal.
/// 17(3), 1980). Its kappa_2 is `kappa`, to about n u. The same numbers for the same arguments wherever Eigen's QR
/// rounds alike. Throws std::invalid_argument unless n >= 2 and kappa >= 1 is finite.
Matrix randsvd(std::size_t n, double kappa, Spectrum spectrum, std::uint64_t seed);

}  // namespace halfulp::conditioning
