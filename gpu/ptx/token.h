#pragma once

#include <string>
#include <string_view>

#include <halfulp/gpu/ptx/error.hpp>

namespace halfulp::ptx {

/// What a token is.
enum class TokenKind : std::uint8_t {
    Word,    ///< names, directives and opcodes with their modifiers: %r1, .reg, add.rn.f32
    Number,  ///< begins with a digit: 12, 0x1F, 0f3F800000, 1.5e3
    String,  ///< in quotes, which are no part of the text
    Sign,    ///< one character of punctuation
    End,
};

/// A word of PTX's text.
struct Token {
    TokenKind kind = TokenKind::End;  ///< what it is
    std::string_view text;            ///< as it is written
    int line = 1;                     ///< from 1
};

/// The tokens of PTX text, one ahead. Comments are skipped.
class Lexer {
  public:
    /// The text must live as long as the tokens.
    Lexer(std::string_view text, std::string file);

    const Token& peek() const { return token_; }  ///< the one that comes next
    Token take();                                 ///< It, and goes on to the one behind it.

    /// Takes the token if it is this one.
    bool accept(std::string_view text);
    /// The same, and throws Error if it is not.
    void expect(std::string_view text);
    /// A word. Throws Error, which says what it should be, for anything else.
    Token expect_word(std::string_view what);
    /// Takes what else stands on the line of the token before.
    void skip_line(int line);

    Error error(int line, const std::string& message) const;  ///< That says this of that line.
    /// "FILE:LINE: expected ..., found ...".
    Error expected(std::string_view what) const;

  private:
    void next();
    void skip_blanks();
    std::size_t end_of_word() const;
    std::size_t end_of_exponent(std::size_t begin, std::size_t end) const;

    std::string_view text_;
    std::string file_;
    std::size_t at_ = 0;
    int line_ = 1;
    Token token_;
};

}  // namespace halfulp::ptx
