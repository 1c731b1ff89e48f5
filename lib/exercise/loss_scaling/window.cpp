#include <halfulp/lib/exercise/loss_scaling/window.h>

#include <fmt/format.h>

namespace halfulp {

using truth::floor_log2;
using truth::pow2;
using truth::Rational;

namespace {

// The smallest k with 2^k > x, the smallest with 2^k >= x and the largest with 2^k < x.
int first_above(const Rational& x) { return floor_log2(x) + 1; }
int first_not_below(const Rational& x) { return pow2(floor_log2(x)) == x ? floor_log2(x) : first_above(x); }
int last_below(const Rational& x) { return first_not_below(x) - 1; }

}  // namespace

Borders borders(const Format& f) {
    const Rational flush = pow2(1 - f.bias - f.precision);
    return {flush, pow2(1 - f.bias) - flush, (2 - pow2(-f.precision)) * pow2(f.bias)};
}

Window keeping_all(const Format& f, const Rational& smallest, const Rational& largest) {
    const Borders b = borders(f);
    return {first_above(b.flush / smallest), last_below(b.overflow / largest)};
}

Window keeping_all_normal(const Format& f, const Rational& smallest, const Rational& largest) {
    const Borders b = borders(f);
    return {first_not_below(b.normal / smallest), last_below(b.overflow / largest)};
}

int factor_exponent(const Format& f, const Rational& largest) { return f.bias - 1 - floor_log2(largest); }

std::string to_text(const Window& window) {
    if (window.empty()) return "no power of two";
    if (window.first == window.last) return fmt::format("2^{} alone", window.first);
    return fmt::format("2^{} to 2^{}", window.first, window.last);
}

}  // namespace halfulp
