#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include <halfulp/lib/verify/manifest.hpp>

namespace halfulp {

class ShardQueue;

/// How far a campaign is, for whoever shows it.
struct CampaignProgress {
    std::uint64_t done;     ///< shards, those of a resumed manifest included
    std::uint64_t wanted;   ///< shards of this run's part
    std::uint64_t resumed;  ///< of `done`, those that were there before
};

/// How a campaign is run.
struct CampaignOptions {
    unsigned threads = 1;                 ///< of this process, which compute shards
    std::uint64_t part = 1, parts = 1;    ///< shards of this run: the part-th of so many equal ranges, counting from 1
    std::filesystem::path manifest = {};  ///< checkpoint after each shard, shared with other processes; none if empty
    std::function<void(const CampaignProgress&)> show = {};  ///< called after each checkpoint, one call at a time
    std::function<void(ShardQueue&)> others =
        {};  ///< gives shards to others than the threads, as long as they want any
};

/// What a shard gives: a pure function of its number, so that neither threads nor interruptions change a manifest.
using Shard = std::function<ShardResult(std::uint64_t)>;

/// Computes the shards of this run's part that the manifest lacks. Exceptions of a shard end the campaign and are thrown on.
/// Throws InputError if the part has more shards than a manifest can list.
void run_campaign(Manifest& manifest, const Shard& shard, const CampaignOptions& options);

}  // namespace halfulp
