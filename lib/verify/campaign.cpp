#include <halfulp/lib/verify/campaign.hpp>

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace halfulp {
namespace {

/// The shards of a part: ranges that differ in length by one at most.
std::vector<std::uint64_t> shards_of_part(std::uint64_t shards, std::uint64_t part, std::uint64_t parts) {
    const auto start = [&](std::uint64_t i) { return shards / parts * i + std::min(i, shards % parts); };
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t i = start(part - 1); i < start(part); ++i) numbers.push_back(i);
    return numbers;
}

/// What the threads of a campaign share.
class Run {
  public:
    Run(Manifest& manifest, const std::function<ShardResult(std::uint64_t)>& shard, const CampaignOptions& options)
        : manifest_(manifest), shard_(shard), options_(options) {
        for (const std::uint64_t i : shards_of_part(manifest.shards(), options.part, options.parts))
            (manifest.done().contains(i) ? ++progress_.resumed : (missing_.push_back(i), 0));
        progress_.done = progress_.resumed;
        progress_.wanted = progress_.resumed + missing_.size();
    }

    void work() {
        try {
            for (std::uint64_t number = 0; take(number);) finish(number, shard_(number));
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!error_) error_ = std::current_exception();
        }
    }

    void rethrow() const {
        if (error_) std::rethrow_exception(error_);
    }

  private:
    bool take(std::uint64_t& number) {
        const std::lock_guard lock(mutex_);
        if (error_ || next_ == missing_.size()) return false;
        number = missing_[next_++];
        return true;
    }

    void finish(std::uint64_t number, ShardResult result) {
        const std::lock_guard lock(mutex_);
        manifest_.add(number, std::move(result));
        ++progress_.done;
        if (!options_.manifest.empty()) manifest_.checkpoint(options_.manifest);
        if (options_.show) options_.show(progress_);
    }

    Manifest& manifest_;
    const std::function<ShardResult(std::uint64_t)>& shard_;
    const CampaignOptions& options_;
    std::vector<std::uint64_t> missing_;
    std::size_t next_ = 0;
    CampaignProgress progress_{};
    std::exception_ptr error_;
    std::mutex mutex_;
};

}  // namespace

void run_campaign(Manifest& manifest, const std::function<ShardResult(std::uint64_t)>& shard,
                  const CampaignOptions& options) {
    Run run(manifest, shard, options);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back([&run] { run.work(); });
    for (std::thread& thread : threads) thread.join();
    run.rethrow();
}

}  // namespace halfulp
