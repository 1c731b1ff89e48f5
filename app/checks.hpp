#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <limits>

// What the value of an option must be, or it is refused in one line. CLI11 alone takes -1 and 2^64 for 2^64 - 1, and 010 for
// 8.

/// A whole number in decimal, from `least` to `most`: a transformation, as CLI11 takes what begins with 0 for octal.
CLI::Validator whole(std::uint64_t least = 0, std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// A finite number of at least 0.
CLI::Validator not_negative();

/// Not empty.
CLI::Validator file_name();

/// Values by commas, in one argument: what follows it is another one's. Empty ones are passed over.
CLI::Option* by_commas(CLI::Option* option);
