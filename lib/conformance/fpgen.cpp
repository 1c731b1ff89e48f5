#include <halfulp/lib/conformance/fpgen.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

constexpr std::array fpgen_formats = {
    Named<Format>{"b16", binary16, {}},
    Named<Format>{"b32", binary32, {}},
    Named<Format>{"b64", binary64, {}},
};

constexpr std::array fpgen_operations = {
    Named<Operation>{"+", Operation::Add, {}},        Named<Operation>{"-", Operation::Sub, {}},
    Named<Operation>{"*", Operation::Mul, {}},        Named<Operation>{"/", Operation::Div, {}},
    Named<Operation>{"*+", Operation::Fma, {}},       Named<Operation>{"V", Operation::Sqrt, {}},
    Named<Operation>{"%", Operation::Remainder, {}},  Named<Operation>{"rfi", Operation::RoundToIntegralExact, {}},
    Named<Operation>{"~", Operation::Negate, {}},     Named<Operation>{"A", Operation::Abs, {}},
    Named<Operation>{"@", Operation::CopySign, {}},   Named<Operation>{"Nu", Operation::NextUp, {}},
    Named<Operation>{"Nd", Operation::NextDown, {}},  Named<Operation>{"<C", Operation::MinNum, {}},
    Named<Operation>{">C", Operation::MaxNum, {}},    Named<Operation>{"<A", Operation::MinNumMag, {}},
    Named<Operation>{">A", Operation::MaxNumMag, {}}, Named<Operation>{"L", Operation::Logb, {}},
};

// What else the suite's syntax has, and this library has not, or by another meaning.
constexpr std::array<std::string_view, 4> other_formats = {"b128", "d32", "d64", "d128"};
constexpr std::array<std::string_view, 22> other_operations = {"cff", "cfi", "cif", "cfd", "cdf",    "qC",   "sC", "cp",
                                                               "S",   "Na",  "?",   "?-",  "?n",     "?f",   "?0", "?s",
                                                               "?i",  "?N",  "?sN", "eq",  "=quant", "quant"};

constexpr std::array fpgen_roundings = {
    Named<Rounding>{">", Rounding::Up, {}},           Named<Rounding>{"<", Rounding::Down, {}},
    Named<Rounding>{"0", Rounding::TowardZero, {}},   Named<Rounding>{"=0", Rounding::NearestEven, {}},
    Named<Rounding>{"=^", Rounding::NearestAway, {}},
};

InputError expected(std::string_view what, std::string_view found) {
    return InputError(fmt::format("expected {}, found {}", what, shown(found)));
}

/// A number that is the whole text.
template <class Integer>
Integer number(std::string_view text, int base, std::string_view what) {
    Integer value = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || failed != std::errc{} || stop != text.data() + text.size()) throw expected(what, text);
    return value;
}

/// 1.7FFFFFP127 as a magnitude: the digit before the point is 0 for subnormal numbers.
std::uint64_t magnitude_of(const Format& f, std::string_view text) {
    const std::size_t p = text.find('P');
    if (p == std::string_view::npos || p < 3 || text[1] != '.') throw expected("a number such as +1.7FFFFFP127", text);
    const auto leading = number<unsigned>(text.substr(0, 1), 2, "0 or 1 before the point");
    const auto fraction = number<std::uint64_t>(text.substr(2, p - 2), 16, "a hexadecimal fraction");
    const auto exponent = number<int>(text.substr(p + 1), 10, "an exponent");
    const bool in_range = exponent >= f.emin() && exponent <= f.emax() && (leading == 1 || exponent == f.emin());
    if (!in_range || fraction >> f.fraction_bits() != 0)
        throw expected(fmt::format("a number of {}", short_name(f)), text);
    const auto field = leading == 0 ? 0U : static_cast<std::uint64_t>(exponent + f.bias);
    return field << f.fraction_bits() | fraction;
}

std::uint64_t code_of(const Format& f, std::string_view text) {
    if (text == "Q") return f.nan_code();
    if (text == "S") return f.inf_code() + 1;
    if (text.empty() || (text[0] != '+' && text[0] != '-')) throw expected("a number with a sign, Q or S", text);
    const std::uint64_t sign = text[0] == '-' ? f.sign_bit() : 0;
    const std::string_view rest = text.substr(1);
    if (rest == "Zero") return sign;
    if (rest == "Inf") return sign | f.inf_code();
    return sign | magnitude_of(f, rest);
}

bool has(std::string_view letters, char letter) { return letters.find(letter) != std::string_view::npos; }

bool is_flags(std::string_view word) { return word.find_first_not_of("xuvwozi") == std::string_view::npos; }

Status status_of(std::string_view letters, char underflow) {
    return {.invalid = has(letters, 'i'),
            .divide_by_zero = has(letters, 'z'),
            .overflow = has(letters, 'o'),
            .underflow = has(letters, 'u') || has(letters, underflow),
            .inexact = has(letters, 'x')};
}

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The format that a word begins with; empty if it begins with none.
std::string_view leading_format(std::string_view word) {
    for (const auto& row : fpgen_formats)
        if (word.starts_with(row.name)) return row.name;
    for (const std::string_view name : other_formats)
        if (word.starts_with(name)) return name;
    return {};
}

/// b32*+ as its format and operation; conversions have a format more, b32b64cff.
std::pair<Format, Operation> function_of(std::string_view word) {
    const std::string_view format_name = leading_format(word);
    if (format_name.empty())
        throw expected(fmt::format("a format of {}, {}", known_names(fpgen_formats), fmt::join(other_formats, ", ")),
                       word);
    std::string_view name = word.substr(format_name.size());
    name.remove_prefix(leading_format(name).size());
    const auto format = find_by_name(fpgen_formats, format_name);
    const auto operation = find_by_name(fpgen_operations, name);
    if (!operation && !is_among(other_operations, name)) throw expected("an operation of FPgen's", word);
    if (!format) throw FpgenUnsupported{fmt::format("the format {}", format_name)};
    if (!operation) throw FpgenUnsupported{fmt::format("the operation {}", name)};
    return {format->value, operation->value};
}

/// The words from the operands on: operands, ->, result, exceptions.
void read_values(const std::vector<std::string_view>& words, std::size_t at, std::string_view trapped, FpgenCase& c) {
    const unsigned operands = row_of(c.operation).operands;
    const std::size_t arrow = at + operands;
    if (words.size() < arrow + 2 || words.size() > arrow + 3 || words[arrow] != "->")
        throw InputError(fmt::format("expected {} operands, ->, a result and exceptions, found {} words more", operands,
                                     words.size() - at));
    for (unsigned i = 0; i < operands; ++i) c.operands.at(i) = code_of(c.format, words[at + i]);
    if (words[arrow + 1] != "#") c.result = code_of(c.format, words[arrow + 1]);
    const std::string_view flags = words.size() > arrow + 2 ? words[arrow + 2] : std::string_view{};
    if (!is_flags(flags)) throw expected("exceptions of x u v w o z i", flags);
    c.status_after = status_of(flags, 'v');
    c.status_before = status_of(flags, 'w');
    c.wrapped = (has(trapped, 'o') && has(flags, 'o')) ||
                (has(trapped, 'u') && (c.status_after.underflow || c.status_before.underflow));
}

/// What differs; empty if nothing.
std::string difference(const FpgenCase& c) {
    for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding}) {
        const Status& status = tininess == Tininess::AfterRounding ? c.status_after : c.status_before;
        const Rounded r = compute(c.operation, c.format, c.operands, {.rounding = c.rounding, .tininess = tininess});
        const bool both_nan = c.result && c.format.is_nan(*c.result) && c.format.is_nan(r.code);
        const bool same = !c.result || *c.result == r.code || both_nan;
        if (same && status == r.status) continue;
        return fmt::format("found code {:x}, exceptions {}, tininess {} rounding", r.code,
                           status == r.status ? "as expected" : "other than expected",
                           tininess == Tininess::AfterRounding ? "after" : "before");
    }
    return {};
}

/// Prose has no arrow, nor a word such as b32+ in front.
bool looks_like_a_case(std::string_view line) {
    const bool is_format = line.size() > 1 && (line[0] == 'b' || line[0] == 'd') && line[1] >= '0' && line[1] <= '9';
    return !line.starts_with('#') && (is_format || line.find("->") != std::string_view::npos);
}

}  // namespace

FpgenCase parse_fpgen(std::string_view line) {
    const std::vector<std::string_view> words = split_words(line);
    if (words.size() < 4) throw expected("operation, rounding, operands, ->, result", line);
    FpgenCase c{};
    std::tie(c.format, c.operation) = function_of(words[0]);
    const auto rounding = find_by_name(fpgen_roundings, words[1]);
    if (!rounding) throw expected("a rounding of " + known_names(fpgen_roundings), words[1]);
    c.rounding = rounding->value;
    const bool has_traps = is_flags(words[2]);
    read_values(words, has_traps ? 3 : 2, has_traps ? words[2] : std::string_view{}, c);
    return c;
}

FpgenReport check_fpgen(const std::string& path, const std::function<void(const std::string&)>& tell,
                        const std::function<void(const std::string&)>& skip) {
    FpgenReport report;
    const TextFile file(path);
    bool begun = false;
    for (std::size_t i = 0; i < file.lines().size(); ++i) {
        const std::string& line = file.lines()[i];
        begun = begun || looks_like_a_case(line);
        if (!begun || split_words(line).empty() || line[0] == '#') continue;
        const auto told = [&](std::string_view what) { tell(file.error(i, what).what()); };
        try {
            const FpgenCase c = parse_fpgen(line);
            if (c.wrapped) throw FpgenUnsupported{"a trapped overflow or underflow"};
            ++report.tests;
            const std::string wrong = difference(c);
            if (wrong.empty()) continue;
            ++report.wrong;
            told(line + ": " + wrong);
        } catch (const FpgenUnsupported& unsupported) {
            ++report.unsupported;
            skip(unsupported.what);
        } catch (const InputError& error) {
            ++report.malformed;
            told(error.what());
        }
    }
    return report;
}

}  // namespace halfulp
