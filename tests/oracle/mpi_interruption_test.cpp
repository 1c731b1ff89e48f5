// Claim: whichever rank is killed, or the whole job, and whenever: the campaign keeps what its checkpoint had and comes, continued
// by any number of ranks, to the manifest that one process leaves.
// Oracle: the single process; SIGKILL. Skipped where there is no MPI. Shared: the engines.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>
#include <vector>

#include "support/folder.hpp"
#include "support/ranks.hpp"

namespace {

namespace fs = std::filesystem;
using halfulp::test::can_start_ranks;
using halfulp::test::content;
using halfulp::test::on_ranks;

/// `mpirun -n RANKS halfulp ARGUMENTS`, started.
pid_t started(int ranks, const std::string& arguments) {
    const pid_t job = fork();
    if (job == 0) {
        const std::string command = "exec '" HALFULP_MPIRUN "' -n " + std::to_string(ranks) +
                                    " '" HALFULP_PROGRAM "' " + arguments + " >/dev/null 2>&1";
        execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
        _exit(127);
    }
    return job;
}

/// The ranks of a job of mpirun on this machine: its children (proc(5)).
std::vector<pid_t> ranks_of(pid_t job) {
    std::vector<pid_t> ranks;
    std::error_code gone;
    for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(job) + "/task", gone)) {
        std::ifstream children(thread.path() / "children");
        for (pid_t child = 0; children >> child;) ranks.push_back(child);
    }
    return ranks;
}

/// How many shards are in a manifest, which is a whole one with all of those that were in it before.
std::size_t shards_kept(const std::string& manifest, const std::string& before) {
    if (!fs::exists(manifest)) return 0;
    const auto now = nlohmann::json::parse(content(manifest)).at("done");
    if (!before.empty()) {
        const auto then = nlohmann::json::parse(before).at("done");
        for (const auto& shard : then) EXPECT_NE(std::find(now.begin(), now.end(), shard), now.end()) << shard;
    }
    return now.size();
}

using MpiInterruption = halfulp::test::FolderTest;
TEST_F(MpiInterruption, TwentyKillsLeaveTheManifestOfOneProcess) {
    if (!can_start_ranks()) GTEST_SKIP() << "there is no MPI";
    const std::string alone = (folder / "alone").string(), killed = (folder / "killed").string();
    const std::string campaign = "verify fma --format e5m2 --engine batch --against narrow --threads 1 --resume ";
    ASSERT_EQ(halfulp::test::halfulp(campaign + alone).status, 0);
    ASSERT_EQ(shards_kept(alone, ""), 16U);

    std::mt19937_64 random(13);
    int interrupted = 0;
    for (int kills = 0; kills < 20;) {
        const std::string before = content(killed);
        const int ranks = 1 + static_cast<int>(random() % 4);
        const pid_t job = started(ranks, campaign + killed);
        std::this_thread::sleep_for(std::chrono::milliseconds(200 + random() % 1000));
        std::vector<pid_t> victims = ranks_of(job);
        if (random() % 4 == 0)
            victims.push_back(job);
        else if (!victims.empty())
            victims = {victims[random() % victims.size()]};
        for (const pid_t victim : victims) kill(victim, SIGKILL);
        if (!victims.empty()) ++kills;
        waitpid(job, nullptr, 0);

        const std::size_t kept = shards_kept(killed, before);
        if (kept > 0 && kept < 16) ++interrupted;
        if (kept < 16) continue;
        EXPECT_EQ(content(killed), content(alone));
        fs::remove(killed);
    }
    EXPECT_GT(interrupted, 0);
    EXPECT_EQ(on_ranks(3, campaign + killed).status, 0);
    EXPECT_EQ(content(killed), content(alone));
}

}  // namespace
