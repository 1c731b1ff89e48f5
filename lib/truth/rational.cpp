#include <halfulp/lib/truth/rational.hpp>

namespace halfulp::truth {

Rational pow2(int exponent) {
    const Integer power = Integer{1} << static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
    return exponent < 0 ? Rational{1, power} : Rational{power};
}

int floor_log2(const Rational& x) {
    const auto bits = [](const Integer& i) { return static_cast<int>(msb(i)); };
    const int guess = bits(numerator(x)) - bits(denominator(x));  // right, or one too many
    return pow2(guess) <= x ? guess : guess - 1;
}

Integer floor(const Rational& x) {
    Integer quotient, remainder;
    divide_qr(numerator(x), denominator(x), quotient, remainder);
    return remainder < 0 ? Integer{quotient - 1} : quotient;
}

}  // namespace halfulp::truth
