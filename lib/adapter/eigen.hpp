#pragma once

#include <halfulp/lib/adapter/stored.hpp>
#include <halfulp/softfloat/scalar.hpp>

// Eigen's types of 16 bits, and matrices of any format: Eigen::Matrix<Scalar<F>, ...>, with Eigen's order of operations
// and each of them rounded once. Eigen, of which these are declarations, is included by the caller.

namespace Eigen {
struct half;
struct bfloat16;
template <class T>
struct NumTraits;
template <class T>
struct GenericNumTraits;
}  // namespace Eigen

template <>
struct halfulp::StoredNumber<Eigen::half> {
    using type = Float<binary16>;
};
template <>
struct halfulp::StoredNumber<Eigen::bfloat16> {
    using type = Float<bfloat16>;
};
/// Scalar<F>, which is its code.
template <halfulp::Format F>
struct halfulp::StoredNumber<halfulp::Scalar<F>> {
    using type = Float<F>;  ///< of the same format
};

template <halfulp::Format F>
struct Eigen::NumTraits<halfulp::Scalar<F>> : Eigen::GenericNumTraits<halfulp::Scalar<F>> {
    /// How far apart isApprox() lets numbers be: eight units in the last place.
    static halfulp::Scalar<F> dummy_precision() {
        return halfulp::Scalar<F>(8) * halfulp::Scalar<F>(std::numeric_limits<halfulp::Float<F>>::epsilon());
    }
};

/// Eigen writes T(1) for one, which is the code 1 of a Float: so matrices are of Scalar<F>.
template <halfulp::Format F>
struct Eigen::NumTraits<halfulp::Float<F>> {
    static_assert(F.width == 0, "a matrix of Eigen has halfulp::Scalar<F> where an array has halfulp::Float<F>");
};
