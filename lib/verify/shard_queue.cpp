#include <halfulp/lib/verify/shard_queue.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {
namespace {

constexpr std::uint64_t most_shards = std::uint64_t{1} << 20;  // 64 MB of a manifest, written as a whole each time

/// A part of the shards: ranges that differ in length by one at most.
std::pair<std::uint64_t, std::uint64_t> range_of_part(std::uint64_t shards, std::uint64_t part, std::uint64_t parts) {
    const auto start = [&](std::uint64_t i) { return shards / parts * i + std::min(i, shards % parts); };
    return {start(part - 1), start(part)};
}

}  // namespace

ShardQueue::ShardQueue(Manifest& manifest, const CampaignOptions& options) : manifest_(manifest), options_(options) {
    const auto [first, end] = range_of_part(manifest.shards(), options.part, options.parts);
    if (end - first > most_shards)
        throw InputError(
            fmt::format("expected at most {} shards, which a manifest can list: a part of {} and more; found {}",
                        most_shards, (manifest.shards() - 1) / most_shards + 1, end - first));
    for (std::uint64_t i = first; i < end; ++i)
        if (!manifest.done().contains(i)) missing_.push_back(i);
    progress_.resumed = end - first - missing_.size();
    progress_.done = progress_.resumed;
    progress_.wanted = end - first;
}

std::optional<std::uint64_t> ShardQueue::take() {
    const std::lock_guard lock(mutex_);
    if (error_ || next_ == missing_.size()) return std::nullopt;
    return missing_[next_++];
}

void ShardQueue::finish(std::map<std::uint64_t, ShardResult> results) {
    std::unique_lock lock(mutex_);
    finished_ += results.size();
    const std::uint64_t these = finished_;
    unsaved_.merge(results);
    while (saved_ < these)
        if (saving_)
            saved_more_.wait(lock);
        else
            save(lock);
}

/// Without the lock while it writes: who finishes meanwhile waits for the next time, which takes all of them.
void ShardQueue::save(std::unique_lock<std::mutex>& lock) {
    saving_ = true;
    const std::uint64_t last = finished_;
    const auto results = std::exchange(unsaved_, {});
    std::exception_ptr failed;
    lock.unlock();
    try {
        for (const auto& [number, result] : results) manifest_.add(number, result);
        if (!options_.manifest.empty()) manifest_.checkpoint(options_.manifest);
    } catch (...) {
        failed = std::current_exception();
    }
    lock.lock();
    if (!error_) error_ = failed;
    saving_ = false;
    saved_ = last;
    progress_.done = progress_.resumed + saved_;
    if (options_.show) options_.show(progress_);
    saved_more_.notify_all();
}

void ShardQueue::fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
}

void ShardQueue::rethrow() const {
    if (error_) std::rethrow_exception(error_);
}

}  // namespace halfulp
