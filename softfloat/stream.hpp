#pragma once

#include <cctype>
#include <istream>
#include <ostream>
#include <string>

#include <halfulp/softfloat/parse.hpp>
#include <halfulp/softfloat/print.hpp>

// Float<F> in streams. Of the stream's settings width, fill and alignment count; the locale does not.

namespace halfulp {

/// The shortest decimal that reads back (shortest_text).
template <Format F>
std::ostream& operator<<(std::ostream& out, Float<F> x) {
    return out << shortest_text(F, x.code);
}

/// A word of letters, digits, signs and points, in the notation of parse.hpp, rounded to nearest. As for float: what is no
/// number becomes 0 and sets failbit; so does what overflows, and becomes what the rounding says.
template <Format F>
std::istream& operator>>(std::istream& in, Float<F>& x) {
    const std::istream::sentry ready(in);
    if (!ready) return in;
    std::string word;
    for (int c = in.peek(); c != EOF && (std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'); c = in.peek())
        word += static_cast<char>(in.get());
    const Parsed<Result<F>> read = parse<F>(word);
    x = read.value ? read.value->value : Float<F>{};
    if (!read.value || read.value->status.overflow) in.setstate(std::ios::failbit);
    return in;
}

}  // namespace halfulp
