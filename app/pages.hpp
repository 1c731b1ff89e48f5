#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

// What is written about the program's commands from the commands themselves, so that it cannot differ from them.

/// A command with the names that lead to it: "gpu verify"; empty for the program itself.
struct Command {
    std::string path;
    const CLI::App* app;
};

/// The program and its commands, each before its own.
std::vector<Command> commands_of(const CLI::App& program);

/// An option's names, with their dashes, or that of a positional.
std::vector<std::string> names_of(const CLI::Option& option);

/// A script for bash, zsh or fish: commands, options and the values that an option names; file names elsewhere.
std::string completion(const CLI::App& program, const std::string& shell);

/// A page for man, in roff.
std::string manual(const CLI::App& program);
