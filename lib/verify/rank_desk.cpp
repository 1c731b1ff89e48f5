#include <halfulp/lib/verify/rank_desk.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {
namespace {

// What letters say: a word, and what belongs to it behind a blank. They are answered by a shard's number, or by nothing if
// there is none, but for the first and the last one of a rank.
constexpr std::string_view hello = "hello";    // and the arguments
constexpr std::string_view next = "next";      // of a thread that has computed nothing yet
constexpr std::string_view done = "done";      // and a manifest of that shard alone
constexpr std::string_view failed = "failed";  // and why
constexpr std::string_view bye = "bye";

std::string letter(std::string_view word, const std::string& rest) { return std::string(word) + ' ' + rest; }

std::pair<std::string_view, std::string> opened(const std::string& text) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    return {std::string_view(text).substr(0, blank), text.substr(std::min(blank + 1, text.size()))};
}

bool wants_answer(const Letter& letter) { return letter.thread > 0; }

void compute_shards(Ranks& ranks, unsigned thread, const Manifest& campaign, const Shard& shard) {
    ranks.write(thread, std::string(next));
    for (std::string answer = ranks.answer_to(thread); !answer.empty(); answer = ranks.answer_to(thread)) {
        try {
            const std::uint64_t number = std::stoull(answer);
            Manifest one = campaign.empty();
            one.add(number, shard(number));
            ranks.write(thread, letter(done, one.text()));
        } catch (const std::exception& error) {
            ranks.write(thread, letter(failed, error.what()));
        }
    }
}

}  // namespace

void RankDesk::read(const Letter& letter, Manifest& results) {
    const auto [word, rest] = opened(letter.text);
    const std::string who = fmt::format("rank {}", letter.rank);
    if (word == bye) ++gone_;
    if (word == hello && rest != arguments_)
        throw InputError(fmt::format("{}: expected what rank 0 was given, {}, found {}", who, arguments_, rest));
    if (word == failed) throw InputError(who + ": " + rest);
    if (word == done) results.read_text(rest, who);
}

void RankDesk::serve(ShardQueue& queue, const Manifest& campaign) {
    while (gone_ + 1 < ranks_.size()) {
        const std::vector<Letter> letters = ranks_.letters();
        Manifest results = campaign.empty();
        for (const Letter& letter : letters) {
            try {
                read(letter, results);
            } catch (const InputError&) {
                queue.fail(std::current_exception());
            }
        }
        queue.finish(results.done());
        for (const Letter& letter : letters) {
            if (!wants_answer(letter)) continue;
            const auto number = queue.take();
            ranks_.answer({letter.rank, letter.thread, number ? fmt::format("{}", *number) : ""});
        }
    }
}

RankDesk::~RankDesk() {
    while (gone_ + 1 < ranks_.size())
        for (const Letter& letter : ranks_.letters()) {
            if (letter.text == bye) ++gone_;
            if (wants_answer(letter)) ranks_.answer({letter.rank, letter.thread, ""});
        }
}

void follow_campaign(Ranks& ranks, const std::string& arguments, const Manifest& campaign, const Shard& shard,
                     unsigned threads) {
    ranks.write(0, letter(hello, arguments));
    std::vector<std::thread> computing;
    for (unsigned thread = 1; thread <= threads; ++thread)
        computing.emplace_back([&, thread] { compute_shards(ranks, thread, campaign, shard); });
    for (std::thread& thread : computing) thread.join();
    ranks.write(0, std::string(bye));
}

}  // namespace halfulp
