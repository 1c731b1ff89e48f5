#pragma once

#include <memory>

#include <halfulp/lib/verify/ranks.hpp>

/// The ranks that a launcher of MPI started, this process among them; null if it started one alone, or there was none. Throws
/// InputError where they cannot be joined.
std::unique_ptr<halfulp::Ranks> join_ranks();
