#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <halfulp/softfloat/parse.hpp>

// Number to text: hexadecimal and exact, decimal and exact, and the shortest decimal that reads back. What is finite
// and not zero is written by its magnitude alone; signs, zero, infinity and NaN are treated in one place.

namespace halfulp {

/// The text of x, where `magnitude()` writes what is finite and not zero.
template <class Magnitude>
std::string signed_text(const Exact& x, std::string_view zero, Magnitude magnitude) {
    if (x.kind == Kind::NaN) return "nan";
    std::string text = x.negative ? "-" : "";
    if (x.kind == Kind::Inf) return text.append("inf");
    return text.append(x.is_zero() ? std::string{zero} : magnitude());
}

/// Pre: Finite.
inline std::string hex_magnitude(const Exact& x) {
    std::string text = "0x1";
    u128 fraction = lifted(x, 127).sig << 1;
    if (fraction != 0) text += '.';
    for (; fraction != 0; fraction <<= 4) text += "0123456789abcdef"[static_cast<unsigned>(fraction >> 124)];
    return text.append(x.top() < 0 ? "p" : "p+").append(std::to_string(x.top()));
}

/// Hexadecimal and exact, as C's %a writes it, but normalised always: 0x1.8p+3, also where the format's own
/// significand is subnormal.
inline std::string hex_text(const Exact& x) {
    return signed_text(x, "0x0p+0", [&] { return hex_magnitude(x); });
}

/// d.ddd * 10^exponent; neither the first digit nor the last is 0.
struct Decimal {
    std::string digits;  ///< significant digits, without the point
    int exponent;        ///< of ten, for the first digit
};

/// The magnitude of x, all digits. Pre: Finite, -2500 <= x.exp <= 6000.
inline Decimal exact_decimal(const Exact& x) {
    BigUnsigned number{x.sig};  // 2^-k = 5^k * 10^-k
    x.exp < 0 ? number.multiply_by_power(5, -x.exp) : number.multiply_by_power(2, x.exp);
    std::string digits;  // backwards
    while (!number.is_zero()) {
        std::uint32_t nine_digits = number.divide(1'000'000'000);
        for (int i = 0; i < 9; ++i, nine_digits /= 10) digits += static_cast<char>('0' + nine_digits % 10);
    }
    digits.erase(digits.find_last_not_of('0') + 1);
    const int exponent = static_cast<int>(digits.size()) - 1 + std::min(x.exp, 0);
    digits.erase(0, digits.find_first_not_of('0'));
    return {{digits.rbegin(), digits.rend()}, exponent};
}

/// Without exponent: 0.1, 65504.
inline std::string positional(const Decimal& d) {
    std::string text = d.digits;
    if (d.exponent < 0) return text.insert(0, static_cast<std::size_t>(-d.exponent), '0').insert(1, ".");
    const auto before_point = static_cast<std::size_t>(d.exponent) + 1;
    if (text.size() > before_point) return text.insert(before_point, ".");
    return text.append(before_point - text.size(), '0');
}

/// With an exponent of at least two digits, as C writes it: 5.9604645e-08.
inline std::string scientific(const Decimal& d) {
    std::string text = d.digits;
    if (text.size() > 1) text.insert(1, ".");
    const std::string exponent = std::to_string(d.exponent < 0 ? -d.exponent : d.exponent);
    return text.append(d.exponent < 0 ? "e-" : "e+").append(exponent.size() < 2 ? "0" : "").append(exponent);
}

/// Decimal and exact: every digit, without exponent.
inline std::string exact_text(const Exact& x) {
    return signed_text(x, "0", [&] { return positional(exact_decimal(x)); });
}

/// Does number * 10^exponent round to the even nearest of f as that magnitude, and not by overflow?
constexpr bool reads_back(const Format& f, std::uint64_t magnitude, std::uint64_t number, int exponent) {
    const Rounded back = round_pack(f, decimal(false, {.number = BigUnsigned{number}, .exponent = exponent}));
    return back.code == magnitude && !back.status.overflow;
}

/// The shortest decimal that reads back to the code's magnitude, and of those the closest to it; of two equally close
/// the even one. What reads back is an interval around the number, so that among all decimals of n digits only the
/// two next to the number need be tried. Pre: Finite; at most 18 digits, as up to precision 53 always suffice.
inline Decimal shortest_decimal(const Format& f, std::uint64_t code) {
    const std::uint64_t magnitude = code & f.magnitude_mask();
    const Decimal exact = exact_decimal(decode(f, magnitude));
    std::uint64_t below = 0;
    for (std::size_t n = 1; n < exact.digits.size(); ++n) {
        below = below * 10 + static_cast<std::uint64_t>(exact.digits[n - 1] - '0');
        const int half = exact.digits.compare(n, std::string::npos, "5");  // no trailing zeros: 5 is the half
        const bool above_first = half > 0 || (half == 0 && below % 2 == 1);
        const int unit = exact.exponent - static_cast<int>(n) + 1;
        for (const bool above : {above_first, !above_first}) {
            const std::uint64_t number = below + (above ? 1 : 0);
            if (!reads_back(f, magnitude, number, unit)) continue;
            std::string digits = std::to_string(number);
            const int exponent = static_cast<int>(digits.size()) - 1 + unit;
            digits.erase(digits.find_last_not_of('0') + 1);
            return {digits, exponent};
        }
    }
    return exact;
}

/// The shortest decimal that reads back, laid out as by Python's repr but without ".0": with an exponent below 1e-04
/// and from 1e+16 on. A zero before the point is no shorter than the digit that belongs there, so where the shortest
/// decimal has such zeros the number, which is then an integer, is written exactly: 65504 and not 65500.
inline std::string shortest_text(const Format& f, std::uint64_t code) {
    const Exact x = decode(f, code);
    return signed_text(x, "0", [&] {
        const Decimal d = shortest_decimal(f, code);
        if (d.exponent < -4 || d.exponent >= 16) return scientific(d);
        const bool ends_before_point = static_cast<int>(d.digits.size()) <= d.exponent;
        return positional(ends_before_point ? exact_decimal(x) : d);
    });
}

}  // namespace halfulp
