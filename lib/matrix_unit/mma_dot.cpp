#include <halfulp/lib/matrix_unit/mma_dot.hpp>

#include <algorithm>
#include <array>
#include <cassert>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

__extension__ typedef __int128 i128;

/// An addend of a block with the exponent that hardware aligns by: that of its fields, not of its leading bit. A
/// product is in [0, 4) times 2^exponent, and a subnormal number has its format's smallest exponent.
struct Term {
    Exact value;
    int exponent = 0;
};

constexpr int max_group = 32;
using Terms = std::array<Term, max_group + 1>;

/// The special result of a sum, or zero if all terms are finite: NaN for any NaN, for inf * 0 and for inf - inf.
Exact special_sum(std::span<const Term> terms) {
    Exact sum = Exact::zero(false);
    for (const Term& term : terms)
        if (term.value.kind == Kind::NaN || term.value.kind == Kind::Inf) sum = add(sum, term.value).value;
    return sum;
}

/// The sum of finite terms, cut off below 2^(largest exponent - fraction_bits).
Exact aligned_sum(const MmaSpec& spec, std::span<const Term> terms) {
    int top = spec.exponent_floor;
    bool all_negative = true;
    for (const Term& term : terms) {
        if (term.value.kind == Kind::Finite) top = std::max(top, term.exponent);
        all_negative = all_negative && term.value.negative;
    }
    const int last = top - spec.fraction_bits;
    i128 sum = 0;
    for (const Term& term : terms) {
        if (term.value.kind != Kind::Finite) continue;
        const auto magnitude = static_cast<i128>(cut(term.value.sig, false, last - term.value.exp).kept);
        sum += term.value.negative ? -magnitude : magnitude;
    }
    if (sum == 0) {
        const bool all_zero =
            std::none_of(terms.begin(), terms.end(), [](const Term& t) { return !t.value.is_zero(); });
        return Exact::zero(all_zero && all_negative);
    }
    return Exact::finite(sum < 0, last, static_cast<u128>(sum < 0 ? -sum : sum));
}

/// A sum as it is left in the accumulator: rounded to the format `kept`, whose numbers the accumulator has too.
std::uint64_t to_accumulator(const MmaSpec& spec, const Format& kept, Rounding rounding, const Sticky& sum) {
    if (sum.value.kind == Kind::NaN) return spec.accumulator.magnitude_mask();
    const Env env{.rounding = rounding, .overflow = Overflow::ToInfinity};
    return convert(spec.accumulator, kept, round_pack(kept, sum, env).code).code;
}

Exact operand(const MmaSpec& spec, std::uint64_t code) {
    if (spec.multiplied == spec.input) return decode(spec.input, code);
    return decode(spec.multiplied, convert(spec.multiplied, spec.input, code).code);
}

/// Position in k of the `index`-th product that the instruction takes.
std::size_t element(const MmaSpec& spec, std::size_t index) {
    if (spec.order == KOrder::Ascending) return index;
    const auto group = static_cast<std::size_t>(spec.group);
    const std::size_t start = index / (2 * group) * (2 * group), within = index % (2 * group);
    const std::size_t pair = within % group / 2, half = within / group;
    return start + 4 * pair + 2 * half + within % 2;
}

/// One block: products first, first + 1, ... of the instruction's order, and the running value d.
std::uint64_t block(const MmaSpec& spec, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                    std::size_t first, std::uint64_t d) {
    const Exact running = decode(spec.accumulator, d);
    if (spec.fraction_bits == every_bit) {
        assert(spec.group == 1);
        const Sticky sum = fma(operand(spec, a[first]), operand(spec, b[first]), running);
        return to_accumulator(spec, spec.kept, spec.rounding, sum);
    }
    Terms terms{Term{running, running.exp + spec.accumulator.fraction_bits()}};
    std::size_t count = 1;
    for (std::size_t i = first; i < first + static_cast<std::size_t>(spec.group); ++i) {
        const std::size_t k = element(spec, i);
        if (k >= a.size()) continue;
        const Exact product = mul(operand(spec, a[k]), operand(spec, b[k]));
        terms[count++] = {product, product.exp + 2 * spec.multiplied.fraction_bits()};
    }
    const auto used = std::span(terms).first(count);
    const Exact special = special_sum(used);
    const Exact sum = special.is_zero() ? aligned_sum(spec, used) : special;
    return to_accumulator(spec, spec.kept, spec.rounding, sum);
}

}  // namespace

std::uint64_t mma_dot(const MmaSpec& spec, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                      std::uint64_t c) {
    assert(a.size() == b.size() && spec.group <= max_group);
    const auto group = static_cast<std::size_t>(spec.group);
    const std::size_t blocks_at_once = spec.order == KOrder::AlternatePairs ? 2 : 1;
    const std::size_t step = group * blocks_at_once;
    std::uint64_t d = c;
    for (std::size_t k = 0; k < a.size(); k += step) {
        std::uint64_t sum = spec.c_last ? 0 : d;
        for (std::size_t i = 0; i < blocks_at_once; ++i) sum = block(spec, a, b, k + i * group, sum);
        if (spec.c_last) {
            const Sticky total = add(decode(spec.accumulator, d), decode(spec.accumulator, sum));
            sum = to_accumulator(spec, spec.accumulator, Rounding::NearestEven, total);
        }
        d = sum;
    }
    return d;
}

}  // namespace halfulp
