#include <halfulp/lib/exercise/condition/systems.h>

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace halfulp {

using truth::Integer;
using truth::Matrix2;
using truth::Rational;
using truth::Vector2;

Rational kappa_of_exercise() { return 10000; }

Matrix2 family(const Rational& kappa) {
    const Matrix2 a = symmetric_matrix(1, (kappa - 1) / (kappa + 1));
    if (!truth::has_kappa_2(a, kappa) || truth::kappa_inf(a) != kappa)
        throw std::logic_error(fmt::format("{} has not kappa = {}", show(a), kappa.str()));
    return a;
}

Matrix2 stored_exactly() { return {50, 51, 51, 52}; }

Matrix2 badly_scaled() { return {1, 0, 0, 1 / kappa_of_exercise()}; }

Matrix2 symmetric_matrix(const Rational& a, const Rational& b) { return {a, b, b, a}; }

Matrix2 ties_to_one_code(const Format& f) {
    return symmetric_matrix(1 + 5 * unit_roundoff(f), 1 + 3 * unit_roundoff(f));
}

Matrix2 shifted(const Matrix2& a, const Rational& t) { return {a[0] + t, a[1] - t, a[2] - t, a[3] + t}; }

Rational shift_to_singular(const Matrix2& a) { return -truth::determinant(a) / (a[0] + a[1] + a[2] + a[3]); }

truth::System2 system_of(const Matrix2& a) { return {a, truth::product(a, solution_of_systems())}; }

Vector2 solution_of_systems() { return {1, -1}; }

Rational unit_roundoff(const Format& f) { return truth::pow2(-f.precision); }

// All entries lie in one binade, which begins with 2^e: there half a unit is 2^e u.
Rational half_unit_of_stored_exactly(const Format& f) {
    return truth::pow2(truth::floor_log2(stored_exactly()[0])) * unit_roundoff(f);
}

std::string show(const Matrix2& a) {
    return fmt::format("[[{}, {}], [{}, {}]]", a[0].str(), a[1].str(), a[2].str(), a[3].str());
}

std::string show(const Vector2& x) { return fmt::format("({}, {})", x[0].str(), x[1].str()); }

std::string show(const Rational& x) {
    constexpr std::size_t longest_fraction = 24, longest_decimal = 11;
    const Integer d = denominator(x);
    const std::string fraction = x.str(), about = fmt::format("about {:.7g}", x.convert_to<double>());
    if (d == 1) return fraction;
    if (fraction.size() > longest_fraction) return about;
    const std::string exact = msb(d) == lsb(d) ? truth::to_text(x) : about;
    const bool long_one = exact.size() > longest_decimal || exact.find('^') != std::string::npos;
    return fmt::format("{} ({})", fraction, long_one ? about : exact);
}

std::string show_log10(const Rational& x) { return fmt::format("{:.1f}", std::log10(x.convert_to<double>())); }

std::string show_digits(const Rational& error) {
    if (error == 0) return "all digits";
    if (error >= 1) return "no digit";
    return show_log10(1 / error) + " digits";
}

}  // namespace halfulp
