// Claim: on all 2^32 pairs of codes of binary16 and of bfloat16, sum, difference, product and quotient by the narrow
// engine are those of the exact one, bits and flags, in the seven deterministic roundings with every rule of overflow and
// tininess. Prints a hash of each table of results (lib/property/table_hash.hpp), which others may compute again.
// Oracle: the exact engine. Shared: the rows of formats.hpp, rounds_away and overflow_is_infinite.
#include <algorithm>
#include <atomic>
#include <halfulp/lib/property/table_hash.hpp>
#include <thread>
#include <vector>

#include "support/narrow_engine.hpp"
#include "support/operation.hpp"

namespace halfulp::test {
namespace {

using property::TableHash;

constexpr std::array rules = {
    Env{.overflow = Overflow::ByRounding, .tininess = Tininess::AfterRounding},
    Env{.overflow = Overflow::Saturate, .tininess = Tininess::BeforeRounding},
    Env{.overflow = Overflow::ToInfinity, .tininess = Tininess::AfterRounding},
};

/// What one thread has seen.
struct Slice {
    std::uint64_t results = 0, wrong = 0;
    std::array<TableHash, deterministic_roundings.size()> hashes{};  ///< by the first of the rules
};

/// One result by both engines: from the exact one the number, which is rounded in each environment.
template <Format F, Operation op>
void compare(const Operands& operands, const Sticky& exact, std::uint64_t row, Slice& slice) {
    for (std::size_t r = 0; r < deterministic_roundings.size(); ++r) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            Env env = rules[i];
            env.rounding = deterministic_roundings[r].rounding;
            const Rounded wanted = round_pack(F, exact, env), got = narrow::compute<F>(op, operands, env);
            if (i == 0) slice.hashes[r].add(row, got);
            ++slice.results;
            if (wanted == got || ++slice.wrong > 3) continue;
            ADD_FAILURE() << name_of(F) << ' ' << name_of(op) << ' ' << name_of(env.rounding) << std::hex << " 0x"
                          << operands[0] << " 0x" << operands[1] << "\n  expected " << text(F, wanted)
                          << "\n  got      " << text(F, got);
        }
    }
}

/// The rows whose first operand no other thread takes.
template <Format F, Operation op>
void run_slice(std::atomic<std::uint64_t>& next, Slice& slice) {
    for (std::uint64_t a = next++; a <= F.code_mask(); a = next++) {
        for (std::uint64_t b = 0; b <= F.code_mask(); ++b) {
            const std::array operands{Operand{F, a}, Operand{F, b}};
            compare<F, op>({a, b, 0}, result_of(op, operands), a << F.width | b, slice);
        }
    }
}

template <Format F, Operation op>
void expect_every_pair() {
    std::vector<Slice> slices(std::max(1U, std::thread::hardware_concurrency()));
    std::vector<std::thread> threads;
    threads.reserve(slices.size());
    std::atomic<std::uint64_t> next = 0;
    for (Slice& slice : slices) threads.emplace_back([&] { run_slice<F, op>(next, slice); });
    for (std::thread& thread : threads) thread.join();
    Slice all;
    for (const Slice& slice : slices) {
        all.results += slice.results;
        all.wrong += slice.wrong;
        for (std::size_t r = 0; r < all.hashes.size(); ++r) all.hashes[r].add(slice.hashes[r]);
    }
    std::cout << name_of(F) << ' ' << name_of(op) << ": " << all.results << " results, " << all.wrong << " wrong\n";
    for (std::size_t r = 0; r < all.hashes.size(); ++r)
        std::cout << "  " << std::hex << all.hashes[r].value() << std::dec << ' ' << deterministic_roundings[r].name
                  << '\n';
    EXPECT_EQ(all.wrong, 0U);
}

TEST(ExhaustiveNarrow, Binary16Add) { expect_every_pair<binary16, Operation::Add>(); }
TEST(ExhaustiveNarrow, Binary16Sub) { expect_every_pair<binary16, Operation::Sub>(); }
TEST(ExhaustiveNarrow, Binary16Mul) { expect_every_pair<binary16, Operation::Mul>(); }
TEST(ExhaustiveNarrow, Binary16Div) { expect_every_pair<binary16, Operation::Div>(); }
TEST(ExhaustiveNarrow, Bfloat16Add) { expect_every_pair<bfloat16, Operation::Add>(); }
TEST(ExhaustiveNarrow, Bfloat16Sub) { expect_every_pair<bfloat16, Operation::Sub>(); }
TEST(ExhaustiveNarrow, Bfloat16Mul) { expect_every_pair<bfloat16, Operation::Mul>(); }
TEST(ExhaustiveNarrow, Bfloat16Div) { expect_every_pair<bfloat16, Operation::Div>(); }

}  // namespace
}  // namespace halfulp::test
