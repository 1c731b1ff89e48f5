#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/big_unsigned.hpp>
#include <halfulp/softfloat/float.hpp>

// Text to number, in the notation of C without its locale:
//   [+-] (digits [. [digits]] | . digits) [e [+-] digits]      decimal
//   [+-] 0x (hex [. [hex]] | . hex)       [p [+-] digits]      hexadecimal, times a power of two
//   [+-] (inf | infinity | nan)
// Letters of either case. The whole text must be the number.

namespace halfulp {

/// Where a text stops being a number, and what should stand there.
struct ParseError {
    std::size_t offset = 0;          ///< characters from the start of the text
    std::string_view expected = {};  ///< what should have stood there

    friend constexpr bool operator==(const ParseError&, const ParseError&) = default;
};

/// What was read, or why nothing was.
template <class T>
struct Parsed {
    std::optional<T> value;  ///< empty after an error
    ParseError error = {};   ///< only if there is no value
};

/// (number + theta) * base^exponent,   theta in (0, 1) if `more`, else 0.
struct Digits {
    BigUnsigned number = {};    ///< the digits as an integer, as many as matter
    std::int64_t exponent = 0;  ///< that of the base, with which it is multiplied
    bool more = false;          ///< whether digits that were left out are not all 0
    bool none = true;           ///< was there no digit?
};

/// Digits are kept to this many; of the others `more` tells whether one is not zero. That is enough: a rounded result
/// or a flag changes only at a number of the format, at the middle between two, or (tininess) at the middle between
/// the smallest normal number and what an unbounded exponent would place next below it. Up to binary64's range none of
/// these has more than 769 significant digits, as (2^54 - 1) * 2^-1076 has; so none lies strictly between a number of
/// 800 digits and the next.
inline constexpr int kept_digits = 800;

/// Exponents saturate here: beyond the length of any text, so that leading or trailing zeros cannot make up for it, and
/// far enough from the end of 64 bits that sums cannot overflow.
inline constexpr std::int64_t exponent_limit = 100'000'000'000'000'000;

/// Reads a text from left to right. Words are given, and matched, in lower case.
struct Scanner {
    std::string_view text;  ///< all of it
    std::size_t at = 0;     ///< how far it was read

    /// the character that comes next, or the one so far behind it; 0 at the end
    constexpr char peek(std::size_t ahead = 0) const {
        if (at + ahead >= text.size()) return '\0';
        const char c = text[at + ahead];
        return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    /// Reads the word if it stands there, in any case.
    constexpr bool accept(std::string_view word) {
        for (std::size_t i = 0; i < word.size(); ++i)
            if (peek(i) != word[i]) return false;
        at += word.size();
        return true;
    }
    /// True for -, false for + or no sign.
    constexpr bool accept_minus() {
        const bool minus = accept("-");
        if (!minus) accept("+");
        return minus;
    }
    /// Reads a digit of that base, if one stands there.
    constexpr std::optional<std::uint32_t> accept_digit(std::uint32_t base) {
        const char c = peek();
        const int digit = '0' <= c && c <= '9' ? c - '0' : 'a' <= c && c <= 'f' ? c - 'a' + 10 : 16;
        if (static_cast<std::uint32_t>(digit) >= base) return std::nullopt;
        ++at;
        return static_cast<std::uint32_t>(digit);
    }
};

/// Digits with at most one point.
constexpr Digits scan_digits(Scanner& scanner, std::uint32_t base) {
    Digits digits;
    bool point = false;
    int kept = 0;
    for (;;) {
        if (!point && scanner.accept(".")) point = true;
        const auto digit = scanner.accept_digit(base);
        if (!digit) return digits;
        digits.none = false;
        if (kept < kept_digits) {
            digits.number.multiply_add(base, *digit);
            if (!digits.number.is_zero()) ++kept;
            if (point) --digits.exponent;
        } else {
            digits.more |= *digit != 0;
            if (!point) ++digits.exponent;
        }
    }
}

/// A decimal integer with optional sign; empty without digits.
constexpr std::optional<std::int64_t> scan_exponent(Scanner& scanner) {
    const bool negative = scanner.accept_minus();
    auto digit = scanner.accept_digit(10);
    if (!digit) return std::nullopt;
    std::int64_t exponent = 0;
    for (; digit; digit = scanner.accept_digit(10))
        exponent = std::min(exponent * 10 + static_cast<std::int64_t>(*digit), exponent_limit);
    return negative ? -exponent : exponent;
}

/// big * 2^exp, or a little more than that, by its 128 leading bits: twice as many as any format rounds to.
/// Pre: if there is more, at least these many bits.
constexpr Sticky leading_bits(bool negative, BigUnsigned big, int exp, bool more) {
    if (big.is_zero()) return Exact::zero(negative);
    const int drop = std::max(0, big.bit_width() - 128);
    more |= big.divide_by_power(2, drop);
    return {Exact::finite(negative, exp + drop, big.to_u128()), more};
}

/// What hexadecimal digits mean, to be rounded.
constexpr Sticky hexadecimal(bool negative, const Digits& digits, std::int64_t power_of_two) {
    // A number of 800 digits times 2^(2^20) or its inverse is beyond every format, as is what lies further out.
    constexpr std::int64_t beyond = 1 << 20;
    const auto exp = std::clamp(digits.exponent * 4 + power_of_two, -beyond, beyond);
    return leading_bits(negative, digits.number, static_cast<int>(exp), digits.more);
}

/// digits * 10^exponent as a Sticky: what rounds to any format as the number itself does. 10^e = 5^e * 2^e.
constexpr Sticky decimal(bool negative, const Digits& digits) {
    // Up to 800 digits are below 10^800, and * 10^-1200 below 10^-400: less than every format holds, as is what lies
    // further down. Likewise up, where 1 * 10^400 is more than every format holds.
    const auto e = static_cast<int>(std::clamp<std::int64_t>(digits.exponent, -1200, 400));
    BigUnsigned big = digits.number;
    if (e >= 0) {
        big.multiply_by_power(5, e);
        return leading_bits(negative, big, e, digits.more);
    }
    // 2^(7/3) > 5: the quotient has at least 128 bits.
    const int up = std::max(0, -e * 7 / 3 + 130 - big.bit_width());
    big.multiply_by_power(2, up);
    const bool rest = big.divide_by_power(5, -e);
    return leading_bits(negative, big, e - up, digits.more || rest);
}

/// A text as a Sticky: what rounds to any format as the number itself does.
constexpr Parsed<Sticky> parse(std::string_view text) {
    Scanner scanner{text};
    const auto whole = [&](const Sticky& value) -> Parsed<Sticky> {
        if (scanner.at < text.size()) return {std::nullopt, {scanner.at, "the end of the number"}};
        return {value};
    };
    const bool negative = scanner.accept_minus();
    if (scanner.accept("infinity") || scanner.accept("inf")) return whole(Exact::inf(negative));
    if (scanner.accept("nan")) return whole(Exact::nan({}));

    const bool hex = scanner.accept("0x");
    Digits digits = scan_digits(scanner, hex ? 16 : 10);
    if (digits.none) return {std::nullopt, {scanner.at, hex ? "a hexadecimal digit" : "a digit"}};
    std::optional<std::int64_t> exponent = 0;
    if (scanner.accept(hex ? "p" : "e")) exponent = scan_exponent(scanner);
    if (!exponent) return {std::nullopt, {scanner.at, "a digit of the exponent"}};
    if (hex) return whole(hexadecimal(negative, digits, *exponent));
    digits.exponent += *exponent;
    return whole(decimal(negative, digits));
}

/// A text as a code, rounded once. Pre: every number of f is one of binary64.
constexpr Parsed<Rounded> parse(const Format& f, std::string_view text, const Env& env = {}) {
    assert(f.emax() <= binary64.emax() && f.emin() - f.precision >= binary64.emin() - binary64.precision);
    const Parsed<Sticky> parsed = parse(text);
    if (!parsed.value) return {std::nullopt, parsed.error};
    return {round_pack(f, *parsed.value, env)};
}

/// The number that a text writes, rounded once to F.
template <Format F>
constexpr Parsed<Result<F>> parse(std::string_view text, const Env& env = {}) {
    const Parsed<Rounded> parsed = parse(F, text, env);
    if (!parsed.value) return {std::nullopt, parsed.error};
    return {Result<F>{Float<F>::from_code(parsed.value->code), parsed.value->status}};
}

}  // namespace halfulp
