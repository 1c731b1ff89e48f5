#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/verify/engine.hpp>
#include <halfulp/lib/verify/manifest.hpp>

namespace halfulp {

/// A candidate held against a reference: on every tuple of operands, or on a sample biased to the edges.
struct Sweep {
    Subject subject;                           ///< what both compute
    std::vector<Env> envs;                     ///< each for all tuples
    Engine candidate, reference;               ///< what is verified; what it is held against
    std::optional<std::uint64_t> sample = {};  ///< how many tuples; all without it
    std::uint64_t seed = 0;                    ///< of the sample, and of the random bits of Stochastic

    /// Throws InputError if an engine cannot be asked, with those that can, or if there are 2^64 tuples and more and no
    /// sample.
    void check() const;

    /// How many: the sample's, or all of the operands' codes. Pre: check() does not throw.
    std::uint64_t tuples() const;
    /// How many: of 2^20 tuples each, but for the rest in the last one.
    std::uint64_t shards() const;
    std::uint64_t shard_results() const;  ///< of a full shard, in all environments

    /// Everything that decides the results, in a line: what a manifest is known by.
    std::string text() const;

    /// The random bits of Stochastic, from a tuple on: another seed than the sample's, whose bits make the operands.
    kernel::Draws draws_from(std::uint64_t tuple) const;

    /// The tuples of a shard through both engines. Thread-safe.
    ShardResult run(std::uint64_t shard) const;
};

}  // namespace halfulp
