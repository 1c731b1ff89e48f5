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

std::string to_text(const Rational& x) {
    const Integer n = numerator(x), d = denominator(x);
    const unsigned places = msb(d);  // d = 2^places, hence x = n * 5^places / 10^places
    const std::string sign = n < 0 ? "-" : "";
    std::string digits = Integer{abs(n) * pow(Integer{5}, places)}.str();
    constexpr std::size_t most_digits = 24;
    if (places == 0 && (digits.size() <= 2 * most_digits || lsb(n) == 0)) return sign + digits;
    if (places > 0 && std::max<std::size_t>(digits.size(), places) <= most_digits) {
        if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
        return sign + digits.insert(digits.size() - places, ".");
    }
    const unsigned zeros = lsb(Integer{abs(n)});
    const Integer odd = abs(n) >> zeros;
    const int exponent = static_cast<int>(zeros) - static_cast<int>(places);
    return sign + (odd == 1 ? "" : odd.str() + " * ") + "2^" + std::to_string(exponent);
}

}  // namespace halfulp::truth
