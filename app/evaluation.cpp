#include "evaluation.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>

#include <halfulp/lib/report/result_text.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "names.hpp"

namespace {

using namespace halfulp;
using Words = std::vector<std::string_view>;

constexpr std::string_view dot_name = "dot";

void expect_words(const Words& words, std::size_t count) {
    if (words.size() != count) throw InputError(fmt::format("expected {} operands, found {}", count, words.size()));
}

std::function<std::string(std::uint64_t)> number_text(const Format& to) {
    return [=](std::uint64_t code) { return result_text(Domain::Number, to, code); };
}

Evaluation of_row(const NamedOperation& row, const Format& from, const Format& to) {
    if (row.kind == OperationKind::Code && to != from)
        throw InputError(fmt::format("{} has a result of its operand's format", row.name));
    const auto result = [=](const Words& words, const Env& env) {
        expect_words(words, row.operands);
        std::array<Operand, 3> all{};
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool integer = row.last_operand == Domain::Integer && i + 1 == words.size();
            all.at(i) = {from, hexadecimal(words[i], integer ? 64 : from.width)};
        }
        return compute(row.operation, to, std::span(all).first(words.size()), env);
    };
    return {result, [=](std::uint64_t code) { return result_text(row.result, to, code); }};
}

Evaluation of_row(const NamedElementary& row, const Format& from, const Format& to) {
    if (from.width > elementary_width)
        throw InputError(
            fmt::format("{} takes formats of at most {} bits, found {}", row.name, elementary_width, name_of(from)));
    const auto result = [=](const Words& words, const Env& env) {
        expect_words(words, 1);
        return compute(row.function, to, Operand{from, hexadecimal(words[0], from.width)}, env);
    };
    return {result, number_text(to)};
}

/// a0 b0 a1 b1 ... and, where the number of words is odd, an addend in the result's format.
Evaluation of_dot(const Format& from, const Format& to) {
    const auto result = [=](const Words& words, const Env& env) {
        if (words.size() < 2) throw InputError(fmt::format("expected pairs of operands, found {}", words.size()));
        std::vector<std::uint64_t> a, b;
        for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
            a.push_back(hexadecimal(words[i], from.width));
            b.push_back(hexadecimal(words[i + 1], from.width));
        }
        std::optional<Operand> addend;
        if (words.size() % 2 == 1) addend = Operand{to, hexadecimal(words.back(), to.width)};
        return dot(to, {from, a}, {from, b}, env, addend);
    };
    return {result, number_text(to)};
}

Evaluation of_integer(const Format& from, const IntegerType& to, OutOfRange rule) {
    const auto result = [=](const Words& words, const Env& env) {
        expect_words(words, 1);
        return to_integer(to, Operand{from, hexadecimal(words[0], from.width)}, env, rule);
    };
    return {result, [=](std::uint64_t code) { return fmt::format("{:0{}x}", code, to.width / 4); }};
}

Evaluation of_integer(const IntegerType& from, const Format& to) {
    const auto result = [=](const Words& words, const Env& env) {
        expect_words(words, 1);
        return from_integer(to, from, hexadecimal(words[0], from.width), env);
    };
    return {result, number_text(to)};
}

std::optional<IntegerType> integer_named(std::string_view name) {
    const auto row = find_by_name(integer_types, name);
    return row ? std::optional(row->value) : std::nullopt;
}

Format format_named(const std::string& name) { return named(formats, "format", name).format; }

}  // namespace

Evaluation evaluation_of(const std::string& function, const std::string& format, const std::string& to,
                         OutOfRange rule) {
    const std::string& result_name = to.empty() ? format : to;
    const auto from_integer_type = integer_named(format), to_integer_type = integer_named(result_name);
    const auto row = find_operation(function);
    if (row && row->operation == Operation::Convert && (from_integer_type || to_integer_type)) {
        if (from_integer_type && to_integer_type)
            throw InputError("convert: expected a format on one side at least, found " + shown(format) + " and " +
                             shown(result_name));
        return to_integer_type ? of_integer(format_named(format), *to_integer_type, rule)
                               : of_integer(*from_integer_type, format_named(result_name));
    }
    const Format from = format_named(format), result = format_named(result_name);
    if (function == dot_name) return of_dot(from, result);
    return std::visit([&](const auto& known) { return of_row(known, from, result); }, named_function(function));
}

std::string known_evaluations() { return known_functions() + ", " + std::string(dot_name); }
