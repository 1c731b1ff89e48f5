#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

// Checks of where a command reads and writes, before it does.

/// A path and what it is for, as messages have it.
struct Purpose {
    std::string what;
    std::filesystem::path path;
};

/// Throws InputError if two of the paths are one file, by whatever names, or one lies where the other is a file. What is no
/// regular file, such as a pipe or a device, may serve twice.
void expect_apart(std::span<const Purpose> places);

/// Throws InputError unless the folder is there, or can be made; makes none.
void expect_folder(const std::filesystem::path& folder);

/// A file, and what writes it.
struct Writing {
    std::filesystem::path path;
    std::function<void()> write;
};

/// Writes the files in turn, in folders that are made for them. What fails is thrown on, and the files before it are again what
/// they were, or are not there, nor are those folders; what is no regular file stays. Meanwhile FILE.old, or FILE.old.old
/// if there is one, is what FILE was.
void write_all(std::span<const Writing> files);
