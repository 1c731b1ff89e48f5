#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/verify/campaign.hpp>
#include <halfulp/lib/verify/rank_desk.hpp>
#include <halfulp/lib/verify/sweep.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "env_options.hpp"
#include "join_ranks.hpp"
#include "names.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;

struct VerifyRequest {
    std::string operation, format = "binary16", to;
    std::string engine = "exact", against = "mpfr";
    std::string shard = "1/1", resume, sample;
    std::uint64_t seed = 1;
    bool json = false;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    EnvOptions env;
};

Engine engine_of(const std::string& name) {
    std::string known;
    for (const Engine& engine : engines()) {
        if (engine.name == name) return engine;
        known.append(known.empty() ? "" : ", ").append(engine.name);
    }
    throw InputError("expected an engine of " + known + ", found " + shown(name));
}

/// "2/8" as 2 and 8.
std::pair<std::uint64_t, std::uint64_t> part_of(const std::string& text) {
    const std::size_t slash = text.find('/');
    const auto part = whole_number(std::string_view(text).substr(0, slash));
    const auto parts =
        slash == std::string::npos ? std::nullopt : whole_number(std::string_view(text).substr(slash + 1));
    if (!part || !parts || *part < 1 || *part > *parts)
        throw InputError("expected a shard K/N with 1 <= K <= N, found " + shown(text));
    return {*part, *parts};
}

std::uint64_t sample_of(const std::string& text) {
    const auto size = whole_number(text);
    if (!size || *size == 0) throw InputError("expected a sample of 1 and more, found " + shown(text));
    return *size;
}

/// Every deterministic rounding for --round all, else the one; each in both rules of tininess for --tininess both.
std::vector<Env> environments(EnvOptions options) {
    const bool every_rounding = options.rounding == "all", both = options.tininess == "both";
    if (every_rounding) options.rounding = "NearestEven";
    if (both) options.tininess = "after";
    const Env base = options.env();
    std::vector<Env> envs;
    for (const NamedRounding& row : deterministic_roundings) {
        if (!every_rounding && row.rounding != base.rounding) continue;
        envs.push_back(base);
        envs.back().rounding = row.rounding;
    }
    if (envs.empty()) envs.push_back(base);
    for (std::size_t i = 0, count = envs.size(); both && i < count; ++i) {
        envs.push_back(envs[i]);
        envs.back().tininess = Tininess::BeforeRounding;
    }
    return envs;
}

std::variant<Operation, Elementary> function_of(const Function& row) {
    if (const auto* elementary = std::get_if<NamedElementary>(&row)) return elementary->function;
    return std::get<NamedOperation>(row).operation;
}

Sweep sweep_of(const VerifyRequest& options) {
    const Format from = named(formats, "format", options.format).format;
    const Format to = options.to.empty() ? from : named(formats, "format", options.to).format;
    Sweep sweep{.subject = {function_of(named_function(options.operation)), from, to},
                .envs = environments(options.env),
                .candidate = engine_of(options.engine),
                .reference = engine_of(options.against),
                .sample = {},
                .seed = options.seed};
    if (options.engine == options.against)
        throw InputError("expected two engines, found " + shown(options.engine) + " twice");
    if (!options.sample.empty()) sweep.sample = sample_of(options.sample);
    sweep.check();
    return sweep;
}

void print(const Manifest& manifest, bool json) {
    std::vector<std::string> examples;
    for (const auto& [number, result] : manifest.done())
        examples.insert(examples.end(), result.examples.begin(), result.examples.end());
    const std::string hash = hash_text(manifest.hash());
    if (json) {
        const nlohmann::ordered_json object{{"campaign", manifest.campaign()},
                                            {"shards", manifest.shards()},
                                            {"shards_done", manifest.done().size()},
                                            {"mismatches", manifest.mismatches()},
                                            {"hash", hash},
                                            {"examples", examples}};
        fmt::print("{}\n", object.dump(2));
        return;
    }
    for (const std::string& line : examples) fmt::print("{}\n", line);
    fmt::print("{}\n{} of {} shards, {} mismatches, hash {}\n", manifest.campaign(), manifest.done().size(),
               manifest.shards(), manifest.mismatches(), hash);
}

/// What the ranks of a campaign must agree on, each for itself being right.
std::string agreement(const VerifyRequest& options, const Sweep& sweep) {
    return fmt::format("halfulp {}, {}, --shard {}, --resume {}", HALFULP_VERSION, sweep.text(), options.shard,
                       options.resume.empty() ? "none" : options.resume);
}

/// Of this process, or of rank 0 of several, whose others are served at the desk.
void lead(Manifest& manifest, const VerifyRequest& options, const Shard& shard, RankDesk* desk) {
    if (!options.resume.empty()) expect_writable(options.resume);
    if (!options.resume.empty() && std::filesystem::exists(options.resume)) manifest.read(options.resume);
    CampaignOptions campaign{.threads = options.threads, .manifest = options.resume};
    std::tie(campaign.part, campaign.parts) = part_of(options.shard);
    Progress progress(manifest.campaign(), "shards",
                      desk != nullptr ? Progress::Elsewhere::Lines : Progress::Elsewhere::Nothing);
    campaign.show = [&](const CampaignProgress& p) { progress.show(p.done, p.wanted, p.resumed); };
    if (desk != nullptr)
        campaign.others = [desk, known = manifest.empty()](ShardQueue& queue) { desk->serve(queue, known); };
    run_campaign(manifest, shard, campaign);
    progress.end();
}

int verify(const VerifyRequest& options) {
    const Sweep sweep = sweep_of(options);
    const Shard shard = [&](std::uint64_t number) { return sweep.run(number); };
    Manifest manifest(sweep.text(), sweep.shards(), sweep.shard_results());
    if (const auto ranks = join_ranks(); !ranks) {
        lead(manifest, options, shard, nullptr);
    } else if (ranks->rank() == 0) {
        RankDesk desk(*ranks, agreement(options, sweep));
        lead(manifest, options, shard, &desk);
    } else {
        follow_campaign(*ranks, agreement(options, sweep), manifest, shard, options.threads);
        return exit_status::right;
    }
    print(manifest, options.json);
    return manifest.mismatches() > 0 ? exit_status::mismatch
           : manifest.done().empty() ? exit_status::nothing_run
                                     : exit_status::right;
}

}  // namespace

void add_verify(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "verify",
        "An engine against another: every operand of an operation or elementary function, or a sample biased to "
        "the edges");
    const auto options = std::make_shared<VerifyRequest>();
    std::string names;
    for (const Engine& engine : engines()) names += fmt::format("\n  {:<8} {}", engine.name, engine.description);
    command->add_option("operation", options->operation, "As halfulp eval knows them")->required();
    command->add_option("--format", options->format, "The operands' format")->capture_default_str();
    command->add_option("--to", options->to, "The result's format; the operands' without it");
    command->add_option("--engine", options->engine, "What is verified")->capture_default_str();
    command->add_option("--against", options->against, "What it is held against")->capture_default_str();
    command->add_option("--sample", options->sample, "So many operands, drawn by --seed; all without it");
    command->add_option("--seed", options->seed, "Of the sample, and of the random bits of Stochastic")
        ->transform(whole())
        ->capture_default_str();
    command->add_option("--threads", options->threads, "How many shards at a time")
        ->capture_default_str()
        ->transform(whole(1, 1024));
    command->add_option("--shard", options->shard, "The K-th of N parts, K/N")->capture_default_str();
    command->add_option(
        "--resume", options->resume,
        "Checkpoint and manifest: continued if it is there, written after each shard; processes may share it");
    options->env.add_to(*command);
    command->add_flag("--json", options->json, "A JSON object; of the mismatches the first five of each shard");
    command->footer(
        "--round all takes the deterministic roundings together, --tininess both both rules.\nEngines:" + names +
        "\nExample: halfulp verify sqrt --format fp16 --round all --tininess both\n"
        "         halfulp verify convert --format fp32 --to bf16 --engine batch --sample 1000000 --round sr\n"
        "         halfulp verify mul --format fp16 --shard 1/2 --resume mul.json & halfulp verify mul --format "
        "fp16 --shard 2/2 --resume mul.json\n"
        "         mpirun -n 4 halfulp verify fma --format fp16 --engine batch --against narrow --shard 1/65536 --resume "
        "fma.json\n"
        "By mpirun it needs halfulp_mpi.so, which is built where MPI is. Rank 0 has the file; --threads are each rank's.");
    command->callback([options, &status] { status = verify(*options); });
}
