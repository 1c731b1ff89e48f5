#include <halfulp/gpu/ptx/token.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace halfulp::ptx {
namespace {

// Of ASCII alone, whatever the locale says.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool in_word(char c) { return is_digit(c) || is_letter(c) || c == '_' || c == '$' || c == '%' || c == '.'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

}  // namespace

Lexer::Lexer(std::string_view text, std::string file) : text_(text), file_(std::move(file)) { next(); }

Token Lexer::take() {
    const Token taken = token_;
    next();
    return taken;
}

bool Lexer::accept(std::string_view text) {
    if (token_.kind == TokenKind::String || token_.text != text) return false;
    next();
    return true;
}

void Lexer::expect(std::string_view text) {
    if (!accept(text)) throw expected(fmt::format("\"{}\"", text));
}

Token Lexer::expect_word(std::string_view what) {
    if (token_.kind != TokenKind::Word) throw expected(what);
    return take();
}

void Lexer::skip_line(int line) {
    while (token_.kind != TokenKind::End && token_.line == line) next();
}

Error Lexer::error(int line, const std::string& message) const { return {{.file = file_, .line = line}, message}; }

Error Lexer::expected(std::string_view what) const {
    const std::string found = token_.kind == TokenKind::End ? "the end of the file" : shown(token_.text);
    return error(token_.line, fmt::format("expected {}, found {}", what, found));
}

void Lexer::skip_blanks() {
    const auto step_to = [&](std::size_t end) {
        for (; at_ < end; ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
    };
    while (at_ < text_.size()) {
        const std::string_view rest = text_.substr(at_);
        if (is_blank(rest.front())) {
            step_to(at_ + 1);
        } else if (rest.starts_with("//")) {
            step_to(std::min(text_.find('\n', at_), text_.size()));
        } else if (rest.starts_with("/*")) {
            const std::size_t end = text_.find("*/", at_ + 2);
            if (end == std::string_view::npos) throw error(line_, "expected */, found the end of the file");
            step_to(end + 2);
        } else {
            return;
        }
    }
}

/// Words hold :: as modifiers do, such as shared::cta, but no single colon, which ends a label. A directive ends where
/// another begins, and so does a number: .shared.align 4.b8.
std::size_t Lexer::end_of_word() const {
    std::size_t end = at_;
    const auto begins_directive = [&] {
        if (end == at_ || text_[end] != '.') return false;
        const std::string_view next = text_.substr(end + 1, 1);
        const bool is_exponent = next == "e" || next == "E";
        return text_[at_] == '.' || (is_digit(text_[at_]) && !next.empty() && is_letter(next[0]) && !is_exponent);
    };
    while (end < text_.size() && !begins_directive()) {
        if (text_.substr(end).starts_with("::"))
            end += 2;
        else if (in_word(text_[end]))
            ++end;
        else
            break;
    }
    return end;
}

/// The end of a number that continues behind the sign of its exponent: 1.5e-3. Hexadecimal ones have none.
std::size_t Lexer::end_of_exponent(std::size_t begin, std::size_t end) const {
    const std::string_view number = text_.substr(begin, end - begin);
    const bool has_exponent = number.ends_with('e') || number.ends_with('E');
    const bool is_decimal = number.find_first_of("xXfFdD") == std::string_view::npos;
    if (!has_exponent || !is_decimal || end >= text_.size() || (text_[end] != '-' && text_[end] != '+')) return end;
    ++end;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    return end;
}

void Lexer::next() {
    skip_blanks();
    const std::size_t begin = at_;
    if (begin >= text_.size()) {
        token_ = {TokenKind::End, {}, line_};
    } else if (text_[begin] == '"') {
        const std::size_t end = text_.find('"', begin + 1);
        if (end == std::string_view::npos) throw error(line_, "expected a closing \", found the end of the file");
        token_ = {TokenKind::String, text_.substr(begin + 1, end - begin - 1), line_};
        line_ += static_cast<int>(std::count(token_.text.begin(), token_.text.end(), '\n'));
        at_ = end + 1;
    } else if (in_word(text_[begin])) {
        const bool is_number = is_digit(text_[begin]);
        at_ = is_number ? end_of_exponent(begin, end_of_word()) : end_of_word();
        token_ = {is_number ? TokenKind::Number : TokenKind::Word, text_.substr(begin, at_ - begin), line_};
    } else {
        token_ = {TokenKind::Sign, text_.substr(at_++, 1), line_};
    }
}

}  // namespace halfulp::ptx
