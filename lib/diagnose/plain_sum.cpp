#include <halfulp/lib/diagnose/plain_sum.hpp>

#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include <halfulp/lib/accumulate/sum.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/nan.hpp>

namespace halfulp {
namespace {

/// The emulator's operations, in any environment.
struct SoftArithmetic {
    DotOperands operands;
    Format accumulator;
    Env env;

    std::uint64_t add(std::uint64_t x, std::uint64_t y) const {
        return compute(Operation::Add, accumulator, Operands{x, y}, env).code;
    }
    std::uint64_t sub(std::uint64_t x, std::uint64_t y) const {
        return compute(Operation::Sub, accumulator, Operands{x, y}, env).code;
    }
    std::uint64_t product(std::size_t k) const {
        return compute(Operation::Mul, accumulator, std::array{a(k), b(k)}, env).code;
    }
    std::uint64_t fused(std::size_t k, std::uint64_t held) const {
        return compute(Operation::Fma, accumulator, std::array{a(k), b(k), Operand{accumulator, held}}, env).code;
    }

  private:
    Operand a(std::size_t k) const { return {operands.a_format, operands.a[k]}; }
    Operand b(std::size_t k) const { return {operands.b_format, operands.b[k]}; }
};

/// This machine's operations, the same bits in the default environment. Pre: operands are codes of T.
template <class T, class Code>
struct HostArithmetic {
    DotOperands operands;

    std::uint64_t add(std::uint64_t x, std::uint64_t y) const { return code(number(x) + number(y)); }
    std::uint64_t sub(std::uint64_t x, std::uint64_t y) const { return code(number(x) - number(y)); }
    std::uint64_t product(std::size_t k) const { return code(number(operands.a[k]) * number(operands.b[k])); }
    std::uint64_t fused(std::size_t k, std::uint64_t held) const {
        return code(std::fma(number(operands.a[k]), number(operands.b[k]), number(held)));
    }

  private:
    static T number(std::uint64_t code) { return std::bit_cast<T>(static_cast<Code>(code)); }
    static std::uint64_t code(T number) { return std::bit_cast<Code>(number); }
};

/// Takes places in k for terms, and multiplies them on its way.
template <class Arithmetic>
class FusedChain {
  public:
    explicit FusedChain(const Arithmetic& arithmetic, std::uint64_t first = 0) : of_(&arithmetic), held_(first) {}
    void add(std::uint64_t k) { held_ = of_->fused(k, held_); }
    std::uint64_t sum() const { return held_; }

  private:
    const Arithmetic* of_;
    std::uint64_t held_;
};

template <class Arithmetic>
std::uint64_t summed(const PlainSum& sum, const Arithmetic& by, std::size_t length,
                     const std::optional<std::uint64_t>& c) {
    std::vector<std::uint64_t> codes(length);
    std::iota(codes.begin(), codes.end(), std::uint64_t{0});
    const std::span<const std::uint64_t> terms = codes;
    const bool fused = sum.products == Products::Fused;
    if (fused && sum.is_chain()) return sum_in_sequence(FusedChain(by, c.value_or(0)), terms);
    assert(!fused || sum.order.grouping != Grouping::Blocks);  // whose sums would be taken for places
    if (!fused)
        for (std::uint64_t& code : codes) code = by.product(code);
    if (sum.is_chain()) {
        std::uint64_t held = c.value_or(0);
        for (const std::uint64_t term : terms) held = by.add(held, term);
        return held;
    }
    const std::uint64_t total =
        fused ? sum_in_groups(sum.order, FusedChain(by), by, terms) : halfulp::sum(sum.order, by, terms);
    return c ? by.add(total, *c) : total;
}

}  // namespace

std::uint64_t plain_dot(const PlainSum& sum, const Format& accumulator, const DotOperands& operands,
                        const std::optional<std::uint64_t>& c, const Env& env) {
    if (sum.products == Products::Exact) {
        const std::optional<Operand> start = c ? std::optional<Operand>{{accumulator, *c}} : std::nullopt;
        return dot(accumulator, {operands.a_format, operands.a}, {operands.b_format, operands.b}, env, start).code;
    }
    const bool carries_nans = env.nan == NanPolicy::X86Sse || env.nan == NanPolicy::Arm;
    const bool usual = env.rounding == Rounding::NearestEven && !env.flush_inputs &&
                       env.flush_outputs == Flush::Never && !carries_nans;
    const bool alike = operands.a_format == accumulator && operands.b_format == accumulator;
    const std::size_t length = operands.a.size();
    const auto with_nan = [&](std::uint64_t code) {
        return accumulator.is_nan(code) ? default_nan(accumulator, env.nan) : code;
    };
    if (usual && alike && accumulator == binary32)
        return with_nan(summed(sum, HostArithmetic<float, std::uint32_t>{operands}, length, c));
    if (usual && alike && accumulator == binary64)
        return with_nan(summed(sum, HostArithmetic<double, std::uint64_t>{operands}, length, c));
    return summed(sum, SoftArithmetic{operands, accumulator, env}, length, c);
}

}  // namespace halfulp
