// Claim: narrow delivers the codes and flags of the exact engine for every binary32 code, to every narrower format, in
// every rounding, saturating and with the other rules of tininess and flushing too.
// Oracle: the exact engine. Shared: what special values become is asked of it by the kernels, too.

#include <thread>

#include "support/batch.hpp"
#include "support/print.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint64_t block = 1 << 16;

/// Codes of one block: all that agree above their last 16 bits.
template <class Code>
void expect_block_narrowed(const Format& to, const Env& env, std::uint64_t first) {
    std::vector<float> numbers(block);
    std::vector<Code> codes(block);
    std::vector<Status> each(block);
    for (std::uint64_t i = 0; i < block; ++i) numbers[i] = std::bit_cast<float>(static_cast<std::uint32_t>(first + i));
    const kernel::Draws draws{.seed = 1, .first = first};
    const Status all = kernel::narrow(to, numbers, std::span(codes), env, each, draws);
    std::vector<Code> unaccompanied(block);
    const Status hardware = kernel::narrow(to, numbers, std::span(unaccompanied), env, {}, draws);
    Status expected{};
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < block; ++i) {
        const Rounded r = converted(to, binary32, first + i, env, draws, i);
        expected = expected | r.status;
        if (r.code != codes[i] || r.code != unaccompanied[i] || !(r.status == each[i])) ++wrong;
    }
    EXPECT_EQ(wrong, 0U) << text(env) << ", from 0x" << std::hex << first;
    EXPECT_EQ(all, expected) << text(env) << ", from 0x" << std::hex << first;
    EXPECT_EQ(hardware, expected) << text(env) << ", from 0x" << std::hex << first;
}

void expect_slice_narrowed(const Format& to, const Env& env, unsigned slice, unsigned slices) {
    for (std::uint64_t first = slice * block; first <= binary32.code_mask(); first += slices * block) {
        if (to.width <= 8) expect_block_narrowed<std::uint8_t>(to, env, first);
        if (to.width > 8 && to.width <= 16) expect_block_narrowed<std::uint16_t>(to, env, first);
        if (to.width > 16) expect_block_narrowed<std::uint32_t>(to, env, first);
    }
}

std::vector<NamedFormat> narrow_formats() {
    std::vector<NamedFormat> some;
    for (const auto& row : formats)
        if (row.format.width < 32) some.push_back(row);
    return some;
}

std::vector<Env> every_rounding_and_one_of_each_rule() {
    std::vector<Env> some;
    some.reserve(roundings.size() + 2);
    for (const auto& row : roundings) some.push_back({.rounding = row.rounding});
    some.push_back({.overflow = Overflow::Saturate, .tininess = Tininess::BeforeRounding});
    some.push_back({.overflow = Overflow::ToInfinity, .flush_inputs = true, .flush_outputs = Flush::AfterRounding});
    return some;
}

class ExhaustiveKernelConvert : public testing::TestWithParam<NamedFormat> {};
INSTANTIATE_TEST_SUITE_P(EveryFormat, ExhaustiveKernelConvert, testing::ValuesIn(narrow_formats()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_P(ExhaustiveKernelConvert, EveryBinary32) {
    const unsigned slices = std::max(1U, std::thread::hardware_concurrency());
    for (const Env& env : every_rounding_and_one_of_each_rule()) {
        std::vector<std::thread> threads;
        for (unsigned slice = 0; slice < slices; ++slice)
            threads.emplace_back(expect_slice_narrowed, GetParam().format, env, slice, slices);
        for (std::thread& thread : threads) thread.join();
    }
}

}  // namespace
}  // namespace halfulp::test
