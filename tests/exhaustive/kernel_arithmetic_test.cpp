// Claim: batch add, sub, mul and div deliver the codes and flags of the exact engine for every pair of codes of binary16
// and bfloat16, in every rounding.
// Oracle: the exact engine. Shared: what special values become is asked of it by the kernels, too.

#include <thread>

#include "support/batch.hpp"
#include "support/print.hpp"

namespace halfulp::test {
namespace {

struct Campaign {
    Operation operation;
    Format format;
    Rounding rounding;
};

/// One first operand with every second one.
bool row_is_right(const Campaign& c, std::uint16_t a) {
    const std::size_t count = std::size_t{1} << 16;
    std::vector<std::uint16_t> first(count, a), second(count), codes(count), unaccompanied(count);
    std::vector<Status> each(count);
    for (std::size_t b = 0; b < count; ++b) second[b] = static_cast<std::uint16_t>(b);
    Env env{.rounding = c.rounding};
    const kernel::Draws draws{.seed = 5, .first = a * count};
    const Status all = kernel::compute(c.operation, c.format, first, second, {}, codes, env, each, draws);
    const Status hardware = kernel::compute(c.operation, c.format, first, second, {}, unaccompanied, env, {}, draws);
    Status expected{};
    bool right = codes == unaccompanied;
    for (std::size_t b = 0; b < count; ++b) {
        env.random = kernel::draw(draws, b);
        const Rounded r = compute(c.operation, c.format, Operands{a, b, 0}, env);
        expected = expected | r.status;
        right = right && r.code == codes[b] && r.status == each[b];
    }
    return right && all == expected && hardware == expected;
}

void expect_slice_right(const Campaign& c, unsigned slice, unsigned slices) {
    std::uint64_t wrong = 0;
    for (std::uint64_t a = slice; a <= c.format.code_mask(); a += slices)
        if (!row_is_right(c, static_cast<std::uint16_t>(a)) && ++wrong <= 5)
            ADD_FAILURE() << "first operand 0x" << std::hex << a;
    EXPECT_EQ(wrong, 0U) << "first operands";
}

std::vector<Campaign> campaigns() {
    std::vector<Campaign> all;
    all.reserve(std::size_t{2} * 4 * roundings.size());
    for (const Format& format : {binary16, bfloat16})
        for (const Operation operation : {Operation::Add, Operation::Sub, Operation::Mul, Operation::Div})
            for (const auto& row : roundings) all.push_back({operation, format, row.rounding});
    return all;
}

std::string text(const Campaign& c) {
    return std::string(name_of(c.operation)) + '_' + std::string(name_of(c.format)) + '_' +
           std::string(name_of(c.rounding));
}

class ExhaustiveKernelArithmetic : public testing::TestWithParam<Campaign> {};
INSTANTIATE_TEST_SUITE_P(EveryPair, ExhaustiveKernelArithmetic, testing::ValuesIn(campaigns()),
                         [](const auto& test) { return text(test.param); });

TEST_P(ExhaustiveKernelArithmetic, AsTheExactEngine) {
    const unsigned slices = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    for (unsigned slice = 0; slice < slices; ++slice)
        threads.emplace_back(expect_slice_right, GetParam(), slice, slices);
    for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace halfulp::test
