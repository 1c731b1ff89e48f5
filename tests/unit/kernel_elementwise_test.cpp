// Claim: elementwise delivers the codes and flags of the exact engine on each element, whichever way it takes, for every
// pair of formats, in words of any width, for lengths across the ends of its blocks, in place too; and refuses the rest.
// Oracle: halfulp::compute on each element (held to MPFR and to exact rationals elsewhere).
// Shared: where no kernel takes the formats, elementwise calls that function itself; what is tested there is the walk.

#include <gtest/gtest.h>

#include <halfulp/lib/kernel/elementwise.hpp>
#include <stdexcept>

#include "support/batch.hpp"
#include "support/operands.hpp"
#include "support/print.hpp"

namespace halfulp::test {
namespace {

using kernel::CodeArray, kernel::NumberArray, kernel::ResultArray;

template <class Word>
std::vector<Word> words_of(const std::vector<std::uint64_t>& codes) {
    std::vector<Word> words;
    for (const std::uint64_t code : codes) words.push_back(static_cast<Word>(code));
    return words;
}

/// Codes in the narrowest words, or the next ones.
class Words {
  public:
    Words(const std::vector<std::uint64_t>& codes, int width, bool wider = false)
        : bytes_((width <= 8    ? 1
                  : width <= 16 ? 2
                  : width <= 32 ? 4
                                : 8)
                 << (wider && width <= 32 ? 1 : 0)),
          w8_(words_of<std::uint8_t>(codes)),
          w16_(words_of<std::uint16_t>(codes)),
          w32_(words_of<std::uint32_t>(codes)),
          w64_(codes) {}

    CodeArray codes() const {
        if (bytes_ == 1) return std::span(w8_);
        if (bytes_ == 2) return std::span(w16_);
        if (bytes_ == 4) return std::span(w32_);
        return std::span(w64_);
    }
    ResultArray results() {
        if (bytes_ == 1) return std::span(w8_);
        if (bytes_ == 2) return std::span(w16_);
        if (bytes_ == 4) return std::span(w32_);
        return std::span(w64_);
    }
    std::uint64_t at(std::size_t i) const {
        return std::visit([i](auto span) -> std::uint64_t { return span[i]; }, codes());
    }

  private:
    int bytes_;
    std::vector<std::uint8_t> w8_;
    std::vector<std::uint16_t> w16_;
    std::vector<std::uint32_t> w32_;
    std::vector<std::uint64_t> w64_;
};

constexpr std::uint64_t seed = 5, first = 7;

/// Columns of one format, or of two that take turns.
std::vector<std::vector<std::uint64_t>> edges(const std::vector<Format>& of, std::size_t count) {
    std::vector<std::vector<std::uint64_t>> columns(of.size());
    SplitMix bits(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Operands x = edge_operands(of[0], bits);
        for (std::size_t j = 0; j < of.size(); ++j)
            columns[j].push_back(of[j] == of[0] ? x.at(j) : property::edge_code(of[j], bits));
    }
    return columns;
}

void expect_exact(Operation operation, const Format& to, const std::vector<Format>& of, std::size_t count,
                  const Env& env, bool wider = false) {
    const auto columns = edges(of, count);
    std::vector<Words> words;
    std::vector<NumberArray> operands;
    for (std::size_t j = 0; j < of.size(); ++j) words.emplace_back(columns[j], of[j].width, wider);
    for (std::size_t j = 0; j < of.size(); ++j) operands.push_back({of[j], words[j].codes()});
    Words results(std::vector<std::uint64_t>(count, 0x55), to.width, wider);
    std::vector<Status> each(count);
    const Status all = elementwise(operation, to, operands, results.results(), env, each, {seed, first});
    Status together;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<Operand> x;
        for (std::size_t j = 0; j < of.size(); ++j) x.push_back({of[j], columns[j][i]});
        Env drawn = env;
        drawn.random = kernel::draw({seed, first}, i);
        const Rounded wanted = compute(operation, to, x, drawn);
        ASSERT_EQ((Rounded{results.at(i), each[i]}), wanted)
            << name_of(operation) << " " << name_of(of[0]) << " to " << name_of(to) << ", element " << i;
        together = together | wanted.status;
    }
    EXPECT_EQ(all, together);
}

TEST(KernelElementwise, ConvertsEveryPairOfFormats) {
    for (const auto& from : formats)
        for (const auto& to : formats)
            for (const auto& row : roundings)
                for (const bool flushes : {false, true})
                    expect_exact(Operation::Convert, to.format, {from.format}, 131,
                                 {.rounding = row.rounding, .flush_inputs = flushes}, flushes);
}

TEST(KernelElementwise, CalculatesInEveryFormat) {
    for (const auto& f : formats)
        for (const NamedOperation& row : arithmetic_operations)
            for (const auto& rounding : roundings)
                expect_exact(row.operation, f.format, std::vector(row.operands, f.format), 67,
                             {.rounding = rounding.rounding}, rounding.rounding == Rounding::Up);
}

TEST(KernelElementwise, WalksAcrossItsBlocks) {
    for (const std::size_t count : {0U, 1U, 1023U, 1024U, 1025U, 2500U}) {
        const Env env{.rounding = Rounding::Stochastic};
        expect_exact(Operation::Convert, e2m1, {bfloat16}, count, env);
        expect_exact(Operation::Convert, e4m3fn, {binary32}, count, env);
        expect_exact(Operation::Convert, binary32, {e8m0}, count, env);
        expect_exact(Operation::Fma, e4m3fn, std::vector(3, e4m3fn), count, env);
        expect_exact(Operation::Fma, bfloat16, std::vector(3, bfloat16), count, env);
        expect_exact(Operation::Add, binary32, std::vector(2, binary32), count, env);
    }
}

/// What kernels do not know: mixed formats, NaN policies, formats that are in no table, operations beyond arithmetic.
TEST(KernelElementwise, TakesWhatNoKernelKnows) {
    const Format odd = ieee(13, 9);
    expect_exact(Operation::Fma, bfloat16, {binary16, e4m3fn, binary32}, 200, {});
    expect_exact(Operation::Add, binary16, {binary16, binary16}, 200, {.nan = NanPolicy::X86Sse});
    expect_exact(Operation::Convert, binary16, {binary32}, 200, {.nan = NanPolicy::Cuda});
    expect_exact(Operation::Div, odd, {odd, odd}, 200, {});
    expect_exact(Operation::Remainder, binary64, {binary64, binary64}, 200, {});
    expect_exact(Operation::NextUp, e2m3, {e2m3}, 64, {});
    expect_exact(Operation::Less, binary32, {binary16, e5m2}, 200, {});
}

TEST(KernelElementwise, ReplacesAnOperand) {
    std::vector<std::uint8_t> a{0x38, 0x40, 0x7F}, b{0x38, 0x38, 0x38};
    const std::vector<NumberArray> operands{{e4m3fn, std::span<const std::uint8_t>(a)},
                                            {e4m3fn, std::span<const std::uint8_t>(b)}};
    elementwise(Operation::Add, e4m3fn, operands, std::span(a));
    EXPECT_EQ(a, (std::vector<std::uint8_t>{0x40, 0x44, 0x7F}));  // 1 + 1, 2 + 1, NaN
}

TEST(KernelElementwise, RefusesWhatDoesNotFit) {
    std::vector<std::uint8_t> bytes(2);
    std::vector<std::uint16_t> words(2), fewer(1);
    const auto expect_refused = [&](Operation operation, const Format& to, const std::vector<NumberArray>& operands,
                                    const ResultArray& results) {
        EXPECT_THROW(elementwise(operation, to, operands, results), std::invalid_argument);
    };
    const NumberArray half{binary16, std::span<const std::uint16_t>(words)};
    const NumberArray cramped{binary16, std::span<const std::uint8_t>(bytes)};
    const NumberArray lone{binary16, std::span<const std::uint16_t>(fewer)};
    expect_refused(Operation::Add, binary16, {half}, std::span(words));
    expect_refused(Operation::Add, binary16, {half, lone}, std::span(words));
    expect_refused(Operation::Add, binary16, {half, cramped}, std::span(words));
    expect_refused(Operation::Convert, binary16, {half}, std::span(bytes));
    expect_refused(Operation::Negate, bfloat16, {half}, std::span(words));
    expect_refused(Operation::Scalb, binary16, {half, half}, std::span(words));
    EXPECT_EQ(words, std::vector<std::uint16_t>(2));
}

/// By walking there.
TEST(StepsBetween, AreThoseOfNextUp) {
    for (const Format& f : {e2m1, e4m3fnuz, e8m0, e5m2})
        for (std::uint64_t a = 0; a <= f.code_mask(); ++a) {
            std::uint64_t steps = 0, code = a;
            for (std::uint64_t next = next_up(f, code); next != code && !f.is_nan(code); next = next_up(f, code)) {
                code = next, ++steps;
                ASSERT_EQ(steps_between(f, a, code), steps) << name_of(f) << " " << a << " " << code;
                ASSERT_EQ(steps_between(f, code, a), steps);
            }
            EXPECT_EQ(steps_between(f, a, a).has_value(), !f.is_nan(a));
        }
    EXPECT_EQ(steps_between(e5m2, 0x80, 0), 0U);
    EXPECT_EQ(steps_between(binary64, 0xFFF0000000000000, 0x7FF0000000000000), 0xFFE0000000000000);
}

}  // namespace
}  // namespace halfulp::test
