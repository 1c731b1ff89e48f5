#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include <halfulp/softfloat/env.hpp>

/// The options of a command that make up an Env.
struct EnvOptions {
    std::string rounding = "NearestEven", tininess = "after", nan = "ieee_default", random = "0";
    bool saturate = false, daz = false, ftz = false;

    void add_to(CLI::App& command);
    /// Throws InputError with the known names where one is unknown.
    halfulp::Env env() const;
};
