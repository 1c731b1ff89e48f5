#pragma once

#include <filesystem>

namespace halfulp {

/// Waits until no other process and no other thread holds the lock of that name, then holds it as long as it lives. The
/// lock is a file (flock), and is gone when nobody wants it; what a killed process leaves behind locks nobody out.
class FileLock {
  public:
    /// Throws InputError if the file cannot be made.
    explicit FileLock(const std::filesystem::path& path);
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

  private:
    std::filesystem::path path_;
    int file_ = -1;
};

}  // namespace halfulp
