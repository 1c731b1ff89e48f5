#include <halfulp/lib/plan/block_trace.hpp>

namespace halfulp::plan {
namespace {

/// A multiple of `fine` cut off, towards zero, to one of `coarse`: evenly by 0, fine, 2 fine, ... coarse - fine.
void cut(Roundings& seen, double number, double fine, double coarse) {
    const double mean = (coarse - fine) / 2;
    seen.variance += (coarse * coarse - fine * fine) / 12;
    seen.squares += mean * mean;
    seen.drift -= std::copysign(mean, number);
}

/// To the kept format; to nearest, a tie is off by half of `coarse`, whose share grows as the two come near.
void round_sum(const MmaSpec& spec, Roundings& seen, double sum, double fine, double coarse) {
    if (coarse <= fine) return;
    if (spec.rounding == Rounding::TowardZero)
        cut(seen, sum, fine, coarse);
    else
        seen.variance += (coarse * coarse + 2 * fine * fine) / 12;
}

/// The exponent to which a block is aligned.
int top_of(const MmaSpec& spec, double sum, std::span<const double> a, std::span<const double> b) {
    int top = std::max(spec.exponent_floor, exponent_of(sum));
    const auto exponent = [&](double x) { return std::max(exponent_of(x), spec.a.format.emin()); };
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != 0 && b[i] != 0) top = std::max(top, exponent(a[i]) + exponent(b[i]));
    return top;
}

/// The running sum of exact terms, and whether no block has rounded it yet.
struct RunningSum {
    double value = 0;
    bool exact = true;
};

void add_block(const MmaSpec& spec, Roundings& seen, RunningSum& sum, std::span<const double> a,
               std::span<const double> b) {
    const Grid kept(spec.kept);
    const double quantum = power_of_two(top_of(spec, sum.value, a, b) - spec.fraction_bits);
    double next = sum.value;
    for (std::size_t i = 0; i < a.size(); ++i) next += a[i] * b[i];
    const double unit = kept.unit(next), own = kept.unit(sum.value);
    if (!sum.exact && own < quantum) cut(seen, sum.value, own, quantum);
    bool multiples = sum.exact ? is_multiple(sum.value, unit) : own >= unit;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double product = a[i] * b[i], error = std::trunc(product / quantum) * quantum - product;
        seen.squares += error * error;
        seen.drift += error;
        multiples = multiples && is_multiple(product, unit);
        sum.exact = sum.exact && error == 0;
    }
    if (!multiples) round_sum(spec, seen, next, quantum, unit);
    sum = {next, sum.exact && multiples};
    seen.largest = std::max(seen.largest, std::abs(next));
}

}  // namespace

Roundings trace_of_blocks(const MmaSpec& spec, std::span<const double> a, std::span<const double> b) {
    const auto length = static_cast<std::size_t>(spec.group);
    Roundings seen;
    RunningSum sum;
    for (std::size_t start = 0; start < a.size(); start += length) {
        const std::size_t count = std::min(length, a.size() - start);
        add_block(spec, seen, sum, a.subspan(start, count), b.subspan(start, count));
    }
    return seen;
}

double roundoff_of_block(const MmaSpec& spec) {
    const bool to_nearest = spec.rounding == Rounding::NearestEven;
    return (spec.group + 1) * power_of_two(-spec.fraction_bits) +
           power_of_two((to_nearest ? 0 : 1) - spec.kept.precision);
}

double underflow_of_block(const MmaSpec& spec) {
    return (spec.group + 1) * power_of_two(spec.exponent_floor - spec.fraction_bits) +
           power_of_two(spec.kept.emin() - spec.kept.fraction_bits());
}

}  // namespace halfulp::plan
