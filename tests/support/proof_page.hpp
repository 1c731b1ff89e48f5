#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <regex>
#include <string>
#include <vector>

#include "support/sections.hpp"

// A page of proofs/ held against the code: its numbers stand in phrases that the build makes. What else may have digits are
// names (fp16, log10, a claim's id) and notation: 0, 1, 2 and 10 that an operator joins to a letter, as in 2^p and 1 + v.

namespace halfulp::test {

/// Spaces in `rest` where the page has something of that kind; line ends stay.
inline void take_out(std::string& rest, const std::string& page, const std::regex& covered) {
    for (std::sregex_iterator found(page.begin(), page.end(), covered), end; found != end; ++found) {
        const auto first = rest.begin() + found->position();
        std::replace_if(
            first, first + found->length(), [](char c) { return c != '\n'; }, ' ');
    }
}

/// The phrase however its lines are broken, and not as a part of longer words or numbers.
inline std::regex anywhere(const std::string& phrase) {
    const std::string literal = std::regex_replace(phrase, std::regex(R"([.^$|()\[\]{}*+?\\])"), R"(\$&)");
    const std::string words = std::regex_replace(literal, std::regex(" "), R"(\s+)");
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    return std::regex((is_word(phrase.front()) ? R"(\b)" : "") + words +
                      (is_word(phrase.back()) ? R"(\b(?![.]\d))" : ""));
}

/// The small numbers of formulas that have letters.
inline void take_out_notation(std::string& rest) {
    const std::string operand = R"([(|]*-?\w+[)|]*)", operation = R"(\s?([-+*/^=]|<=?|>=?)\s?)";
    const std::regex formula(operand + "(" + operation + operand + ")+"), small(R"(\b([012]|10)(?!\d))");
    const std::string text = rest;
    for (std::sregex_iterator found(text.begin(), text.end(), formula), end; found != end; ++found) {
        std::string taken = found->str();
        if (std::ranges::none_of(taken, [](unsigned char c) { return std::isalpha(c) != 0; })) continue;
        take_out(taken, found->str(), small);
        rest.replace(static_cast<std::size_t>(found->position()), taken.size(), taken);
    }
}

/// Every phrase stands on the page, and no number outside of them.
inline void expect_numbers(const std::string& name, const std::vector<std::string>& phrases) {
    const std::string page = source(name);
    std::string rest = page;
    for (const std::string& phrase : phrases) {
        EXPECT_TRUE(std::regex_search(page, anywhere(phrase))) << name << " does not say: " << phrase;
        take_out(rest, page, anywhere(phrase));
    }
    take_out_notation(rest);
    take_out(rest, std::string(rest), std::regex("`[^`]*`|[A-Za-z_]+[0-9]+"));
    const std::regex number(R"(\d+([.]\d+)?)");
    for (std::sregex_iterator found(rest.begin(), rest.end(), number), end; found != end; ++found)
        ADD_FAILURE() << name << ':' << 1 + std::count(rest.cbegin(), found->prefix().second, '\n')
                      << ": nothing computes " << found->str();
}

}  // namespace halfulp::test
