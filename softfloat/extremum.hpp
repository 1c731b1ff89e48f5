#pragma once

#include <cstdint>

#include <halfulp/softfloat/compare.hpp>

namespace halfulp {

/// What becomes of a NaN beside a number.
enum class NanBeside : std::uint8_t {
    Wins,             ///< minimum, maximum (IEEE 754-2019, 9.6): the result is NaN
    Loses,            ///< minimumNumber, maximumNumber (9.6): the result is the number, even beside a signaling NaN
    LosesUnlessLoud,  ///< minNum, maxNum (IEEE 754-2008, 5.3.1): beside a quiet NaN the number, beside a signaling one NaN
};

/// Which of the twelve operations named min or max something.
struct Extremum {
    bool largest;       ///< the maximum, else the minimum
    bool by_magnitude;  ///< compare absolute values first
    NanBeside nan;      ///< what becomes of a NaN beside a number
};

/// Is a below b, where -0 is below +0? 754-2008 leaves zeros open, 754-2019 has them so. Pre: no NaN.
constexpr bool is_below(const Exact& a, const Exact& b) {
    return compare(a, b) < 0 || (a.is_zero() && b.is_zero() && a.negative && !b.negative);
}

/// The smaller or larger of two, as it is. A signaling operand raises invalid.
constexpr Exact extremum(const Exact& a, const Exact& b, const Extremum& which) {
    const Status raised = a.raised | b.raised;
    const bool a_is_nan = a.kind == Kind::NaN, b_is_nan = b.kind == Kind::NaN;
    const auto taken = [&](Exact x) {
        x.raised = raised;
        return x;
    };
    if (a_is_nan || b_is_nan) {
        const bool nan_wins =
            which.nan == NanBeside::Wins || (which.nan == NanBeside::LosesUnlessLoud && raised.invalid);
        if (nan_wins || (a_is_nan && b_is_nan)) return Exact::nan(raised);
        return taken(a_is_nan ? b : a);
    }
    const auto magnitude = [](Exact x) {
        x.negative = false;
        return x;
    };
    const auto order = compare(magnitude(a), magnitude(b));
    const bool a_is_smaller = which.by_magnitude && order != 0 ? order < 0 : is_below(a, b);
    return taken(a_is_smaller != which.largest ? a : b);
}

}  // namespace halfulp
