#include "env_options.hpp"

#include <halfulp/softfloat/env_names.hpp>
#include <halfulp/softfloat/rounding.hpp>

#include "names.hpp"

using namespace halfulp;

void EnvOptions::add_to(CLI::App& command) {
    command.add_option("--round", rounding, "A rounding: " + known_names(roundings))->capture_default_str();
    command.add_option("--tininess", tininess, "When tininess is detected: before or after rounding")
        ->capture_default_str();
    command.add_option("--nan", nan, "Which NaN a result is: " + known_names(nan_policies))->capture_default_str();
    command.add_option("--random", random, "The random bits of Stochastic, hexadecimal, left-aligned in 64 bits")
        ->capture_default_str();
    command.add_flag("--saturate", saturate, "What overflows becomes the largest number");
    command.add_flag("--daz", daz, "Subnormal operands count as zero");
    command.add_flag("--ftz", ftz, "Tiny results become zero; what is tiny, --tininess says");
}

Env EnvOptions::env() const {
    Env env{.rounding = named(roundings, "rounding", rounding).rounding,
            .overflow = saturate ? Overflow::Saturate : Overflow::ByRounding,
            .tininess = named(tininess_rules, "tininess", tininess).value,
            .random = hexadecimal(random, 64),
            .flush_inputs = daz,
            .nan = named(nan_policies, "NaN policy", nan).value};
    if (ftz) env.flush_outputs = env.tininess == Tininess::AfterRounding ? Flush::AfterRounding : Flush::BeforeRounding;
    return env;
}
