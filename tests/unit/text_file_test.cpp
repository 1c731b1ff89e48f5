// Claim: whether a file can be written is found out without a trace under its name, not even for a moment: another process may
// look for the file then, or make it.
// Oracle: what Linux reports of the folder (inotify). Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>

#include "support/folder.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

/// The names that were made or removed in a folder since.
class Watch {
  public:
    explicit Watch(const fs::path& folder) {
        inotify_add_watch(queue_, folder.c_str(), IN_CREATE | IN_DELETE | IN_MOVED_TO);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch() { close(queue_); }

    std::vector<std::string> names() const {
        std::vector<std::string> names;
        alignas(inotify_event) std::array<char, 4096> bytes{};
        for (ssize_t read_bytes = 0; (read_bytes = read(queue_, bytes.data(), bytes.size())) > 0;)
            for (ssize_t at = 0; at < read_bytes;) {
                const auto* event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
                names.emplace_back(event->name);
                at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            }
        return names;
    }

  private:
    int queue_ = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
};

class TextFiles : public test::FolderTest {};

TEST_F(TextFiles, ThatCanBeWrittenAreFoundWithoutATrace) {
    const Watch watch(folder);
    expect_writable(folder / "new.json");
    EXPECT_THAT(watch.names(), Not(Contains("new.json")));
    write_text(folder / "new.json", "text");
    EXPECT_THAT(watch.names(), Contains("new.json"));  // else the watch sees nothing at all
    expect_writable(folder / "new.json");
    EXPECT_THAT(TextFile(folder / "new.json").lines(), ElementsAre("text"));
}

TEST_F(TextFiles, ThatCannotBeWrittenAreRefused) {
    std::ofstream(folder / "file") << "text";
    for (const fs::path& path : {folder, folder / "none" / "new.json", folder / "file" / "new.json", folder / "",
                                 fs::path(), folder / std::string(300, 'n'), fs::path("/proc/new.json")})
        EXPECT_THROW(expect_writable(path), InputError) << path;
    EXPECT_THAT(fs::exists(folder / "none"), false);
}

}  // namespace
}  // namespace halfulp
