#pragma once

#include <chrono>
#include <cstdint>
#include <string>

/// A line on standard error that says how far long work is, its rate and the time left; nothing where standard error
/// is no terminal.
class Progress {
  public:
    /// `steps` is what they are called.
    Progress(std::string what, std::string steps);

    /// `done` steps of `wanted`, `before` of them before this run began.
    void show(std::uint64_t done, std::uint64_t wanted, std::uint64_t before);

    /// Takes the line away.
    void end() const;

  private:
    std::string what_, steps_;
    bool terminal_;
    std::chrono::steady_clock::time_point start_;
};
