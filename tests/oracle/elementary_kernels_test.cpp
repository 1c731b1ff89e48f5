// Claim: the constants and the fixed-point kernels of softfloat/elementary/ are wrong by no more units of 2^-192 than
// their headers say.
// Oracle: MPFR with 512 bits. Shared: nothing. Operands are spread over each kernel's domain, its ends included.
#include <gtest/gtest.h>

#include <cstdint>
#include <halfulp/lib/truth/mpfr_number.hpp>
#include <halfulp/softfloat/elementary.hpp>

namespace halfulp::test {
namespace {

using elementary::Fixed;

class Number : public truth::MpfrNumber {
  public:
    Number() : MpfrNumber(512) {}
    explicit Number(const Fixed& x) : Number() {
        mpfr_set_zero(*this, 1);
        for (std::size_t i = 4; i-- > 0;) {
            mpfr_mul_2ui(*this, *this, 64, MPFR_RNDN);
            mpfr_add_ui(*this, *this, x.limbs[i], MPFR_RNDN);
        }
        mpfr_div_2ui(*this, *this, Fixed::fraction_bits, MPFR_RNDN);
    }
};

/// |truth - computed| in units.
double distance(const Number& truth, const Fixed& computed) {
    Number difference{computed};
    mpfr_sub(difference, difference, truth, MPFR_RNDN);
    mpfr_mul_2ui(difference, difference, Fixed::fraction_bits, MPFR_RNDN);
    return std::abs(mpfr_get_d(difference, MPFR_RNDA));
}

/// n / 2^shift.
Fixed fraction(std::uint64_t n, int shift) { return Fixed::integer(n) >> shift; }

TEST(ElementaryConstants, CutToTheLastPlace) {
    Number ln2, pi;
    mpfr_const_log2(ln2, MPFR_RNDN);
    mpfr_const_pi(pi, MPFR_RNDN);
    EXPECT_LT(distance(ln2, elementary::ln2), 1);
    EXPECT_LT(distance(pi, elementary::pi), 1);
    Number factorial;
    mpfr_set_ui(factorial, 1, MPFR_RNDN);
    for (std::size_t j = 0; j < elementary::inverse_factorials.size(); ++j) {
        Number inverse;
        mpfr_mul_ui(factorial, factorial, j == 0 ? 1 : j, MPFR_RNDN);
        mpfr_ui_div(inverse, 1, factorial, MPFR_RNDN);
        EXPECT_LT(distance(inverse, elementary::inverse_factorials[j]), 1) << j;
    }
    for (std::size_t k = 0; k < elementary::odd_reciprocals.size(); ++k) {
        Number inverse;
        mpfr_set_ui(inverse, 2 * k + 1, MPFR_RNDN);
        mpfr_ui_div(inverse, 1, inverse, MPFR_RNDN);
        EXPECT_LT(distance(inverse, elementary::odd_reciprocals[k]), 1) << k;
    }
}

TEST(ElementaryConstants, RootsOfPi) {
    Number root;
    mpfr_const_pi(root, MPFR_RNDN);
    mpfr_rec_sqrt(root, root, MPFR_RNDN);
    mpfr_mul_ui(root, root, 2, MPFR_RNDN);
    EXPECT_LT(distance(root, elementary::two_over_root_pi), 16);
    mpfr_const_pi(root, MPFR_RNDN);
    mpfr_mul_ui(root, root, 2, MPFR_RNDN);
    mpfr_rec_sqrt(root, root, MPFR_RNDN);
    EXPECT_LT(distance(root, elementary::one_over_root_two_pi), 16);
}

TEST(ElementaryKernels, ReciprocalAndInverseRoot) {
    for (std::uint64_t n = 1024; n <= 4096; ++n) {
        const Fixed a = fraction(n, 10);
        const Number operand{a};
        Number truth;
        mpfr_ui_div(truth, 1, operand, MPFR_RNDN);
        ASSERT_LE(distance(truth, elementary::reciprocal(a)), 4) << n;
        mpfr_rec_sqrt(truth, operand, MPFR_RNDN);
        ASSERT_LT(distance(truth, elementary::inverse_root(a)), 8) << n;
    }
}

TEST(ElementaryKernels, ExpOfFraction) {
    for (std::uint64_t n = 0; n < 768; ++n) {
        const Fixed r = fraction(n, 10);
        Number truth;
        mpfr_exp(truth, Number{r}, MPFR_RNDN);
        ASSERT_LT(distance(truth, elementary::exp_of_fraction(r)), 1 << 11) << n;
    }
}

TEST(ElementaryKernels, ExpOfLargeAndSmallOperands) {
    for (int top = -40; top <= elementary::exp_top; ++top)
        for (std::uint64_t n = 1024; n < (top == elementary::exp_top ? 1025 : 2048); n += 7)
            for (const bool negative : {false, true}) {
                const Fixed a = elementary::scaled(Fixed::integer(n), top - 10);
                const elementary::Power power = elementary::exp_of(negative, a);
                Number truth{a};
                mpfr_setsign(truth, truth, negative, MPFR_RNDN);
                mpfr_exp(truth, truth, MPFR_RNDN);
                mpfr_mul_2si(truth, truth, -power.exp, MPFR_RNDN);
                ASSERT_LT(distance(truth, power.significand), double(elementary::Power::error)) << top << ' ' << n;
            }
}

TEST(ElementaryKernels, Artanh) {
    for (std::uint64_t n = 0; n <= 180; ++n) {  // up to 180/1024 < 3/17
        const Fixed s = fraction(n, 10);
        Number truth;
        mpfr_atanh(truth, Number{s}, MPFR_RNDN);
        ASSERT_LT(distance(truth, elementary::artanh(s)), 8) << n;
    }
}

/// The integral of e^(-u^2/2) from w to infinity, sqrt(pi/2) erfc(w / sqrt 2), or from 0 to w; t = w^2.
Number& integral(Number& result, const elementary::Short& t, bool tail) {
    Number root{t.fixed()};
    mpfr_div_ui(root, root, 2, MPFR_RNDN);
    mpfr_sqrt(root, root, MPFR_RNDN);
    (tail ? mpfr_erfc : mpfr_erf)(result, root, MPFR_RNDN);
    mpfr_const_pi(root, MPFR_RNDN);
    mpfr_div_ui(root, root, 2, MPFR_RNDN);
    mpfr_sqrt(root, root, MPFR_RNDN);
    mpfr_mul(result, result, root, MPFR_RNDN);
    return result;
}

TEST(ElementaryKernels, MiddleOfNormal) {
    for (std::uint64_t n = 1; n < 400; ++n) {  // up to 25
        const elementary::Short t{n, -4};
        Number truth, w{t.fixed()};
        mpfr_sqrt(w, w, MPFR_RNDN);
        mpfr_div(truth, integral(truth, t, false), w, MPFR_RNDN);
        ASSERT_LT(distance(truth, elementary::middle_of_normal(t)), 1 << 18) << n;
    }
}

TEST(ElementaryKernels, TailOfNormal) {
    const double error = 0x1p43;  // 2^-149
    for (std::uint64_t n = 400; n <= 1 << 18; n += 1 + n / 64) {
        const elementary::Short t{n, -4};
        Number truth, w{t.fixed()}, power{t.fixed()};
        mpfr_sqrt(w, w, MPFR_RNDN);
        mpfr_div_ui(power, power, 2, MPFR_RNDN);
        mpfr_exp(power, power, MPFR_RNDN);
        mpfr_mul(truth, integral(truth, t, true), w, MPFR_RNDN);
        mpfr_mul(truth, truth, power, MPFR_RNDN);
        ASSERT_LT(distance(truth, elementary::tail_of_normal(t)), error) << n;
    }
}

}  // namespace
}  // namespace halfulp::test
