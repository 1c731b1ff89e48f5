#include "env_options.hpp"

#include <halfulp/softfloat/env_names.hpp>
#include <halfulp/softfloat/rounding.hpp>

#include "names.hpp"

using namespace halfulp;

void EnvOptions::add_to(CLI::App& command) {
    command.add_option("--round", rounding, "A rounding: " + known_names(roundings))->capture_default_str();
    CLI::Option* rule = command.add_option(
        "--overflow", overflow,
        "What is beyond the largest number becomes infinity or that number: " + known_names(overflows));
    rule->capture_default_str();
    command.add_flag("--saturate", saturate, "The same as --overflow Saturate")->excludes(rule);
    command.add_option("--tininess", tininess, "When tininess is detected: " + known_names(tininess_rules))
        ->capture_default_str();
    command.add_flag(
        "--ftz", ftz,
        "Tiny results become zero; what is tiny, --tininess says, or the value: --ftz=BeforeRounding (Arm), "
        "--ftz=AfterRounding (x86)");
    command.add_flag("--daz", daz, "Subnormal operands count as zero");
    command.add_option("--nan", nan, "Which NaN a result is: " + known_names(nan_policies))->capture_default_str();
}

Env EnvOptions::env() const {
    Env env{.rounding = named(roundings, "rounding", rounding).rounding,
            .overflow = saturate ? Overflow::Saturate : named(overflows, "overflow", overflow).value,
            .tininess = named(tininess_rules, "tininess", tininess).value,
            .flush_inputs = daz,
            .nan = named(nan_policies, "NaN policy", nan).value};
    const Flush by_tininess = env.tininess == Tininess::AfterRounding ? Flush::AfterRounding : Flush::BeforeRounding;
    env.flush_outputs = ftz == "true" ? by_tininess : named(flushes, "rule of flushing", ftz).value;
    return env;
}
