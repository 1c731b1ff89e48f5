#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/neighbours.hpp>
#include <halfulp/softfloat/print.hpp>

namespace halfulp {
namespace {

constexpr std::size_t operands_shown = 8, hypotheses_shown = 10;

/// What a file holds a scale in, whatever its format.
constexpr Element scale_byte = u8;

/// "1 NaN", "2 NaNs"
std::string counted(std::size_t count, std::string_view thing) {
    return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string hexadecimal(const Element& e, std::uint64_t code) {
    return fmt::format("{:0{}x}", code, (e.width() + 3) / 4);
}

/// Pre: an integer of at most 63 bits.
std::int64_t whole(const IntegerType& type, std::uint64_t code) {
    const auto value = static_cast<std::int64_t>(code);
    return type.is_signed && code > type.greatest() ? value - (std::int64_t{1} << type.width) : value;
}

/// 3f800001 = 0x1.000002p+0, and of integers ffffffff = -1
std::string code_text(const Element& e, std::uint64_t code) {
    const std::string value = e.integer ? fmt::format("{}", whole(*e.integer, code)) : hex_text(decode(e.format, code));
    return fmt::format("{} = {}", hexadecimal(e, code), value);
}

std::string difference_text(const Element& e, const Mismatch& m) {
    if (e.integer) return fmt::format("off by {}", whole(*e.integer, m.got) - whole(*e.integer, m.expected));
    const auto ulps = steps_between(e.format, m.expected, m.got);
    return ulps ? counted(*ulps, "ulp") : "a NaN against a number";
}

std::string shape_text(const char* name, const Matrix& matrix) {
    return fmt::format("{} {} x {} {}", name, matrix.rows, matrix.columns, name_of(matrix.element));
}

/// The first codes of a row or column.
std::string codes_text(const Element& e, std::span<const std::uint64_t> codes) {
    std::vector<std::string> some;
    for (const std::uint64_t code : codes.first(std::min(codes.size(), operands_shown)))
        some.push_back(hexadecimal(e, code));
    return fmt::format("{}{}", fmt::join(some, " "), codes.size() > operands_shown ? " ..." : "");
}

std::vector<std::uint64_t> column(const Matrix& matrix, std::size_t j) {
    std::vector<std::uint64_t> codes;
    for (std::size_t i = 0; i < matrix.rows; ++i) codes.push_back(matrix.at(i, j));
    return codes;
}

/// Empty where no NaN has other bits.
std::string first_nan_text(const Explanation& e, const Candidate& c) {
    if (!c.first_nan) return "";
    const Mismatch& m = *c.first_nan;
    return fmt::format("  first such NaN at row {}, column {}: expected {}, got {}\n", m.row, m.column,
                       hexadecimal(e.d.element, m.expected), hexadecimal(e.d.element, m.got));
}

std::string count_text(const Explanation& e, const Candidate& c) {
    return fmt::format("{} of {} elements equal{}", c.matches, e.d.codes.size(),
                       c.nans > 0 ? fmt::format(", but for the bits of {}", counted(c.nans, "NaN")) : "");
}

std::string mismatch_text(const Explanation& e, const Candidate& c) {
    if (!c.first) return "";
    const Mismatch& m = *c.first;
    const Element& d = e.d.element;
    std::string text = fmt::format("  first mismatch at row {}, column {}, counting from 0\n", m.row, m.column);
    text += fmt::format("    a        {}\n", codes_text(e.gemm.a.element, e.gemm.a.row(m.row)));
    text += fmt::format("    b        {}\n", codes_text(e.gemm.b.element, column(e.gemm.b, m.column)));
    if (e.gemm.a_scales) {
        text += fmt::format("    a scales {}\n", codes_text(scale_byte, e.gemm.a_scales->row(m.row)));
        text += fmt::format("    b scales {}\n", codes_text(scale_byte, column(*e.gemm.b_scales, m.column)));
    }
    if (e.gemm.c) text += fmt::format("    c        {}\n", code_text(e.gemm.c->element, e.gemm.c->at(m.row, m.column)));
    text += fmt::format("    expected {}\n    got      {}, {}\n", code_text(d, m.expected), code_text(d, m.got),
                        difference_text(d, m));
    return text;
}

/// A line each of the first kind that there is, up to a limit.
std::string list_text(const std::vector<Candidate>& candidates) {
    std::string text;
    std::size_t shown = 0;
    for (const Candidate& c : candidates)
        if (c.hypothesis.usage == candidates.front().hypothesis.usage && shown < hypotheses_shown) {
            text += fmt::format("  {}\n", text_of(c.hypothesis));
            ++shown;
        }
    const std::size_t others = candidates.size() - shown;
    if (others > 0)
        text += fmt::format("and by {} variants of units and plans: these data do not tell them apart\n", others);
    return text;
}

/// Sums of integers are not rounded, those that become integers of few bits are.
std::string integers_text(const Element& d) {
    if (d == s32) return "so: not a rounding difference: integers are not rounded\n";
    return "so: by no way to requantise that is tried: one alpha and one zero point for all, clamped\n";
}

std::string conclusion_text(const Explanation& e) {
    switch (e.conclusion) {
        case Conclusion::Reproduced:
        case Conclusion::ButForNaNs: return "";
        case Conclusion::ButForFew:
            return fmt::format("so: the closest one, but for {}, by no more than roundings in {} may differ\n",
                               counted(e.d.codes.size() - e.closest.front().matches, "element"), e.bounded.arithmetic);
        case Conclusion::OrderUnknown:
            return fmt::format("so: {}, order unknown: every element is within the error bound of such sums\n",
                               e.bounded.arithmetic);
        case Conclusion::NotRounding: {
            if (!e.bounded.outlier) return integers_text(e.d.element);
            const Outlier& o = *e.bounded.outlier;
            if (std::isnan(o.exact))
                return fmt::format("so: not a rounding difference: in row {}, column {} the exact result is NaN\n",
                                   o.row, o.column);
            return fmt::format(
                "so: not a rounding difference: in row {}, column {} the exact result is {:.9g}, the error {:.3g}, and "
                "roundings make at most {:.3g}\n",
                o.row, o.column, o.exact, o.error, o.bound);
        }
    }
    return "";
}

constexpr std::array conclusion_names = {"reproduced", "reproduced but for the bits of NaNs", "but for few",
                                         "order unknown", "not a rounding difference"};

nlohmann::ordered_json json_of(const Explanation& e, const Candidate& c) {
    nlohmann::ordered_json json{{"unit", c.hypothesis.name},
                                {"change", c.hypothesis.change},
                                {"plan", text_of(c.hypothesis.plan)},
                                {"matches", c.matches},
                                {"nans_of_other_bits", c.nans}};
    const Element& d = e.d.element;
    if (c.first_nan)
        json["first_nan"] = {{"row", c.first_nan->row},
                             {"column", c.first_nan->column},
                             {"expected", hexadecimal(d, c.first_nan->expected)},
                             {"got", hexadecimal(d, c.first_nan->got)}};
    if (!c.first) return json;
    const auto ulps = d.integer ? std::nullopt : steps_between(d.format, c.first->expected, c.first->got);
    json["first_mismatch"] = {{"row", c.first->row},
                              {"column", c.first->column},
                              {"expected", hexadecimal(d, c.first->expected)},
                              {"got", hexadecimal(d, c.first->got)},
                              {"ulps", ulps ? nlohmann::ordered_json(*ulps) : nlohmann::ordered_json()}};
    return json;
}

}  // namespace

std::string explanation_text(const Explanation& e) {
    const auto scaling = operands_of(e.gemm).scaling;
    std::string text = fmt::format(
        "{}, {}, {}{}{}, {}\n", shape_text("A", e.gemm.a), shape_text("B", e.gemm.b),
        scaling ? fmt::format("a {} for {} along K, ", name_of_scale(scaling->format), scaling->block) : "",
        e.gemm.c ? shape_text("C", *e.gemm.c) + ", " : "", shape_text("D", e.d), counted(e.d.codes.size(), "element"));
    for (const Candidate& c : e.asked)
        text += fmt::format("asked: {}: {}\n{}{}", text_of(c.hypothesis), count_text(e, c), first_nan_text(e, c),
                            mismatch_text(e, c));
    if (e.conclusion == Conclusion::ButForNaNs) {
        const Candidate& best = e.reproducing.front();
        return text + fmt::format("every bit but those of {} reproduced by\n{}{}", counted(best.nans, "NaN"),
                                  list_text(e.reproducing), first_nan_text(e, best));
    }
    if (!e.reproducing.empty()) return text + "every bit reproduced by\n" + list_text(e.reproducing);
    const Candidate& best = e.closest.front();
    if (best.matches == 0) return text + "reproduced by no hypothesis, in no element\n" + conclusion_text(e);
    text += "reproduced by no hypothesis; the closest\n";
    for (const Candidate& c : e.closest)
        if (c.matches > 0) text += fmt::format("  {}: {}\n", text_of(c.hypothesis), count_text(e, c));
    const bool told =
        std::any_of(e.asked.begin(), e.asked.end(), [&](const Candidate& c) { return c.first == best.first; });
    return text + (told ? "" : mismatch_text(e, best)) + conclusion_text(e);
}

std::string explanation_json(const Explanation& e) {
    nlohmann::ordered_json json{{"conclusion", conclusion_names.at(static_cast<std::size_t>(e.conclusion))},
                                {"elements", e.d.codes.size()}};
    for (const auto& [name, candidates] :
         {std::pair{"asked", &e.asked}, {"reproducing", &e.reproducing}, {"closest", &e.closest}}) {
        json[name] = nlohmann::ordered_json::array();
        for (const Candidate& c : *candidates) json[name].push_back(json_of(e, c));
    }
    json["within_bound_of"] = e.bounded.arithmetic;
    if (e.bounded.outlier) {
        const Outlier& o = *e.bounded.outlier;
        json["outlier"] = {
            {"row", o.row}, {"column", o.column}, {"exact", o.exact}, {"error", o.error}, {"bound", o.bound}};
    }
    return json.dump(2);
}

}  // namespace halfulp
