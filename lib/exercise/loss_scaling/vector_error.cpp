#include <halfulp/lib/exercise/loss_scaling/vector_error.h>

#include <cmath>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Rational;

namespace {

Rational square(const Vector& vector) {
    Rational sum = 0;
    for (const Rational& x : vector) sum += x * x;
    return sum;
}

}  // namespace

Vector values(const Codes& codes) {
    Vector all;
    for (const std::uint64_t code : codes) all.push_back(value_of(binary32, code));
    return all;
}

double norm(const Vector& vector) { return std::sqrt(static_cast<double>(square(vector))); }

double norm_error(const Vector& got, const Vector& truth) {
    Vector difference;
    for (std::size_t i = 0; i < got.size(); ++i) difference.push_back(got[i] - truth[i]);
    return std::sqrt(static_cast<double>(Rational{square(difference) / square(truth)}));
}

RowError worst_row(const Vector& got, const Vector& truth, std::size_t rows) {
    const auto length = static_cast<std::ptrdiff_t>(truth.size() / rows);
    const auto row = [=](const Vector& all, std::size_t i) {
        const auto begin = all.begin() + length * static_cast<std::ptrdiff_t>(i);
        return Vector(begin, begin + length);
    };
    RowError worst = {0, 0};
    for (std::size_t i = 0; i < rows; ++i)
        if (const double error = norm_error(row(got, i), row(truth, i)); error > worst.error) worst = {i, error};
    return worst;
}

std::size_t count_beyond_bound(const Format& f, const Vector& got, const Vector& truth) {
    const Rational bound = 1 / (1 + truth::pow2(f.precision));
    std::size_t count = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (abs(Rational{got[i] - truth[i]}) > bound * abs(truth[i])) ++count;
    return count;
}

}  // namespace halfulp
