#pragma once

#include <ostream>
#include <string_view>

#include <halfulp/lib/diagnose/explain.hpp>

// For tests of kernels with GoogleTest, which this header does without:
//     EXPECT_THAT(d, halfulp::BitsMatch("A100:fp16-fp32", {a, b, c}));

namespace halfulp {

/// Matches the Matrix that a kernel of this plan on this unit must produce from A, B and C; what does not match is
/// explained, as `halfulp explain` does. Without plan.output the matrix's own elements are expected.
class BitsMatch {
  public:
    using is_gtest_matcher = void;  ///< tells GoogleTest that it is one

    /// NaNs are compared as all else is, unless they are to be alike. Throws InputError unless find_units knows exactly
    /// one unit of that name that takes A's and B's elements, and unless the shapes agree.
    BitsMatch(std::string_view unit, Gemm gemm, const GemmPlan& plan = {}, NanBits nans = NanBits::Compared);

    /// NOLINTNEXTLINE(readability-identifier-naming): the name is GoogleTest's
    bool MatchAndExplain(const Matrix& d, std::ostream* listener) const;
    /// for failures
    void DescribeTo(std::ostream* out) const { *out << "is, bit for bit, the result of " << text_of(wanted_); }
    /// For failures of Not(...).
    void DescribeNegationTo(std::ostream* out) const {
        *out << "is not, bit for bit, the result of " << text_of(wanted_);
    }

  private:
    Hypothesis wanted_;
    Gemm gemm_;
    NanBits nans_;
};

/// How messages of GoogleTest show a matrix.
inline void PrintTo(const Matrix& matrix, std::ostream* out) {
    *out << "codes of " << matrix.rows << " x " << matrix.columns << " elements";
}

}  // namespace halfulp
