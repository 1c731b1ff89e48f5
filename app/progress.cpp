#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

Progress::Progress(std::string what, std::string steps)
    : what_(std::move(what)),
      steps_(std::move(steps)),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()) {}

void Progress::show(std::uint64_t done, std::uint64_t wanted, std::uint64_t before) {
    if (!terminal_) return;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    const double rate = static_cast<double>(done - before) / passed.count();
    const auto left = static_cast<std::uint64_t>(static_cast<double>(wanted - done) / rate);
    constexpr std::size_t most = 60;
    fmt::print(stderr, "\r\033[K{:.{}}  {}/{} ({} %)  {:.2f} {}/s  {}:{:02} min left", what_, most, done, wanted,
               100 * done / wanted, rate, steps_, left / 60, left % 60);
    std::fflush(stderr);
}

void Progress::end() const {
    if (terminal_) fmt::print(stderr, "\r\033[K");
}
