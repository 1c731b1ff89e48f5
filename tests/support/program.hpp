#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

// The program as a process of its own; HALFULP_PROGRAM is where it lies.

namespace halfulp::test {

struct Outcome {
    int status;
    std::string output;  ///< both streams
};

/// A command in a shell; both streams are seen, unless it redirects them.
inline Outcome shell(const std::string& command) {
    const bool redirected = command.find('>') != std::string::npos;
    std::FILE* pipe = popen((command + (redirected ? "" : " 2>&1")).c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), count);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

inline Outcome halfulp(const std::string& arguments) {
    return shell("'" + std::string(HALFULP_PROGRAM) + "' " + arguments);
}

}  // namespace halfulp::test
