#include <halfulp/lib/verify/campaign.hpp>

#include <thread>
#include <vector>

#include <halfulp/lib/verify/shard_queue.hpp>

namespace halfulp {
namespace {

void work(ShardQueue& queue, const Shard& shard) {
    try {
        while (const auto number = queue.take()) queue.finish({{*number, shard(*number)}});
    } catch (...) {
        queue.fail(std::current_exception());
    }
}

}  // namespace

void run_campaign(Manifest& manifest, const Shard& shard, const CampaignOptions& options) {
    ShardQueue queue(manifest, options);
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back([&] { work(queue, shard); });
    try {
        if (options.others) options.others(queue);
    } catch (...) {
        queue.fail(std::current_exception());
    }
    for (std::thread& thread : threads) thread.join();
    queue.rethrow();
}

}  // namespace halfulp
