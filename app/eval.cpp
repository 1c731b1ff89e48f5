#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include <halfulp/lib/report/exceptions_text.hpp>
#include <halfulp/softfloat/random.hpp>

#include "command.hpp"
#include "env_options.hpp"
#include "evaluation.hpp"
#include "names.hpp"

namespace {

using namespace halfulp;

struct EvalRequest {
    std::string function, format = "binary16", to, out_of_range = "Saturate", random = "0", seed, index = "0";
    EnvOptions env;
    bool json = false;
};

std::uint64_t counter(const std::string& name, const std::string& text) {
    if (const auto number = whole_number(text)) return *number;
    throw InputError("expected a whole number for " + name + ", found " + shown(text));
}

/// The random bits of each line of operands: always the same, or drawn by seed and index.
class RandomBits {
  public:
    explicit RandomBits(const EvalRequest& options)
        : drawn_(!options.seed.empty()),
          first_(drawn_ ? counter("--seed", options.seed) : hexadecimal(options.random, 64)),
          index_(counter("--index", options.index)) {}
    std::uint64_t next() { return drawn_ ? random_bits(first_, index_++) : first_; }

  private:
    bool drawn_;
    std::uint64_t first_;  ///< the seed, or the bits themselves
    std::uint64_t index_;
};

void print(const std::string& line, const std::string& result, const std::string& exceptions, bool json) {
    if (json)
        fmt::print("{}\n",
                   nlohmann::ordered_json{{"operands", line}, {"result", result}, {"exceptions", exceptions}}.dump());
    else
        fmt::print("{}{}{}\n", result, exceptions.empty() ? "" : " ", exceptions);
}

void eval(const EvalRequest& options) {
    const OutOfRange rule = named(out_of_range_rules, "rule", options.out_of_range).value;
    const Evaluation evaluation = evaluation_of(options.function, options.format, options.to, rule);
    Env env = options.env.env();
    RandomBits random(options);
    std::size_t number = 0;
    for (std::string line; std::getline(std::cin, line);) {
        ++number;
        const auto words = split_words(line);
        if (words.empty()) continue;
        try {
            env.random = random.next();
            const Rounded r = evaluation.result(words, env);
            print(line, evaluation.text(r.code), exceptions_text(r.status), options.json);
        } catch (const InputError& error) {
            throw InputError(fmt::format("line {}: {}", number, error.what()));
        }
    }
}

constexpr const char* examples =
    "Example: echo 3c00 1000 | halfulp eval add --format fp16 --round up\n"
    "         echo 43e88000 | halfulp eval convert --format fp32 --to e4m3 --overflow Saturate\n"
    "         echo 7e00 | halfulp eval convert --format fp16 --to int32 --out-of-range x86\n"
    "         echo ffffffff | halfulp eval convert --format int32 --to bf16\n"
    "         echo 3c00 3c00 4000 4000 3f800000 | halfulp eval dot --format fp16 --to fp32\n"
    "         echo 3c01 | halfulp eval convert --format fp16 --to bf16 --round sr --seed 1";

}  // namespace

void add_eval(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand(
        "eval", "An operation on hexadecimal operands, a line each on standard input; prints result and exceptions");
    const auto options = std::make_shared<EvalRequest>();
    command
        ->add_option("operation", options->function,
                     "One of " + known_evaluations() +
                         ". dot reads a b a b ... and, where the number is odd, an addend "
                         "in the result's format; all is rounded once")
        ->required();
    command
        ->add_option("--format", options->format,
                     "The operands' format; convert also reads and delivers " + known_names(integer_types))
        ->capture_default_str();
    command->add_option("--to", options->to, "The result's format; the operands' without it");
    options->env.add_to(*command);
    command
        ->add_option("--out-of-range", options->out_of_range,
                     "Of integer types, what becomes of numbers that they lack: " + known_names(out_of_range_rules))
        ->capture_default_str();
    CLI::Option* random = command->add_option("--random", options->random,
                                              "The random bits of Stochastic, hexadecimal, left-aligned in 64 bits");
    random->capture_default_str();
    CLI::Option* seed =
        command->add_option("--seed", options->seed, "Draws the random bits: another 64 for each line of operands");
    seed->excludes(random);
    command->add_option("--index", options->index, "Which draw of the seed is the first line's")
        ->capture_default_str()
        ->needs(seed);
    command->add_flag("--json", options->json, "A JSON object a line");
    command->footer(examples);
    command->callback([options] { eval(*options); });
}
