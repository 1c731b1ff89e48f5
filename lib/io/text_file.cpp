#include <halfulp/lib/io/text_file.hpp>

#include <fstream>
#include <utility>

namespace halfulp {

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
    namespace fs = std::filesystem;
    const InputError unwritable(path.string() + ": expected a file that can be written");
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    const bool whole = !fs::exists(status) || fs::is_regular_file(status);
    fs::path target = path;
    if (whole) target += ".new";
    std::ofstream file(target, std::ios::binary);
    if (!file) throw unwritable;
    file << text;
    file.close();
    failed.clear();
    if (file && whole) fs::rename(target, path, failed);
    if (file && !failed) return;
    if (whole) fs::remove(target, failed);
    throw unwritable;
}

void expect_writable(const std::filesystem::path& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) return;
    if (!std::ofstream(path, std::ios::app)) throw InputError(path.string() + ": expected a file that can be written");
    if (!fs::exists(status)) fs::remove(path, error);
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
