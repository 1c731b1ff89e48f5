#include "places.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>

namespace fs = std::filesystem;

namespace {

/// Without links and dots; what cannot be followed, and is refused when it is opened, stays as it is.
fs::path followed(const fs::path& path) {
    std::error_code failed;
    const fs::path found = fs::weakly_canonical(fs::absolute(path, failed), failed);
    return failed ? path : found;
}

/// A path begins with itself, and with the folders that it lies in.
bool begins_with(const fs::path& path, const fs::path& beginning) {
    return std::mismatch(path.begin(), path.end(), beginning.begin(), beginning.end()).second == beginning.end();
}

bool collide(const fs::path& a, const fs::path& b) {
    std::error_code failed;
    if (fs::is_other(a, failed) || fs::is_other(b, failed)) return false;
    const fs::path first = followed(a), second = followed(b);
    return fs::equivalent(a, b, failed) || begins_with(first, second) || begins_with(second, first);
}

/// Makes a folder and those above it; remembers which.
void make_folders(const fs::path& folder, std::vector<fs::path>& made) {
    if (folder.empty() || fs::exists(folder)) return;
    make_folders(folder.parent_path(), made);
    std::error_code failed;
    if (fs::create_directory(folder, failed)) made.push_back(folder);
    if (failed) throw halfulp::InputError(folder.string() + ": expected a folder that can be made");
}

/// A file that others may replace, and where it can be found meanwhile.
struct Kept {
    fs::path path, aside;
};

/// A second name for the file or, where there are none, a copy; nobody has that name yet.
Kept keep(const fs::path& path) {
    Kept kept{path, path.string() + ".old"};
    while (fs::exists(fs::symlink_status(kept.aside))) kept.aside += ".old";
    std::error_code failed;
    fs::create_hard_link(path, kept.aside, failed);
    if (failed && !fs::copy_file(path, kept.aside, failed))
        throw halfulp::InputError(kept.aside.string() + ": expected a file that can be written");
    return kept;
}

}  // namespace

void expect_apart(std::span<const Purpose> places) {
    for (std::size_t i = 0; i < places.size(); ++i)
        for (const Purpose& other : places.first(i))
            if (collide(places[i].path, other.path))
                throw halfulp::InputError(fmt::format("{}: expected {} apart from {}, found {}",
                                                      places[i].path.string(), places[i].what, other.what,
                                                      other.path.string()));
}

void expect_folder(const fs::path& folder) {
    std::error_code failed;
    fs::path there = fs::absolute(folder, failed);
    while (fs::symlink_status(there, failed).type() == fs::file_type::not_found) there = there.parent_path();
    if (!fs::is_directory(there, failed) || access(there.c_str(), W_OK | X_OK) != 0)
        throw halfulp::InputError(folder.string() + ": expected a folder that can be made and written to");
}

void write_all(std::span<const Writing> files) {
    std::vector<fs::path> made;
    std::vector<Kept> replaced;
    std::error_code failed;
    try {
        for (const auto& [path, write] : files) {
            make_folders(path.parent_path(), made);
            const bool was_there = fs::is_regular_file(path);
            if (was_there) replaced.push_back(keep(path));
            write();
            if (!was_there && fs::is_regular_file(path)) made.push_back(path);
        }
    } catch (...) {
        std::ranges::reverse(made);
        for (const fs::path& path : made) fs::remove(path, failed);
        for (const Kept& kept : replaced) {
            fs::rename(kept.aside, kept.path, failed);
            fs::remove(kept.aside, failed);  // two names of one file: renaming does nothing
        }
        throw;
    }
    for (const Kept& kept : replaced) fs::remove(kept.aside, failed);
}
