#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

Progress::Progress(std::string what, std::string steps, Elsewhere elsewhere)
    : what_(std::move(what)),
      steps_(std::move(steps)),
      terminal_(isatty(STDERR_FILENO) != 0),
      lines_(!terminal_ && elsewhere == Elsewhere::Lines),
      start_(std::chrono::steady_clock::now()),
      shown_(start_) {}

void Progress::show(std::uint64_t done, std::uint64_t wanted, std::uint64_t before) {
    constexpr std::chrono::seconds between_lines{10};
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ && !(lines_ && now - shown_ >= between_lines)) return;
    shown_ = now;
    const std::chrono::duration<double> passed = now - start_;
    const double rate = static_cast<double>(done - before) / passed.count();
    const auto left = static_cast<std::uint64_t>(static_cast<double>(wanted - done) / rate);
    constexpr std::size_t most = 60;
    fmt::print(stderr, "{}{:.{}}  {}/{} ({} %)  {:.2f} {}/s  {}:{:02} min left{}", terminal_ ? "\r\033[K" : "", what_,
               most, done, wanted, 100 * done / wanted, rate, steps_, left / 60, left % 60, terminal_ ? "" : "\n");
    std::fflush(stderr);
    line_ = terminal_;
}

void Progress::end() {
    if (line_) fmt::print(stderr, "\r\033[K");
    line_ = false;
}
