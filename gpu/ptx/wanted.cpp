#include <halfulp/gpu/ptx/wanted.h>

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

namespace halfulp::ptx {
namespace {

/// Words by |.
bool is_one_of(std::string_view words, std::string_view word) {
    for (std::size_t start = 0, end = 0; start <= words.size(); start = end + 1) {
        end = std::min(words.find('|', start), words.size());
        if (words.substr(start, end - start) == word) return true;
    }
    return false;
}

bool take_end(std::string_view& word, std::string_view end) {
    if (!word.ends_with(end)) return false;
    word.remove_suffix(end.size());
    return true;
}

/// Takes "<16" and the like from the end of "u32<16".
void take_limits(std::string_view& word, Wanted& w) {
    for (std::size_t at = word.find_last_of("<>%"); at != std::string_view::npos; at = word.find_last_of("<>%")) {
        std::uint64_t number = 0;
        std::from_chars(word.data() + at + 1, word.data() + word.size(), number);
        (word[at] == '<' ? w.below : word[at] == '>' ? w.above : w.multiple_of) = number;
        word.remove_suffix(word.size() - at);
    }
}

}  // namespace

bool Wanted::takes(std::uint64_t constant) const {
    if (!values.empty()) return is_one_of(values, std::to_string(constant));
    return (!below || constant < *below) && (!above || constant > *above) && constant % multiple_of.value_or(1) == 0;
}

std::string Wanted::limits() const {
    if (!values.empty()) return fmt::format("the constant {}", values);
    std::string text = "a constant";
    if (below) text += fmt::format(" below {}", *below);
    if (above) text += fmt::format(" above {}", *above);
    if (multiple_of) text += fmt::format(" that is a multiple of {}", *multiple_of);
    return text;
}

Wanted parse_wanted(std::string_view word) {
    Wanted w;
    for (; word.find_first_of("=~#!") == 0; word.remove_prefix(1)) {
        w.is_written = w.is_written || word.front() == '=';
        w.may_be_wider = w.may_be_wider || word.front() == '~';
        w.is_constant = w.is_constant || word.front() == '#';
        w.may_be_negated = w.may_be_negated || word.front() == '!';
    }
    w.must_have_second = take_end(word, "|pred");
    w.may_have_second = w.must_have_second || take_end(word, "|pred?");
    w.is_optional = take_end(word, "?");
    take_limits(word, w);
    if (w.is_constant && !word.empty() && word.front() >= '0' && word.front() <= '9') {
        w.values = word;
        word = "u32";
    }
    const std::size_t star = word.find('*');
    w.type = word.substr(0, star);
    if (star != std::string_view::npos) w.count = word.substr(star + 1);
    return w;
}

}  // namespace halfulp::ptx
