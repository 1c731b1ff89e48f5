#include <halfulp/lib/report/gnuplot.hpp>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace halfulp {
namespace {

/// A file without a name: unlike a pipe it never fills up, so nobody waits for anybody.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File unnamed_file() {
    File file(std::tmpfile(), std::fclose);
    if (!file) throw std::runtime_error("expected a temporary file that can be made");
    return file;
}

File holding(const std::string& text) {
    File file = unnamed_file();
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0)
        throw std::runtime_error("expected a temporary file that can be written");
    std::rewind(file.get());
    return file;
}

std::string content(const File& file) {
    std::string text;
    std::array<char, 4096> buffer{};
    std::rewind(file.get());
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get()))
        text.append(buffer.data(), count);
    return text;
}

struct Actions {
    posix_spawn_file_actions_t actions{};
    Actions() { posix_spawn_file_actions_init(&actions); }
    ~Actions() { posix_spawn_file_actions_destroy(&actions); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    void give(const File& file, int stream) { posix_spawn_file_actions_adddup2(&actions, fileno(file.get()), stream); }
};

/// The exit status of a program that runs with these streams; -1 if a signal ended it.
int status_of(const char* program, Actions& streams) {
    std::array<char*, 2> arguments{const_cast<char*>(program), nullptr};
    pid_t child = 0;
    if (const int error = posix_spawnp(&child, program, &streams.actions, nullptr, arguments.data(), environ);
        error != 0)
        throw std::runtime_error(std::string(program) + ": " + std::generic_category().message(error) +
                                 "; pictures need it: apt-get install gnuplot-nox");
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The last line that says something.
std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of(" \n");
    if (end == std::string::npos) return "no word of it";
    const std::size_t start = text.find_last_of('\n', end);
    return text.substr(start + 1, end - start);
}

}  // namespace

std::string run_gnuplot(const std::string& script, const char* program) {
    const File input = holding(script), output = unnamed_file(), errors = unnamed_file();
    Actions streams;
    streams.give(input, STDIN_FILENO);
    streams.give(output, STDOUT_FILENO);
    streams.give(errors, STDERR_FILENO);
    if (status_of(program, streams) != 0)
        throw std::runtime_error(std::string(program) + ": expected a picture, found " + last_line(content(errors)));
    return content(output);
}

}  // namespace halfulp
