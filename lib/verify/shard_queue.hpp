#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include <halfulp/lib/verify/campaign.hpp>
#include <halfulp/lib/verify/manifest.hpp>

namespace halfulp {

/// The missing shards of a campaign's part, for all who compute them, and the way of their results into the manifest.
/// Thread-safe.
class ShardQueue {
  public:
    /// Throws InputError if the part has more shards than a manifest can list. The manifest is the queue's as long as it lives.
    ShardQueue(Manifest& manifest, const CampaignOptions& options);

    /// The next shard to compute; none where all are taken or something failed.
    std::optional<std::uint64_t> take();

    /// Returns when the results are in the checkpoint. Results that come while one is written go into the next one together.
    void finish(std::map<std::uint64_t, ShardResult> results);

    /// Nothing more is handed out.
    void fail(std::exception_ptr error);

    /// Throws what failed first, if anything did.
    void rethrow() const;

  private:
    void save(std::unique_lock<std::mutex>& lock);

    Manifest& manifest_;
    const CampaignOptions& options_;
    std::vector<std::uint64_t> missing_;
    std::size_t next_ = 0;
    std::map<std::uint64_t, ShardResult> unsaved_;
    std::uint64_t finished_ = 0, saved_ = 0;  ///< shards, of missing_
    bool saving_ = false;
    CampaignProgress progress_{};
    std::exception_ptr error_;
    std::mutex mutex_;
    std::condition_variable saved_more_;
};

}  // namespace halfulp
