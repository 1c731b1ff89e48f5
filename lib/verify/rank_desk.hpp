#pragma once

#include <string>

#include <halfulp/lib/verify/campaign.hpp>
#include <halfulp/lib/verify/manifest.hpp>
#include <halfulp/lib/verify/ranks.hpp>
#include <halfulp/lib/verify/shard_queue.hpp>

namespace halfulp {

/// Where rank 0 gives shards to the other ranks and takes their results. Only rank 0 has the manifest's file; a thread is
/// given its next shard when its last one is in the checkpoint, so that a rank that dies costs what it was computing.
class RankDesk {
  public:
    /// `arguments`: everything that all ranks must agree on, in a line.
    RankDesk(Ranks& ranks, std::string arguments) : ranks_(ranks), arguments_(std::move(arguments)) {}
    RankDesk(const RankDesk&) = delete;
    RankDesk& operator=(const RankDesk&) = delete;
    /// Tells those who still ask that there is nothing to do, and waits until they know.
    ~RankDesk();

    /// Until every rank has gone. What a rank does wrong fails the queue: other arguments, a shard that could not be computed.
    /// `campaign` says which one it is; what it holds is of no matter.
    void serve(ShardQueue& queue, const Manifest& campaign);

  private:
    /// Throws InputError where it tells what is wrong.
    void read(const Letter& letter, Manifest& results);

    Ranks& ranks_;
    std::string arguments_;
    unsigned gone_ = 0;
};

/// What the other ranks do: compute shards as long as rank 0 gives them any.
void follow_campaign(Ranks& ranks, const std::string& arguments, const Manifest& campaign, const Shard& shard,
                     unsigned threads);

}  // namespace halfulp
