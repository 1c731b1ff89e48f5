#include <halfulp/lib/conformance/testfloat.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

const std::array types = {
    Named<TestFloatType>{"f16", binary16, {}},
    Named<TestFloatType>{"bf16", bfloat16, {}},
    Named<TestFloatType>{"f32", binary32, {}},
    Named<TestFloatType>{"f64", binary64, {}},
    Named<TestFloatType>{"i32", integer_type<std::int32_t>, {}},
    Named<TestFloatType>{"i64", integer_type<std::int64_t>, {}},
    Named<TestFloatType>{"ui32", integer_type<std::uint32_t>, {}},
    Named<TestFloatType>{"ui64", integer_type<std::uint64_t>, {}},
};

bool is_float(const TestFloatType& type) { return std::holds_alternative<Format>(type); }

/// What follows the format: f16_add.
constexpr std::array suffixes = {
    Named<Operation>{"add", Operation::Add, {}},
    Named<Operation>{"sub", Operation::Sub, {}},
    Named<Operation>{"mul", Operation::Mul, {}},
    Named<Operation>{"mulAdd", Operation::Fma, {}},
    Named<Operation>{"div", Operation::Div, {}},
    Named<Operation>{"rem", Operation::Remainder, {}},
    Named<Operation>{"sqrt", Operation::Sqrt, {}},
    Named<Operation>{"roundToInt", Operation::RoundToIntegral, {}},
    Named<Operation>{"eq", Operation::Equal, {}},
    Named<Operation>{"le", Operation::LessEqual, {}},
    Named<Operation>{"lt", Operation::Less, {}},
    Named<Operation>{"eq_signaling", Operation::EqualSignaling, {}},
    Named<Operation>{"le_quiet", Operation::LessEqualQuiet, {}},
    Named<Operation>{"lt_quiet", Operation::LessQuiet, {}},
};

struct Option {
    std::string_view word;
    void (*apply)(TestFloatOptions&);
};
constexpr std::array option_table = {
    Option{"-rnear_even", [](TestFloatOptions& o) { o.env.rounding = Rounding::NearestEven; }},
    Option{"-rnear_maxMag", [](TestFloatOptions& o) { o.env.rounding = Rounding::NearestAway; }},
    Option{"-rminMag", [](TestFloatOptions& o) { o.env.rounding = Rounding::TowardZero; }},
    Option{"-rmin", [](TestFloatOptions& o) { o.env.rounding = Rounding::Down; }},
    Option{"-rmax", [](TestFloatOptions& o) { o.env.rounding = Rounding::Up; }},
    Option{"-rodd", [](TestFloatOptions& o) { o.env.rounding = Rounding::ToOdd; }},
    Option{"-tininessbefore", [](TestFloatOptions& o) { o.env.tininess = Tininess::BeforeRounding; }},
    Option{"-tininessafter", [](TestFloatOptions& o) { o.env.tininess = Tininess::AfterRounding; }},
    Option{"-exact", [](TestFloatOptions& o) { o.exact = true; }},
    Option{"-notexact", [](TestFloatOptions& o) { o.exact = false; }},
    Option{"-checkNaNs", [](TestFloatOptions& o) { o.check_nans = true; }},
    Option{"-checkInvInts", [](TestFloatOptions& o) { o.check_invalid_integers = true; }},
    Option{"-checkAll", [](TestFloatOptions& o) { o.check_nans = o.check_invalid_integers = true; }},
};

unsigned flags_of(const Status& s) {
    const auto bit = [](bool raised, unsigned place) { return raised ? 1U << place : 0U; };
    return bit(s.inexact, 0) | bit(s.underflow, 1) | bit(s.overflow, 2) | bit(s.divide_by_zero, 3) | bit(s.invalid, 4);
}
constexpr unsigned invalid_flag = 16, most_flags = 31;

std::uint64_t mask_of(const TestFloatType& type) {
    return std::visit([](const auto& t) { return t.code_mask(); }, type);
}

/// A line taken apart.
struct Case {
    Operands operands{};
    std::uint64_t result = 0, flags = 0;
};

/// What a line of a function must look like.
class CaseReader {
  public:
    explicit CaseReader(const TestFloatFunction& function)
        : operands_(row_of(function.operation).operands),
          operand_mask_(mask_of(function.from)),
          result_mask_(row_of(function.operation).result == Domain::Truth ? 1 : mask_of(function.to)) {}

    /// False if the line is not such a case: error() then says why.
    bool read(std::string_view line, Case& c) {
        error_.clear();
        std::string_view rest = line;
        for (unsigned i = 0; i < operands_; ++i)
            if (!field(rest, operand_mask_, c.operands.at(i))) return false;
        if (!field(rest, result_mask_, c.result) || !field(rest, most_flags, c.flags)) return false;
        if (const auto extra = word(rest); !extra.empty())
            error_ = fmt::format("expected {} words, found another one, {}", operands_ + 2, shown(extra));
        return error_.empty();
    }
    const std::string& error() const { return error_; }

  private:
    /// The next word, taken off the rest.
    static std::string_view word(std::string_view& rest) {
        const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
        const auto start = std::find_if_not(rest.begin(), rest.end(), blank);
        const auto end = std::find_if(start, rest.end(), blank);
        const std::string_view found(start, end);
        rest = {end, rest.end()};
        return found;
    }

    bool field(std::string_view& rest, std::uint64_t greatest, std::uint64_t& value) {
        const std::string_view text = word(rest);
        const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
        if (!text.empty() && failed == std::errc{} && stop == text.data() + text.size() && value <= greatest)
            return true;
        error_ = fmt::format("expected a hexadecimal number up to {:X}, found {}", greatest,
                             text.empty() ? "the end of the line" : shown(text));
        return false;
    }

    unsigned operands_;
    std::uint64_t operand_mask_, result_mask_;
    std::string error_;
};

/// Whether the case's result is what was evaluated, as far as the options compare it.
bool agrees(const TestFloatFunction& function, const TestFloatOptions& options, const Case& c, const Rounded& r) {
    if (flags_of(r.status) != c.flags) return false;
    if (r.code == c.result) return true;
    const auto* format = std::get_if<Format>(&function.to);
    if (format == nullptr) return !options.check_invalid_integers && (c.flags & invalid_flag) != 0;
    if (row_of(function.operation).result != Domain::Number) return false;
    return !options.check_nans && format->is_nan(r.code) && format->is_nan(c.result);
}

std::string wrong_text(std::uint64_t line, std::string_view text, const TestFloatFunction& function, const Rounded& r) {
    const bool truth = row_of(function.operation).result == Domain::Truth;
    const auto digits = truth ? 1 : std::visit([](const auto& t) { return (t.width + 3) / 4; }, function.to);
    return fmt::format("line {}: {}: found {:0{}X} {:02X}", line, text, r.code, digits, flags_of(r.status));
}

}  // namespace

std::vector<TestFloatFunction> testfloat_functions() {
    std::vector<TestFloatFunction> functions;
    for (const auto& from : types) {
        if (is_float(from.value))
            for (const auto& suffix : suffixes)
                functions.push_back(
                    {fmt::format("{}_{}", from.name, suffix.name), suffix.value, from.value, from.value});
        for (const auto& to : types)
            if (to.name != from.name && (is_float(from.value) || is_float(to.value)))
                functions.push_back(
                    {fmt::format("{}_to_{}", from.name, to.name), Operation::Convert, from.value, to.value});
    }
    return functions;
}

namespace {

/// SoftFloat's 8086-SSE build takes the invalid product of a fused multiply-add for a NaN of its own, and the first NaN of
/// the two; x86's instruction keeps the addend's and raises nothing.
bool is_invalid_product(const Format& f, const Operands& x) {
    const auto is_zero = [&](std::uint64_t code) { return (code & f.magnitude_mask()) == 0; };
    const auto is_inf = [&](std::uint64_t code) { return (code & f.magnitude_mask()) == f.inf_code(); };
    return (is_zero(x[0]) && is_inf(x[1])) || (is_inf(x[0]) && is_zero(x[1]));
}

}  // namespace

Rounded evaluate(const TestFloatFunction& function, const Operands& operands, const TestFloatOptions& options) {
    const auto* from = std::get_if<Format>(&function.from);
    const auto* to = std::get_if<Format>(&function.to);
    if (from == nullptr) return from_integer(*to, std::get<IntegerType>(function.from), operands[0], options.env);
    if (to == nullptr) {
        Rounded r = to_integer(std::get<IntegerType>(function.to), Operand{*from, operands[0]}, options.env,
                               OutOfRange::Indefinite);
        r.status.inexact &= options.exact;
        return r;
    }
    if (function.operation == Operation::Fma && options.env.nan == NanPolicy::X86Sse &&
        is_invalid_product(*to, operands))
        return {default_nan(*to, options.env.nan), {.invalid = true}};
    const bool exact = function.operation == Operation::RoundToIntegral && options.exact;
    const Operation operation = exact ? Operation::RoundToIntegralExact : function.operation;
    const std::array<Operand, 3> all{{{*from, operands[0]}, {*from, operands[1]}, {*from, operands[2]}}};
    return compute(operation, *to, std::span(all).first(row_of(operation).operands), options.env);
}

TestFloatReport check_testfloat(const TestFloatFunction& function, const TestFloatOptions& options, std::istream& lines,
                                const std::function<void(const std::string&)>& tell) {
    TestFloatReport report;
    CaseReader reader(function);
    Case c;
    std::uint64_t number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (!reader.read(line, c)) {
            ++report.malformed;
            tell(fmt::format("line {}: {}", number, reader.error()));
            continue;
        }
        ++report.tests;
        const Rounded r = evaluate(function, c.operands, options);
        if (agrees(function, options, c, r)) continue;
        ++report.wrong;
        tell(wrong_text(number, line, function, r));
    }
    return report;
}

bool apply_testfloat_option(std::string_view word, TestFloatOptions& options) {
    const auto found =
        std::find_if(option_table.begin(), option_table.end(), [&](auto& row) { return row.word == word; });
    if (found == option_table.end()) return false;
    found->apply(options);
    return true;
}

std::string testfloat_option_names() {
    std::string names;
    for (const Option& row : option_table) names.append(names.empty() ? "" : ", ").append(row.word);
    return names;
}

}  // namespace halfulp
