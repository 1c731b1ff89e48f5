#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include <halfulp/softfloat/env.hpp>

/// The options of a command that make up an Env, but for its random bits.
struct EnvOptions {
    std::string rounding = "NearestEven", overflow = "ByRounding", tininess = "AfterRounding", nan = "ieee_default";
    std::string ftz = "Never";  ///< "true": by the rule of tininess
    bool saturate = false, daz = false;

    void add_to(CLI::App& command);
    /// Throws InputError with the known names where one is unknown.
    halfulp::Env env() const;
};
