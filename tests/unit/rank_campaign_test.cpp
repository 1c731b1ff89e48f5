// Claim: a campaign on any number of ranks leaves the manifest that one process leaves; each shard is computed once; a thread is
// given its next shard when its last one is in the checkpoint; what a rank does wrong ends all of them, and is told.
// Oracle: shards that are functions of their number; a post office in the place of MPI. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <thread>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/verify/rank_desk.hpp>

#include "support/folder.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using test::content;
using testing::HasSubstr;

constexpr std::uint64_t shards = 37, most = 5;

ShardResult square(std::uint64_t number) {
    ShardResult result{number * number, number % 10 == 7 ? 2U : 0U, {}};
    if (result.mismatches > 0) result.examples = {"7 is odd"};
    return result;
}

/// Of all shards, put in one by one.
Manifest whole() {
    Manifest manifest("squares", shards, most);
    for (std::uint64_t i = 0; i < shards; ++i) manifest.add(i, square(i));
    return manifest;
}

/// Letters of threads of this process, which play ranks. It looks into what rank 0 sends.
struct PostOffice {
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<Letter> to_desk;
    std::map<std::pair<unsigned, unsigned>, std::string> answers;  ///< of ranks and their threads
    std::function<void(const Letter&)> look = [](const Letter&) {};
};

class PostedRanks final : public Ranks {
  public:
    PostedRanks(PostOffice& office, unsigned rank, unsigned size) : office_(office), rank_(rank), size_(size) {}
    unsigned rank() const override { return rank_; }
    unsigned size() const override { return size_; }

    std::vector<Letter> letters() override {
        std::unique_lock lock(office_.mutex);
        office_.arrived.wait(lock, [&] { return !office_.to_desk.empty(); });
        return std::exchange(office_.to_desk, {});
    }
    void answer(const Letter& letter) override {
        const std::lock_guard lock(office_.mutex);
        office_.look(letter);
        office_.answers[{letter.rank, letter.thread}] = letter.text;
        office_.arrived.notify_all();
    }

    void write(unsigned thread, const std::string& text) override {
        const std::lock_guard lock(office_.mutex);
        office_.to_desk.push_back({rank_, thread, text});
        office_.arrived.notify_all();
    }
    std::string answer_to(unsigned thread) override {
        std::unique_lock lock(office_.mutex);
        office_.arrived.wait(lock, [&] { return office_.answers.contains({rank_, thread}); });
        return office_.answers.extract({rank_, thread}).mapped();
    }

  private:
    PostOffice& office_;
    unsigned rank_, size_;
};

class RankCampaign : public test::FolderTest {
  protected:
    const fs::path file = folder / "manifest";
    PostOffice office;

    /// What the ranks beside rank 0 do, then what rank 0 does.
    void on_ranks(unsigned size, const std::function<void(Ranks&)>& follow, const std::function<void(Ranks&)>& lead) {
        std::vector<std::thread> others;
        for (unsigned rank = 1; rank < size; ++rank)
            others.emplace_back([&, rank] {
                PostedRanks ranks(office, rank, size);
                follow(ranks);
            });
        PostedRanks ranks(office, 0, size);
        std::exception_ptr failed;
        try {
            lead(ranks);
        } catch (...) {
            failed = std::current_exception();
        }
        for (std::thread& other : others) other.join();
        if (failed) std::rethrow_exception(failed);
    }

    /// How many of a rank.
    struct Threads {
        unsigned of_rank_0, of_others;
    };

    void campaign(unsigned size, Threads threads, const Shard& shard, const Shard& shard_of_others) {
        const Manifest squares("squares", shards, most);
        on_ranks(
            size, [&](Ranks& ranks) { follow_campaign(ranks, "squares", squares, shard_of_others, threads.of_others); },
            [&](Ranks& ranks) {
                RankDesk desk(ranks, "squares");
                Manifest manifest = squares;
                if (fs::exists(file)) manifest.read(file);
                run_campaign(manifest, shard,
                             {.threads = threads.of_rank_0, .manifest = file, .others = [&](ShardQueue& queue) {
                                  desk.serve(queue, squares);
                              }});
            });
    }
};

TEST_F(RankCampaign, AnyNumberOfRanksLeavesTheManifestOfOneProcess) {
    const std::string expected = whole().text();
    for (const unsigned size : {1U, 2U, 4U})
        for (const unsigned threads : {1U, 3U}) {
            std::array<std::atomic<int>, shards> computed{};
            const Shard counted = [&](std::uint64_t number) {
                ++computed.at(number);
                return square(number);
            };
            fs::remove(file);
            campaign(size, {threads, threads}, counted, counted);
            EXPECT_EQ(content(file), expected) << size << " ranks";
            EXPECT_THAT(computed, testing::Each(testing::Eq(1))) << size << " ranks";
        }
}

// What a rank that dies costs: it is what its threads are computing.
TEST_F(RankCampaign, TheNextShardComesWhenTheLastOneIsInTheCheckpoint) {
    std::map<std::pair<unsigned, unsigned>, std::string> last;
    std::uint64_t looked = 0;
    office.look = [&](const Letter& letter) {
        std::string& number = last[{letter.rank, letter.thread}];
        if (!number.empty()) {
            EXPECT_THAT(content(file), HasSubstr("\"shard\": " + number + ","));
            ++looked;
        }
        number = letter.text;
    };
    campaign(4, {.of_rank_0 = 0, .of_others = 2}, square, square);
    EXPECT_EQ(looked, shards);
}

TEST_F(RankCampaign, ARankThatFailsIsNamedAndEndsAll) {
    const Shard failing = [](std::uint64_t) -> ShardResult { throw std::runtime_error("pulled the plug"); };
    const Shard slow = [](std::uint64_t number) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return square(number);
    };
    const auto message = [&](Threads threads, const Shard& shard, const Shard& shard_of_others) -> std::string {
        try {
            campaign(3, threads, shard, shard_of_others);
        } catch (const std::exception& error) {
            return error.what();
        }
        return {};
    };
    EXPECT_THAT(message({0, 2}, slow, failing), testing::MatchesRegex("rank [12]: pulled the plug"));
    EXPECT_EQ(message({1, 2}, failing, slow), "pulled the plug");
    EXPECT_EQ(message({1, 1}, square, square), "") << "continued";
    EXPECT_EQ(content(file), whole().text());
}

TEST_F(RankCampaign, RanksOfOtherArgumentsAreRefused) {
    const Manifest squares("squares", shards, most), cubes("cubes", shards, most);
    const auto error_of = [&](const std::string& arguments, const Manifest& campaign) -> std::string {
        std::string error;
        on_ranks(
            3, [&](Ranks& ranks) { follow_campaign(ranks, arguments, campaign, square, 1); },
            [&](Ranks& ranks) {
                RankDesk desk(ranks, "squares 1/1");
                Manifest manifest = squares;
                try {
                    run_campaign(manifest, square,
                                 {.threads = 0, .others = [&](ShardQueue& q) { desk.serve(q, squares); }});
                } catch (const InputError& wrong) {
                    error = wrong.what();
                }
                EXPECT_TRUE(manifest.done().empty() || arguments == "squares 1/1");
            });
        return error;
    };
    EXPECT_THAT(error_of("squares 2/2", squares),
                testing::MatchesRegex("rank [12]: expected what rank 0 was given, squares 1/1, found squares 2/2"));
    EXPECT_THAT(error_of("squares 1/1", cubes),
                testing::MatchesRegex("rank [12]: campaign: expected \"squares\", found \"cubes\""));
    EXPECT_EQ(error_of("squares 1/1", squares), "");
}

// As where the manifest is another campaign's: nobody waits for ever.
TEST_F(RankCampaign, IfRank0FailsBeforeItServesTheOthersEnd) {
    const Manifest squares("squares", shards, most);
    std::atomic<int> computed = 0;
    const Shard counted = [&](std::uint64_t number) { return ++computed, square(number); };
    on_ranks(
        4, [&](Ranks& ranks) { follow_campaign(ranks, "squares", squares, counted, 2); },
        [&](Ranks& ranks) { EXPECT_THROW((RankDesk(ranks, "squares"), throw InputError("no file")), InputError); });
    EXPECT_EQ(computed, 0);
}

TEST_F(RankCampaign, APartThatNoManifestCanListIsRefused) {
    constexpr std::uint64_t many = (std::uint64_t{1} << 28) + 1;
    const auto message_of = [&](std::uint64_t part, std::uint64_t parts) -> std::string {
        Manifest manifest("many", many, most);
        try {
            run_campaign(manifest, square, {.threads = 0, .part = part, .parts = parts});
        } catch (const InputError& error) {
            return error.what();
        }
        return {};
    };
    EXPECT_EQ(message_of(1, 256),
              "expected at most 1048576 shards, which a manifest can list: a part of 257 and more; found 1048577");
    EXPECT_EQ(message_of(2, 256), "");
    EXPECT_EQ(message_of(257, 257), "");
    Manifest last("many", many, most);
    run_campaign(last, square, {.part = 1 << 26, .parts = 1 << 26});
    EXPECT_THAT(last.done(), testing::ElementsAre(testing::Key(many - 4), testing::Key(many - 3),
                                                  testing::Key(many - 2), testing::Key(many - 1)));
}

}  // namespace
}  // namespace halfulp
