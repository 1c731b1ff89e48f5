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

    /// Takes the line away, as what ends it does: an error is said on a line of its own.
    void end();
    ~Progress() { end(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

  private:
    std::string what_, steps_;
    bool terminal_, lines_, line_ = false;
    std::chrono::steady_clock::time_point start_, shown_;
};
