#pragma once

#include <span>
#include <string_view>

namespace halfulp::fuzz {

/// A parser, which may refuse bytes by an error that it documents, and do nothing else.
struct Target {
    std::string_view name;  ///< also of its folder in corpus/
    void (*parse)(std::string_view bytes);
};

/// Every parser of what comes from outside.
std::span<const Target> targets();

/// Gives the bytes to a parser. Throws what it throws but for InputError in one line, and what says that a file is right and no
/// part of what this library computes with.
void feed(const Target& target, std::string_view bytes);

}  // namespace halfulp::fuzz
