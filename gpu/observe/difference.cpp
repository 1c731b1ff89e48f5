#include <halfulp/gpu/observe/difference.hpp>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace halfulp::gpu {
namespace {

using Codes = std::vector<std::uint64_t>;
__extension__ using Wide = __int128;  // differences of codes of 64 bits

/// The elements of an array that are not the expected ones. An array of one size is one row.
struct Differing {
    const Element& element;
    const Codes &got, &wanted;
    std::size_t columns;
    std::vector<std::size_t> at = {};  ///< in rising order, one at least

    std::size_t row(std::size_t i) const { return i / columns; }
    std::size_t column(std::size_t i) const { return i % columns; }
    std::size_t rows() const { return wanted.size() / columns; }

    template <class What>
    bool all(const What& what) const {
        return std::all_of(at.begin(), at.end(), [&](std::size_t i) { return what(i); });
    }
};

/// A code's place in the order of the numbers, zeros of both signs in one.
Wide place(const Element& element, std::uint64_t code) {
    if (element.integer) {
        const bool is_negative = element.integer->is_signed && (code >> (element.width() - 1) & 1) != 0;
        return Wide{code} - (is_negative ? Wide{1} << element.width() : 0);
    }
    const auto magnitude = Wide{code & element.format.magnitude_mask()};
    return (code & element.format.sign_bit()) != 0 ? -magnitude : magnitude;
}

/// From what is expected to what was found, in numbers of the element.
Wide distance(const Differing& d, std::size_t i) { return place(d.element, d.got[i]) - place(d.element, d.wanted[i]); }

bool is_nan(const Differing& d, std::uint64_t code) { return !d.element.integer && d.element.format.is_nan(code); }

std::uint64_t greatest(const Element& e) { return e.integer ? e.integer->greatest() : e.format.max_code(); }

Wide magnitude(Wide x) { return x < 0 ? -x : x; }

/// Towards zero below 0, away from it above.
Wide outwards(const Differing& d, std::size_t i) {
    return magnitude(place(d.element, d.got[i])) - magnitude(place(d.element, d.wanted[i]));
}

bool is_next(const Differing& d, std::size_t i) { return magnitude(distance(d, i)) == 1; }

bool is_at_the_end(const Differing& d, std::uint64_t code) {
    const Wide most = place(d.element, greatest(d.element)), at = place(d.element, code);
    return at == most || at == -most || (d.element.integer && at == -most - 1);
}

/// What all that differ may have in common.
struct Trait {
    const char* text;
    bool (*holds)(const Differing&, std::size_t);
};

constexpr Trait traits[] = {
    {"each is NaN", [](const Differing& d, std::size_t i) { return is_nan(d, d.got[i]); }},
    {"NaN is expected of each", [](const Differing& d, std::size_t i) { return is_nan(d, d.wanted[i]); }},
    {"each is zero", [](const Differing& d, std::size_t i) { return place(d.element, d.got[i]) == 0; }},
    {"each is negative where zero is expected",
     [](const Differing& d, std::size_t i) {
         return place(d.element, d.wanted[i]) == 0 && place(d.element, d.got[i]) < 0;
     }},
    {"each is the next number towards zero",
     [](const Differing& d, std::size_t i) { return is_next(d, i) && outwards(d, i) < 0; }},
    {"each is the next number away from zero",
     [](const Differing& d, std::size_t i) { return is_next(d, i) && outwards(d, i) > 0; }},
    {"each is the next number below", [](const Differing& d, std::size_t i) { return distance(d, i) == -1; }},
    {"each is the next number above", [](const Differing& d, std::size_t i) { return distance(d, i) == 1; }},
    {"each is the next number on either side", is_next},
    {"each is at the end of the range", [](const Differing& d, std::size_t i) { return is_at_the_end(d, d.got[i]); }},
    {"the end of the range is expected of each",
     [](const Differing& d, std::size_t i) { return is_at_the_end(d, d.wanted[i]); }},
    {"each has the other sign",
     [](const Differing& d, std::size_t i) { return place(d.element, d.got[i]) == -place(d.element, d.wanted[i]); }},
    {"each is below the expected one", [](const Differing& d, std::size_t i) { return distance(d, i) < 0; }},
    {"each is above the expected one", [](const Differing& d, std::size_t i) { return distance(d, i) > 0; }},
};

/// Is what was found expected in another row or column, the same way from each? What lies outside tells nothing, and of
/// fewer than half of them nothing is said.
template <class Elsewhere>
bool all_from(const Differing& d, const Elsewhere& elsewhere) {
    std::size_t known = 0;
    return d.all([&](std::size_t i) {
        const auto [row, column] = elsewhere(d.row(i), d.column(i));
        if (row >= d.rows() || column >= d.columns) return true;
        ++known;
        return d.got[i] == d.wanted[row * d.columns + column];
    }) && 2 * known > d.at.size();
}

/// Exchanged within groups of a power of two, or moved by one.
std::string moved(const Differing& d) {
    using Place = std::pair<std::size_t, std::size_t>;
    for (std::size_t apart = 1; apart <= 32; apart *= 2) {
        if (all_from(d, [&](std::size_t r, std::size_t c) { return Place{r, c ^ apart}; }))
            return fmt::format("columns {} apart are exchanged", apart);
        if (all_from(d, [&](std::size_t r, std::size_t c) { return Place{r ^ apart, c}; }))
            return fmt::format("rows {} apart are exchanged", apart);
    }
    if (all_from(d, [](std::size_t r, std::size_t c) { return Place{r, c + 1}; }))
        return "each is expected one column on";
    if (all_from(d, [](std::size_t r, std::size_t c) { return Place{r, c - 1}; }))
        return "each is expected one column before";
    if (all_from(d, [](std::size_t r, std::size_t c) { return Place{c, r}; }))
        return "each is expected in its mirror image";
    return {};
}

Wide greatest_common_divisor(Wide a, Wide b) { return b == 0 ? a : greatest_common_divisor(b, a % b); }

std::string in_common(const Differing& d) {
    if (std::string text = moved(d); !text.empty()) return text;
    for (const Trait& trait : traits)
        if (d.all([&](std::size_t i) { return trait.holds(d, i); })) return trait.text;
    Wide most = 0, step = 0;
    for (const std::size_t i : d.at) {
        const Wide off = magnitude(distance(d, i));
        most = std::max(most, off);
        step = greatest_common_divisor(step, off);
    }
    constexpr Wide few = 64, many = 16;
    if (d.element.integer && d.at.size() > 1 && step >= many)
        return fmt::format("each is off by a multiple of {}", static_cast<std::uint64_t>(step));
    return most <= few ? fmt::format("each is at most {} numbers off", static_cast<int>(most)) : "";
}

/// "columns 8 to 15 of each 16", by the period of which the least part has all of them, if that is a half at most; else
/// from the first to the last.
std::string range(const Differing& d, std::size_t (Differing::*index)(std::size_t) const, const char* what) {
    const auto ends = [&](std::size_t period) {
        std::size_t first = period, last = 0;
        for (const std::size_t i : d.at) {
            const std::size_t residue = (d.*index)(i) % period;
            first = std::min(first, residue);
            last = std::max(last, residue);
        }
        return std::pair{first, last};
    };
    auto [first, last] = ends(d.wanted.size());
    std::size_t period = 0;
    double least = 0.5;
    for (std::size_t each = 2; each <= 64 && last - first >= each; each *= 2) {
        const auto [from, to] = ends(each);
        const double part = static_cast<double>(to - from + 1) / static_cast<double>(each);
        if (part > least || (part == least && period != 0)) continue;
        least = part;
        period = each;
    }
    if (period != 0) std::tie(first, last) = ends(period);
    return fmt::format(
        "{}{}", first == last ? fmt::format("{} {}", what, first) : fmt::format("{}s {} to {}", what, first, last),
        period == 0 ? "" : fmt::format(" of each {}", period));
}

std::string text_of(const Differing& d, std::string_view name) {
    const std::size_t first = d.at.front();
    const bool is_matrix = d.rows() > 1;
    const std::string where =
        is_matrix ? fmt::format("row {}, column {}", d.row(first), d.column(first)) : fmt::format("element {}", first);
    const int digits = (d.element.width() + 3) / 4;
    std::string text =
        fmt::format("{}: {} of {} differ, in {}{}; first {}: 0x{:0{}x}, expected 0x{:0{}x}", name, d.at.size(),
                    d.wanted.size(), is_matrix ? range(d, &Differing::row, "row") + ", " : "",
                    range(d, &Differing::column, is_matrix ? "column" : "element"), where, d.got[first], digits,
                    d.wanted[first], digits);
    const std::string common = in_common(d);
    return common.empty() ? text : text + "; " + common;
}

}  // namespace

std::string difference(const Kernel& kernel, const Sizes& sizes, const Arrays& got, const Arrays& wanted) {
    for (const Parameter& p : kernel.parameters) {
        const auto found = wanted.find(p.name);
        if (found == wanted.end()) continue;
        const bool is_matrix = p.extent.b != Size::One;
        Differing d{p.element, got.find(p.name)->second, found->second,
                    is_matrix ? std::size_t{value_of(p.extent.b, sizes)} * p.extent.each : found->second.size()};
        for (std::size_t i = 0; i < d.wanted.size(); ++i)
            if (d.got[i] != d.wanted[i]) d.at.push_back(i);
        if (!d.at.empty()) return text_of(d, p.name);
    }
    return {};
}

}  // namespace halfulp::gpu
