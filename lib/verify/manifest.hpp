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
/// time, threads, processes or interruptions.
class Manifest {
  public:
    /// `campaign` names what is computed, down to the last option: results of different campaigns never mix. No shard
    /// has more than `shard_results` results.
    Manifest(std::string campaign, std::uint64_t shards, std::uint64_t shard_results)
        : campaign_(std::move(campaign)), shards_(shards), shard_results_(shard_results) {}

    /// Adds what a file holds. Throws InputError, with the field, if the file cannot be read, is no manifest or that of
    /// another campaign, contradicts itself or what is known here.
    void read(const std::filesystem::path& path);

    /// The same of such a text, which errors call by a name.
    void read_text(const std::string& text, const std::string& name);

    /// Adds what the file holds by now, if there is one, and replaces it as a whole: whoever is interrupted leaves the
    /// old or the new one, and processes that share a manifest lose nothing of each other's. Throws InputError as read.
    void checkpoint(const std::filesystem::path& path);

    /// One of the same campaign, of which nothing is known.
    Manifest empty() const { return {campaign_, shards_, shard_results_}; }

    /// In place of what was known of that shard.
    void add(std::uint64_t shard, ShardResult result) { done_.insert_or_assign(shard, std::move(result)); }
    const std::map<std::uint64_t, ShardResult>& done() const { return done_; }  ///< by the number of the shard
    const std::string& campaign() const { return campaign_; }                   ///< what is computed
    std::uint64_t shards() const { return shards_; }                            ///< of the campaign, done or not

    /// The sum over all shards done.
    std::uint64_t mismatches() const;
    /// Of the results of all shards done: the sum of the shards' hashes, as property::TableHash says.
    std::uint64_t hash() const;

    /// The text of the file.
    std::string text() const;

  private:
    std::string campaign_;
    std::uint64_t shards_, shard_results_;
    std::map<std::uint64_t, ShardResult> done_;
};

/// A hash as it is printed: 16 hexadecimal digits, for JSON's own numbers are exact up to 2^53 alone.
std::string hash_text(std::uint64_t hash);

}  // namespace halfulp
