#include "interruption.hpp"

#include <unistd.h>

#include <csignal>
#include <initializer_list>
#include <string_view>

namespace {

/// Nothing is cleaned up: files get their names when they are whole.
void end_by(int signal) {
    constexpr std::string_view message = "\nhalfulp: interrupted; every file is whole, as it was or as it should be\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, message.data(), message.size());
    std::signal(signal, SIG_DFL);
    raise(signal);
}

}  // namespace

void tell_interruptions() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
        if (std::signal(signal, end_by) == SIG_IGN) std::signal(signal, SIG_IGN);
}
