#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace halfulp {

/// Input that is not what it should be. what() is one line: the place, what was expected and what was found.
struct InputError : std::runtime_error {
    using runtime_error::runtime_error;
};

/// A text file as its lines, without line ends.
class TextFile {
  public:
    /// Throws InputError if there is nothing that can be read, such as a directory. A pipe is read to its end.
    explicit TextFile(const std::filesystem::path& path);

    const std::vector<std::string>& lines() const { return lines_; }  ///< without their ends

    /// The error that says "PATH:LINE: message"; lines count from 0 here and from 1 in the text.
    InputError error(std::size_t line, std::string_view message) const;

  private:
    std::filesystem::path path_;
    std::vector<std::string> lines_;
};

/// Writes a file as a whole: who is interrupted, or meets a full disk, leaves the one that was there and nothing else. What is no regular
/// file, such as a pipe or a device, is written to as it is. Throws InputError.
void write_text(const std::filesystem::path& path, std::string_view text);

/// Throws InputError unless write_text will be able to open the file; leaves it as it is. A pipe or a device is not tried:
/// it would notice.
void expect_writable(const std::filesystem::path& path);

/// A word of input as messages show it: in quotes, at most 40 characters, the unprintable ones as \\xNN.
std::string shown(std::string_view word);

/// The words of a line, separated by blanks.
std::vector<std::string_view> split_words(std::string_view line);

/// The fields of a line, separated by single tabs.
std::vector<std::string_view> split_tabs(std::string_view line);

}  // namespace halfulp
