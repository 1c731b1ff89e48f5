#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include <optional>
#include <string>
#include <tuple>

#include <halfulp/lib/property/laws.hpp>
#include <halfulp/lib/property/operation_laws.hpp>

#include "bind.hpp"
#include "named.hpp"

// The laws of lib/property, asked of functions of Python. Each returns nothing, or what refutes it:
// law, operands, got, against.

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

using property::Verdict;

/// The law, its operands, what the function gave, and what it is compared with.
using Refuted = std::optional<std::tuple<std::string, Operands, std::uint64_t, std::uint64_t>>;

Refuted refuted(const Verdict& verdict) {
    if (!verdict) return std::nullopt;
    return {{std::string(verdict->law), verdict->operands, verdict->got, verdict->against}};
}

/// What a function of Python returned, if it is an integer of 64 bits: a float would lose its fraction in silence.
std::uint64_t code_of(const nb::object& given) {
    const nb::object whole = nb::steal(PyNumber_Index(given.ptr()));
    std::uint64_t code = 0;
    if (whole.is_valid() && nb::try_cast(whole, code)) return code;
    PyErr_Clear();
    const auto text = nb::cast<std::string>(nb::repr(given));
    throw nb::type_error(
        fmt::format("expected a function that returns codes, integers of at most 64 bits, got {}", text).c_str());
}

/// A function of Python from codes to a code.
auto on_codes(const nb::callable& function) {
    return [&function](auto... codes) { return code_of(function(codes...)); };
}

Refuted correctly_rounded_operation(const Format& f, const std::string& operation, const nb::callable& op,
                                    const Env& env, const Operands& x) {
    const NamedOperation row = named(arithmetic_operations, "arithmetic operation", operation);
    const auto call = on_codes(op);
    const auto of_operands = [&](const Operands& codes) {
        switch (row.operands) {
            case 1: return call(codes[0]);
            case 2: return call(codes[0], codes[1]);
            default: return call(codes[0], codes[1], codes[2]);
        }
    };
    return refuted(property::correctly_rounded(f, row.operation, of_operands, env, x));
}

void bind_conversions(nb::module_& m) {
    using F = const Format&;
    using Call = const nb::callable&;
    using Code = std::uint64_t;
    m.def("law_correctly_rounded", [](F from, F to, Call convert, const Env& env, Code a) {
        return refuted(property::correctly_rounded(from, to, on_codes(convert), env, a));
    });
    m.def("law_faithful", [](F from, F to, Call convert, Code a) {
        return refuted(property::faithful(from, to, on_codes(convert), a));
    });
    m.def("law_monotone", [](F from, F to, Call convert, Code a, Code b) {
        return refuted(property::monotone(from, to, on_codes(convert), a, b));
    });
    m.def("law_sign_symmetric", [](F from, F to, Call convert, Call mirrored, Code a) {
        return refuted(property::sign_symmetric(from, to, on_codes(convert), on_codes(mirrored), a));
    });
    m.def("law_round_trip", [](F narrow, Call widen, Call back, Code a) {
        return refuted(property::round_trip(narrow, on_codes(widen), on_codes(back), a));
    });
    m.def("law_saturated", [](F from, F to, Call convert, Code a) {
        return refuted(property::saturated(from, to, on_codes(convert), a));
    });
    m.def("law_through_odd", [](F to, Call to_odd, Call from_odd, Call direct, Code a) {
        return refuted(property::through_odd(to, on_codes(to_odd), on_codes(from_odd), on_codes(direct), a));
    });
}

void bind_operations(nb::module_& m) {
    using F = const Format&;
    using Call = const nb::callable&;
    using Code = std::uint64_t;
    m.def("law_correctly_rounded_operation", correctly_rounded_operation);
    m.def("law_commutative",
          [](F f, Call op, Code a, Code b) { return refuted(property::commutative(f, on_codes(op), a, b)); });
    m.def("law_exact_product", [](F f, Call multiply, Code a, Code b) {
        return refuted(property::exact_product(f, on_codes(multiply), a, b));
    });
    m.def("law_vanishing", [](F f, Call subtract, const Env& env, Code a) {
        return refuted(property::vanishing(f, on_codes(subtract), env.rounding, a));
    });
    m.def("law_sterbenz",
          [](F f, Call subtract, Code a, Code b) { return refuted(property::sterbenz(f, on_codes(subtract), a, b)); });
    m.def("law_idempotent", [](F f, Call op, Code a) { return refuted(property::idempotent(f, on_codes(op), a)); });
}

}  // namespace

void bind_laws(nb::module_& m) {
    bind_conversions(m);
    bind_operations(m);
}

}  // namespace halfulp::python
