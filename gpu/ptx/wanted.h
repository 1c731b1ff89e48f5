#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halfulp::ptx {

/// What an operand must be: one word of Opcode::operands.
struct Wanted {
    /// what the signs before and behind it say
    bool is_written = false, may_be_wider = false, is_constant = false, may_be_negated = false, is_optional = false;
    bool may_have_second = false, must_have_second = false;  ///< |pred?, |pred
    std::string_view type = {};                              ///< as the row spells it
    std::string_view count = {};                             ///< behind *
    std::string_view values = {};                            ///< behind #, by |: a constant of u32 that is one of these
    std::optional<std::uint64_t> below = {}, above = {}, multiple_of = {};  ///< of a constant: behind <, > and %

    /// Can this constant stand here?
    bool takes(std::uint64_t constant) const;
    /// "a constant below 16", and the like.
    std::string limits() const;
};

/// Takes a word of Opcode::operands apart.
Wanted parse_wanted(std::string_view word);

}  // namespace halfulp::ptx
