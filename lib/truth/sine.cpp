#include <halfulp/lib/truth/sine.hpp>

#include <cassert>

#include <halfulp/lib/truth/mpfr_number.hpp>

#if MPFR_VERSION < MPFR_VERSION_NUM(4, 2, 0)
#error "MPFR 4.2 or newer is needed, which has mpfr_sinu"
#endif

namespace halfulp::truth {

Rational sine_of_turn(std::uint64_t part, std::uint64_t whole, int precision) {
    assert(whole > 0 && 2 <= precision && precision <= GMP_NUMB_BITS);
    MpfrNumber argument{GMP_NUMB_BITS}, sine{precision};
    mpfr_set_ui(argument, part, MPFR_RNDN);
    mpfr_sinu(sine, argument, whole, MPFR_RNDN);
    if (mpfr_zero_p(sine)) return 0;

    const int last_bit = static_cast<int>(mpfr_get_exp(sine)) - precision;
    const bool negative = mpfr_signbit(sine) != 0;
    mpfr_abs(sine, sine, MPFR_RNDN);
    mpfr_mul_2si(sine, sine, -last_bit, MPFR_RNDN);
    const Rational magnitude = Rational{mpfr_get_ui(sine, MPFR_RNDN)} * pow2(last_bit);
    return negative ? Rational{-magnitude} : magnitude;
}

}  // namespace halfulp::truth
