#include <halfulp/lib/plan/operand.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <halfulp/lib/plan/grid.hpp>

namespace halfulp::plan {
namespace {

void keep(StoredOperand& o, double x, double stored, double variance) {
    if (stored == 0 && x != 0) ++o.lost;
    if (std::isinf(stored)) ++o.beyond;
    o.numbers.push_back(std::isinf(stored) ? x : stored);
    o.variances.push_back(stored == x ? 0 : variance);
    o.change += (o.numbers.back() - x) * (o.numbers.back() - x);
}

void keep_integers(StoredOperand& o, const std::vector<float>& numbers) {
    const float quotient = static_cast<float>(o.largest) / 127, scale = quotient > 0 ? quotient : 1;
    const double step = o.scale = scale;
    for (const float x : numbers) {
        const double code = std::clamp(std::nearbyint(x / scale), -127.0F, 127.0F);
        keep(o, x, code * step, code == 0 ? static_cast<double>(x) * x : step * step / 12);
    }
}

void keep_numbers(StoredOperand& o, const std::vector<float>& numbers, const Grid& grid) {
    for (const float x : numbers) {
        const double unit = power_of_two(exponent_of(x) - grid.fraction_bits);
        keep(o, x, grid.rounded(x), unit * unit / 12);
    }
}

}  // namespace

bool StoredOperand::underflows() const { return change > 9 * std::accumulate(variances.begin(), variances.end(), 0.0); }

StoredOperand stored_operand(const std::vector<float>& numbers, const Element& storage) {
    StoredOperand o;
    for (const float x : numbers) o.largest = std::max(o.largest, std::abs(static_cast<double>(x)));
    o.numbers.reserve(numbers.size());
    o.variances.reserve(numbers.size());
    if (storage.integer)
        keep_integers(o, numbers);
    else
        keep_numbers(o, numbers, Grid(storage.format));
    return o;
}

}  // namespace halfulp::plan
