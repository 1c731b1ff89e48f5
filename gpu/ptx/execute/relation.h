#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

// The comparison operators of set and setp; PTX ISA, "Comparison and Selection Instructions".

namespace halfulp::ptx {

enum class Relation : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, Ordered, Unordered };

/// Of lt, ltu and lo, the first; whether they compare with a sign, the type says.
constexpr Relation relation_of(std::string_view word) {
    if (word.size() == 3 && word.back() == 'u') word.remove_suffix(1);
    if (word == "eq") return Relation::Equal;
    if (word == "ne") return Relation::NotEqual;
    if (word == "lt" || word == "lo") return Relation::Less;
    if (word == "le" || word == "ls") return Relation::LessEqual;
    if (word == "gt" || word == "hi") return Relation::Greater;
    if (word == "ge" || word == "hs") return Relation::GreaterEqual;
    return word == "num" ? Relation::Ordered : Relation::Unordered;
}

/// Is it true of numbers that do not compare? So it is of ltu and the like.
constexpr bool is_or_unordered(std::string_view word) { return word.size() == 3 && word.back() == 'u'; }

/// Of numbers that do not compare a relation is false, unless `or_unordered`.
constexpr bool holds(Relation relation, bool or_unordered, std::partial_ordering x) {
    if (x == std::partial_ordering::unordered) return or_unordered || relation == Relation::Unordered;
    switch (relation) {
        case Relation::Equal: return x == 0;
        case Relation::NotEqual: return x != 0;
        case Relation::Less: return x < 0;
        case Relation::LessEqual: return x <= 0;
        case Relation::Greater: return x > 0;
        case Relation::GreaterEqual: return x >= 0;
        case Relation::Ordered: return true;
        case Relation::Unordered: return false;
    }
    __builtin_unreachable();
}

}  // namespace halfulp::ptx
