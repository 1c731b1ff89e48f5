#include <array>
#include <utility>

#include <halfulp/lib/verify/engine/rows.h>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>
#include <halfulp/softfloat/narrow/operation.hpp>

// softfloat's engine for formats of at most 16 bits: an instance for each row of `formats`, and for each two of them.

namespace halfulp {
namespace {

using Run = void (*)(const Questions&, std::span<Rounded>);

template <Format F>
void run_operation(const Questions& q, std::span<Rounded> results) {
    const Operation operation = q.subject.operation();
    answer_each(q, results,
                [&](const Operands& codes, const Env& env) { return narrow::compute<F>(operation, codes, env); });
}

template <Format To, Format From>
void run_convert(const Questions& q, std::span<Rounded> results) {
    answer_each(q, results,
                [](const Operands& codes, const Env& env) { return narrow::convert<To, From>(codes[0], env); });
}

template <std::size_t i>
constexpr Run operation_run() {
    if constexpr (narrow::is_narrow(formats[i].format)) return run_operation<formats[i].format>;
    return nullptr;
}

template <std::size_t to, std::size_t from>
constexpr Run convert_run() {
    constexpr Format t = formats[to].format, f = formats[from].format;
    if constexpr (t.width <= 32 && f.width <= 32) return run_convert<t, f>;
    return nullptr;
}

constexpr auto rows = std::make_index_sequence<formats.size()>{};

constexpr auto operation_runs = []<std::size_t... i>(std::index_sequence<i...>) {
    return std::array{operation_run<i>()...};
}
(rows);

template <std::size_t to>
constexpr auto converts_to = []<std::size_t... from>(std::index_sequence<from...>) {
    return std::array{convert_run<to, from>()...};
}
(rows);

constexpr auto convert_runs = []<std::size_t... to>(std::index_sequence<to...>) {
    return std::array{converts_to<to>...};
}
(rows);

/// The row of a format; behind the last one if it has none.
std::size_t place_of(const Format& f) {
    std::size_t i = 0;
    while (i < formats.size() && formats.at(i).format != f) ++i;
    return i;
}

/// Nothing where the engine has no such function.
Run run_of(const Subject& s) {
    const std::size_t from = place_of(s.from), to = place_of(s.to);
    if (from == formats.size() || to == formats.size()) return nullptr;
    return s.is(Operation::Convert) ? convert_runs.at(to).at(from) : operation_runs.at(from);
}

}  // namespace

std::string narrow_lacks(const Subject& s, const Env&) {
    if (!s.is(OperationKind::Arithmetic) && !s.is(Operation::Convert))
        return "narrow is asked for add, sub, mul, div, sqrt, fma and convert";
    if (s.is(Operation::Convert))
        return run_of(s) == nullptr ? "narrow converts between formats of at most 32 bits" : "";
    return s.from != s.to || run_of(s) == nullptr
               ? "narrow is asked in formats of at most 16 bits, and for results in the operands' format"
               : "";
}

void run_narrow(const Questions& q, std::span<Rounded> results) { run_of(q.subject)(q, results); }

}  // namespace halfulp
