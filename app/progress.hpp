#pragma once

#include <chrono>
#include <cstdint>
#include <string>

/// A line on standard error that says how far long work is, its rate and the time left; where standard error is no terminal,
/// nothing, or a line every ten seconds.
class Progress {
  public:
    /// What there is where standard error is no terminal.
    enum class Elsewhere { Nothing, Lines };

    /// `steps` is what they are called.
    Progress(std::string what, std::string steps, Elsewhere elsewhere = Elsewhere::Nothing);

    /// `done` steps of `wanted`, `before` of them before this run began.
    void show(std::uint64_t done, std::uint64_t wanted, std::uint64_t before);

    /// Takes the line away.
    void end() const;

  private:
    std::string what_, steps_;
    bool terminal_, lines_;
    std::chrono::steady_clock::time_point start_, shown_;
};
