#include <halfulp/lib/io/text_file.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <utility>

namespace halfulp {
namespace {

namespace fs = std::filesystem;

constexpr mode_t for_everyone = 0666;  // but for the umask

struct File {
    int number;
    File(const fs::path& path, int flags) : number(open(path.c_str(), flags | O_CLOEXEC, for_everyone)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (number >= 0) close(number);
    }
};

bool write_to(const File& file, std::string_view text) {
    if (file.number < 0) return false;
    while (!text.empty()) {
        const ssize_t written = write(file.number, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : "."; }

/// Whether the folder takes new files. Under the path's own name none is made: another process may look for it, or make it.
bool can_make(const fs::path& path) {
    if (File(folder_of(path), O_WRONLY | O_TMPFILE).number >= 0) return true;
    const std::string made = path.native() + '.' + std::to_string(getpid());
    const bool is_made = File(made, O_WRONLY | O_CREAT | O_EXCL).number >= 0;
    if (is_made) unlink(made.c_str());
    return is_made;
}

/// A new file of that text, which has no name before it is whole, where the file system knows such: whoever is killed leaves
/// nothing. O_TMPFILE and the path of /proc: open(2) of Linux.
bool make(const fs::path& path, std::string_view text) {
    const File file(folder_of(path), O_WRONLY | O_TMPFILE);
    if (file.number < 0) return write_to(File(path, O_WRONLY | O_CREAT | O_TRUNC), text);
    const std::string number = "/proc/self/fd/" + std::to_string(file.number);
    return write_to(file, text) && linkat(AT_FDCWD, number.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool replace(const fs::path& path, std::string_view text) {
    fs::path made = path;
    made += ".new";
    unlink(made.c_str());  // of one who was killed
    if (make(made, text) && rename(made.c_str(), path.c_str()) == 0) return true;
    unlink(made.c_str());
    return false;
}

}  // namespace

TextFile::TextFile(const std::filesystem::path& path) : path_(path) {
    std::error_code unreadable;
    const bool folder = std::filesystem::is_directory(path, unreadable);
    std::ifstream file(path, std::ios::binary);
    if (folder || !file) throw InputError(path.string() + ": expected a file that can be read, found none");
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        lines_.push_back(std::move(line));
    }
    if (file.bad()) throw InputError(path.string() + ": reading stopped with an error");
}

InputError TextFile::error(std::size_t line, std::string_view message) const {
    return InputError(path_.string() + ":" + std::to_string(line + 1) + ": " + std::string(message));
}

void write_text(const std::filesystem::path& path, std::string_view text) {
    const InputError unwritable(path.string() + ": expected a file that can be written");
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    const bool whole = !fs::exists(status) || fs::is_regular_file(status);
    if (!(whole ? replace(path, text) : write_to(File(path, O_WRONLY), text))) throw unwritable;
}

void expect_writable(const std::filesystem::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) return;
    const bool is_new = status.type() == fs::file_type::not_found && path.has_filename();
    if (!(is_new ? can_make(path) : File(path, O_WRONLY).number >= 0))
        throw InputError(path.string() + ": expected a file that can be written");
}

std::string shown(std::string_view word) {
    constexpr std::size_t longest = 40;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\"";
    for (const char c : word.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f)
            text += c;
        else
            text.append("\\x").append({digits[byte >> 4], digits[byte & 15]});
    }
    return text.append(word.size() > longest ? "...\"" : "\"");
}

std::vector<std::string_view> split_words(std::string_view line) {
    constexpr std::string_view blanks = " \t";
    std::vector<std::string_view> words;
    for (std::size_t end = 0;;) {
        const std::size_t start = line.find_first_not_of(blanks, end);
        if (start == std::string_view::npos) return words;
        end = std::min(line.find_first_of(blanks, start), line.size());
        words.push_back(line.substr(start, end - start));
    }
}

std::vector<std::string_view> split_tabs(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t start = 0;;) {
        const std::size_t end = std::min(line.find('\t', start), line.size());
        fields.push_back(line.substr(start, end - start));
        if (end == line.size()) return fields;
        start = end + 1;
    }
}

}  // namespace halfulp
