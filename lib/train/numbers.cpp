#include <halfulp/lib/train/numbers.hpp>

#include <cmath>
#include <cstddef>
#include <stdexcept>

#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::train {
namespace {

template <class Code>
void round_by(const Format& f, std::span<float> x) {
    std::vector<Code> codes(x.size());
    kernel::narrow(f, x, codes);
    kernel::widen(f, codes, x);
}

float in_binary32(Operation operation, float a, float b) {
    switch (operation) {
        case Operation::Add: return a + b;
        case Operation::Sub: return a - b;
        case Operation::Mul: return a * b;
        case Operation::Div: return a / b;
        case Operation::Sqrt: return std::sqrt(a);
        default: throw std::invalid_argument("computed: expected add, sub, mul, div or sqrt");
    }
}

}  // namespace

Fates& Fates::operator+=(const Fates& other) {
    numbers += other.numbers;
    flushed += other.flushed;
    overflowed += other.overflowed;
    return *this;
}

Fates round_to(const Format& f, std::span<float> x) {
    const Numbers before(x.begin(), x.end());
    if (f.width == 8) round_by<std::uint8_t>(f, x);
    if (f.width == 16) round_by<std::uint16_t>(f, x);
    Fates fates;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (before[i] == 0 || !std::isfinite(before[i])) continue;
        ++fates.numbers;
        fates.flushed += x[i] == 0 ? 1U : 0U;
        fates.overflowed += std::isfinite(x[i]) ? 0U : 1U;
    }
    return fates;
}

Numbers computed(Operation operation, const Format& f, std::span<const float> a, std::span<const float> b) {
    const Numbers spread(b.size() == 1 ? a.size() : 0, b.size() == 1 ? b[0] : 0);
    if (b.size() == 1) b = spread;
    Numbers results(a.size());
    if (f == binary32) {
        for (std::size_t i = 0; i < a.size(); ++i) results[i] = in_binary32(operation, a[i], b.empty() ? 0 : b[i]);
        return results;
    }
    std::vector<std::uint16_t> a_codes(a.size()), b_codes(b.size());
    kernel::narrow(f, a, a_codes);
    kernel::narrow(f, b, b_codes);
    kernel::compute(operation, f, a_codes, b_codes, {}, a_codes);
    kernel::widen(f, a_codes, results);
    return results;
}

float rounded(const Format& f, double x) {
    auto number = static_cast<float>(x);
    round_to(f, {&number, 1});
    return number;
}

}  // namespace halfulp::train
