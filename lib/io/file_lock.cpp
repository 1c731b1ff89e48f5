#include <halfulp/lib/io/file_lock.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {
namespace {

/// Whoever held the lock may have removed the file after we opened it: then its lock is worth nothing.
bool is_still_there(int file, const std::filesystem::path& path) {
    struct stat opened {};
    struct stat named {};
    return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) : path_(path) {
    do {
        if (file_ >= 0) close(file_);
        constexpr int for_everyone = 0666;
        file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, for_everyone);
        if (file_ < 0) throw InputError(path.string() + ": expected a file that can be made");
        while (flock(file_, LOCK_EX) != 0)
            if (errno != EINTR) throw InputError(path.string() + ": expected a file that can be locked");
    } while (!is_still_there(file_, path));
}

FileLock::~FileLock() {
    unlink(path_.c_str());
    close(file_);
}

}  // namespace halfulp
