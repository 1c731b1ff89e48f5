#include <halfulp/lib/verify/sweep.hpp>

#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/lib/property/table_hash.hpp>
#include <halfulp/lib/report/exceptions_text.hpp>
#include <halfulp/softfloat/env_names.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

constexpr std::uint64_t shard_size = std::uint64_t{1} << 20;  // a second of work; all pairs of 16 bits are 4096 shards
constexpr std::uint64_t block_size = 1024;                    // tuples that an engine is given at a time
constexpr std::uint64_t most_examples = 5;                    // mismatches of a shard that are told

/// The index-th of all tuples of codes; the first operand's code is the index's leading bits.
Operands tuple_of(const Subject& s, std::uint64_t index) {
    Operands codes{};
    for (unsigned i = s.operands(); i-- > 0; index >>= static_cast<unsigned>(s.from.width))
        codes.at(i) = index & s.from.code_mask();
    return codes;
}

/// The index-th tuple of a sample: whatever the order in which they are drawn.
Operands sampled(const Subject& s, std::uint64_t seed, std::uint64_t index) {
    property::SplitMix bits{random_bits(seed, index)};
    if (s.is(Operation::Convert)) return {property::edge_to_convert(s.to, s.from, bits)};
    Operands codes = property::edge_operands(s.from, bits);
    for (unsigned i = s.operands(); i < codes.size(); ++i) codes.at(i) = 0;
    return codes;
}

bool is_random(const Env& env) { return env.rounding == Rounding::Stochastic; }

/// Everything that an Env says beside the default.
std::string text_of(const Env& env) {
    std::string text(name_of(env.rounding));
    if (env.rounding == Rounding::Stochastic && env.random != 0) text += fmt::format(" {:016x}", env.random);
    if (env.overflow == Overflow::Saturate) text += " saturate";
    if (env.overflow == Overflow::ToInfinity) text += " to infinity";
    if (env.tininess == Tininess::BeforeRounding) text += " tininess before";
    if (env.flush_outputs == Flush::BeforeRounding) text += " ftz before";
    if (env.flush_outputs == Flush::AfterRounding) text += " ftz after";
    if (env.flush_inputs) text += " daz";
    if (env.nan != NanPolicy{}) text += fmt::format(" nan {}", nan_policies[static_cast<std::size_t>(env.nan)].name);
    return text;
}

std::string example(const Sweep& sweep, const Env& env, const Operands& operands, const Rounded& got,
                    const Rounded& expected) {
    std::string codes;
    for (unsigned i = 0; i < sweep.subject.operands(); ++i)
        codes += fmt::format(" {:0{}x}", operands.at(i), (sweep.subject.from.width + 3) / 4);
    const auto result = [&](const Rounded& r) {
        const std::string exceptions = exceptions_text(r.status);
        return fmt::format("{:0{}x}{}{}", r.code, (sweep.subject.to.width + 3) / 4, exceptions.empty() ? "" : " ",
                           exceptions);
    };
    return fmt::format("{}, {}:{}: {} gave {}, {} {}", sweep.subject.name(), text_of(env), codes, sweep.candidate.name,
                       result(got), sweep.reference.name, result(expected));
}

}  // namespace

void Sweep::check() const {
    for (const Engine& engine : {candidate, reference})
        for (const Env& env : envs)
            if (const std::string reason = engine.lacks(subject, env); !reason.empty()) {
                const std::string able = engines_for(subject, env);
                throw InputError(fmt::format("{}; here can be asked: {}", reason, able.empty() ? "none" : able));
            }
    const unsigned bits = static_cast<unsigned>(subject.from.width) * subject.operands();
    if (!sample && bits >= 64)
        throw InputError(fmt::format("expected a sample: the operands of {} in {} are too many to take all",
                                     subject.name(), name_of(subject.from)));
}

std::uint64_t Sweep::tuples() const {
    if (sample) return *sample;
    return std::uint64_t{1} << (static_cast<unsigned>(subject.from.width) * subject.operands());
}

std::uint64_t Sweep::shards() const { return tuples() / shard_size + (tuples() % shard_size > 0 ? 1 : 0); }

std::uint64_t Sweep::shard_results() const { return shard_size * envs.size(); }

std::string Sweep::text() const {
    std::vector<std::string> names;
    for (const Env& env : envs) names.push_back(text_of(env));
    const bool random = std::any_of(envs.begin(), envs.end(), is_random);
    return fmt::format("{} {}{}{}: {} against {}; {}; {}", subject.name(), name_of(subject.from),
                       subject.to == subject.from ? "" : " to ", subject.to == subject.from ? "" : name_of(subject.to),
                       candidate.name, reference.name,
                       sample   ? fmt::format("{} operands of seed {}", *sample, seed)
                       : random ? fmt::format("all operands, random bits of seed {}", seed)
                                : "all operands",
                       fmt::join(names, ", "));
}

kernel::Draws Sweep::draws_from(std::uint64_t tuple) const { return {.seed = ~seed, .first = tuple}; }

ShardResult Sweep::run(std::uint64_t shard) const {
    ShardResult result;
    property::TableHash hash;
    std::vector<Operands> operands;
    std::vector<Rounded> got(block_size * envs.size()), expected(block_size * envs.size());
    const std::uint64_t end = std::min((shard + 1) * shard_size, tuples());
    for (std::uint64_t start = shard * shard_size; start < end; start += block_size) {
        operands.clear();
        for (std::uint64_t i = start; i < std::min(start + block_size, end); ++i)
            operands.push_back(sample ? sampled(subject, seed, i) : tuple_of(subject, i));
        const Questions questions{subject, envs, operands, draws_from(start)};
        candidate.run(questions, std::span(got).first(envs.size() * operands.size()));
        reference.run(questions, std::span(expected).first(envs.size() * operands.size()));
        for (std::size_t e = 0; e < envs.size(); ++e) {
            for (std::size_t i = 0; i < operands.size(); ++i) {
                const Rounded &a = got[e * operands.size() + i], &b = expected[e * operands.size() + i];
                hash.add(e * tuples() + start + i, b);
                if (a == b || ++result.mismatches > most_examples) continue;
                Env env = envs[e];
                if (is_random(env)) env.random = kernel::draw(questions.draws, i);
                result.examples.push_back(example(*this, env, operands[i], a, b));
            }
        }
    }
    result.hash = hash.value();
    return result;
}

}  // namespace halfulp
