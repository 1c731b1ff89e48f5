#include <algorithm>
#include <bit>

#include <halfulp/lib/verify/engine/rows.h>
#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

// The SIMD kernels.

namespace halfulp {
namespace {

/// Asks twice, because a kernel takes another path where only the flags of all elements are wanted.
/// `kernel(codes, each)` returns those. Where the two disagree, no code of any format is answered.
template <class Code, class Kernel>
void answer_both(std::span<Rounded> results, const Kernel& kernel) {
    const std::size_t count = results.size();
    std::vector<Code> codes(count), alone(count);
    std::vector<Status> each(count);
    const Status all = kernel(std::span(codes), std::span(each)), all_alone = kernel(std::span(alone), {});
    constexpr std::uint64_t no_code = ~std::uint64_t{0};
    Status seen;
    for (std::size_t i = 0; i < count; ++i) {
        results[i] = {codes[i] == alone[i] ? codes[i] : no_code, each[i]};
        seen = seen | each[i];
    }
    if (all != seen || all_alone != seen) results[0].code = no_code;
}

/// The codes of one place.
template <class Code>
std::vector<Code> column(std::span<const Operands> operands, std::size_t place) {
    std::vector<Code> codes;
    codes.reserve(operands.size());
    for (const Operands& tuple : operands) codes.push_back(static_cast<Code>(tuple.at(place)));
    return codes;
}

/// `answer(env, results)` in each environment.
template <class Answer>
void in_each(const Questions& q, std::span<Rounded> results, const Answer& answer) {
    for (const Env& env : q.envs) {
        answer(env, results.first(q.operands.size()));
        results = results.subspan(q.operands.size());
    }
}

void run_operation(const Questions& q, std::span<Rounded> results) {
    const auto a = column<std::uint16_t>(q.operands, 0), b = column<std::uint16_t>(q.operands, 1),
               c = column<std::uint16_t>(q.operands, 2);
    in_each(q, results, [&](const Env& env, std::span<Rounded> of_env) {
        answer_both<std::uint16_t>(of_env, [&](std::span<std::uint16_t> codes, std::span<Status> each) {
            return kernel::compute(q.subject.operation(), q.subject.from, a, b, c, codes, env, each, q.draws);
        });
    });
}

template <class Code>
void run_narrow_to(const Questions& q, std::span<Rounded> results) {
    std::vector<float> numbers;
    numbers.reserve(q.operands.size());
    for (const std::uint32_t code : column<std::uint32_t>(q.operands, 0)) numbers.push_back(std::bit_cast<float>(code));
    in_each(q, results, [&](const Env& env, std::span<Rounded> of_env) {
        answer_both<Code>(of_env, [&](std::span<Code> codes, std::span<Status> each) {
            return kernel::narrow(q.subject.to, numbers, codes, env, each, q.draws);
        });
    });
}

template <class Code>
void run_widen_from(const Questions& q, std::span<Rounded> results) {
    const auto codes = column<Code>(q.operands, 0);
    in_each(q, results, [&](const Env& env, std::span<Rounded> of_env) {
        answer_both<std::uint32_t>(of_env, [&](std::span<std::uint32_t> bits, std::span<Status> each) {
            std::vector<float> numbers(bits.size());
            const Status all = kernel::widen(q.subject.from, codes, numbers, env, each);
            for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = std::bit_cast<std::uint32_t>(numbers[i]);
            return all;
        });
    });
}

bool converts(const Format& to, const Format& from) {
    return (from == binary32 && to.width < 32) || (to == binary32 && from.width < 32);
}

}  // namespace

std::string batch_lacks(const Subject& s, const Env& env) {
    if (!s.is(OperationKind::Arithmetic) && !s.is(Operation::Convert))
        return "batch is asked for add, sub, mul, div, sqrt, fma and convert";
    if (s.is(Operation::Convert) && !converts(s.to, s.from))
        return "batch converts between binary32 and narrower formats";
    if (s.is(OperationKind::Arithmetic) && (s.from != s.to || s.from.width > 16 || !s.from.is_signed))
        return "batch is asked in signed formats of at most 16 bits, and for results in the operands' format";
    return env.nan == NanPolicy::IeeeDefault ? "" : "batch has one NaN";
}

void run_batch(const Questions& q, std::span<Rounded> results) {
    const Subject& s = q.subject;
    if (!s.is(Operation::Convert)) return run_operation(q, results);
    const int width = std::min(s.from.width, s.to.width);
    if (s.from == binary32)
        (width <= 8    ? run_narrow_to<std::uint8_t>
         : width <= 16 ? run_narrow_to<std::uint16_t>
                       : run_narrow_to<std::uint32_t>)(q, results);
    else
        (width <= 8    ? run_widen_from<std::uint8_t>
         : width <= 16 ? run_widen_from<std::uint16_t>
                       : run_widen_from<std::uint32_t>)(q, results);
}

}  // namespace halfulp
