#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace halfulp {

/// What a shard of a campaign gave.
struct ShardResult {
    std::uint64_t hash = 0;             ///< property::TableHash of the reference's results
    std::uint64_t mismatches = 0;       ///< results of the candidate that differ
    std::vector<std::string> examples;  ///< the first few of them, a line each

    friend bool operator==(const ShardResult&, const ShardResult&) = default;
};

/// The results of a campaign so far, as a file. The file depends on the campaign and on which shards are done, not on
/// time, threads or interruptions.
class Manifest {
  public:
    /// `campaign` names what is computed, down to the last option: results of different campaigns never mix.
    Manifest(std::string campaign, std::uint64_t shards) : campaign_(std::move(campaign)), shards_(shards) {}

    /// Continues what a file holds. Throws InputError if it cannot be read, or is the manifest of another campaign.
    void read(const std::filesystem::path& path);

    /// Replaces the file as a whole: whoever is interrupted leaves the old or the new one. Throws InputError.
    void write(const std::filesystem::path& path) const;

    void add(std::uint64_t shard, ShardResult result) { done_.insert_or_assign(shard, std::move(result)); }
    const std::map<std::uint64_t, ShardResult>& done() const { return done_; }
    std::uint64_t shards() const { return shards_; }

    std::uint64_t mismatches() const;
    /// Of the results of all shards done: the sum of the shards' hashes, as property::TableHash says.
    std::uint64_t hash() const;

  private:
    std::string campaign_;
    std::uint64_t shards_;
    std::map<std::uint64_t, ShardResult> done_;
};

}  // namespace halfulp
