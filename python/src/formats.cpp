#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <bit>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/kernel/constants.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/env_names.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/print.hpp>
#include <halfulp/softfloat/rounding.hpp>

#include "bind.hpp"
#include "constructor.hpp"
#include "named.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

/// Throws std::invalid_argument unless it describes an encoding, and binary64 has all its numbers.
Format checked(const Format& f) {
    const int exponent_bits = f.width - (f.is_signed ? 1 : 0) - f.fraction_bits();
    if (f.width < 2 || f.width > 64 || f.precision < 1 || exponent_bits < 1)
        throw std::invalid_argument(fmt::format(
            "expected 2 to 64 bits with room for sign, exponent and fraction, got width {} and precision {}", f.width,
            f.precision));
    if (f.has_subnormals != (f.precision > 1) || (!f.is_signed && !f.has_negative_zero))
        throw std::invalid_argument(
            "expected subnormal numbers unless the precision is 1, and a sign where there is no negative zero");
    const std::uint64_t special = f.nan_codes + (f.has_inf ? 1 : 0), normal = f.magnitude_mask() - f.min_normal_code();
    if (f.nan_codes > normal || special > normal)
        throw std::invalid_argument("expected normal numbers beside the codes of NaN and infinity");
    const bool far_bias = f.bias < -2000 || f.bias > 2000;
    if (far_bias || exponent_bits > 11 || f.precision > 53 || f.emax() > 1023 || f.emin() - f.fraction_bits() < -1074)
        throw std::invalid_argument("expected a format whose numbers binary64 has");
    return f;
}

/// With the bias and the special values of IEEE 754.
Format ieee_format(int width, int precision) {
    if (width < 2 || width > 64 || precision < 2 || width - precision < 2 || width - precision > 11)
        throw std::invalid_argument(
            fmt::format("expected 2 to 11 bits of exponent and at least one of fraction, got width {} and precision {}",
                        width, precision));
    return checked(ieee(width, precision));
}

Format made(int width, int precision, int bias, std::uint64_t nan_codes, bool has_inf, bool is_signed,
            bool has_negative_zero, bool has_subnormals) {
    return checked({.width = width,
                    .precision = precision,
                    .bias = bias,
                    .nan_codes = nan_codes,
                    .has_inf = has_inf,
                    .is_signed = is_signed,
                    .has_negative_zero = has_negative_zero,
                    .has_subnormals = has_subnormals});
}

double number_of(const Format& f, std::uint64_t code) { return std::bit_cast<double>(convert(binary64, f, code).code); }

std::vector<std::string> aliases_of(const Format& f) {
    const auto row = row_of(f);
    return row ? std::vector<std::string>(row->aliases.begin(), row->aliases.end()) : std::vector<std::string>();
}

std::string text_of(const Format& f) {
    if (row_of(f)) return fmt::format("Format('{}')", name_of(f));
    return fmt::format(
        "Format(width={}, precision={}, bias={}, nan_codes={}, has_inf={}, is_signed={}, has_negative_zero={}, "
        "has_subnormals={})",
        f.width, f.precision, f.bias, f.nan_codes, f.has_inf ? "True" : "False", f.is_signed ? "True" : "False",
        f.has_negative_zero ? "True" : "False", f.has_subnormals ? "True" : "False");
}

void bind_fields(nb::class_<Format>& bound) {
    bound.def_prop_ro("name", [](const Format& f) { return std::string(name_of(f)); })
        .def_prop_ro(
            "short_name", [](const Format& f) { return std::string(short_name(f)); }, "As people say: fp16.")
        .def_prop_ro("aliases", aliases_of, "The other names that it goes by.")
        .def_prop_ro("source", [](const Format& f) { return std::string(row_of(f) ? row_of(f)->source : ""); })
        .def_ro("width", &Format::width, "Bits of a code.")
        .def_ro("precision", &Format::precision, "Bits of the significand, the implicit one included.")
        .def_ro("bias", &Format::bias)
        .def_ro("nan_codes", &Format::nan_codes, "How many of the largest magnitudes are NaN.")
        .def_ro("has_inf", &Format::has_inf)
        .def_ro("is_signed", &Format::is_signed)
        .def_ro("has_negative_zero", &Format::has_negative_zero, "If not, its code is the one NaN.")
        .def_ro("has_subnormals", &Format::has_subnormals)
        .def_prop_ro("emin", &Format::emin, "Exponent of the smallest normal number.")
        .def_prop_ro("emax", &Format::emax, "Exponent of the largest finite number.")
        .def_prop_ro("has_nan", &Format::has_nan)
        .def_prop_ro("nan_code", &Format::nan_code, "The canonical quiet NaN, where there is one.")
        .def_prop_ro(
            "max", [](const Format& f) { return number_of(f, f.max_code()); }, "The largest finite number.")
        .def_prop_ro("smallest_normal", [](const Format& f) { return number_of(f, f.min_normal_code()); })
        .def_prop_ro(
            "smallest", [](const Format& f) { return number_of(f, f.min_code()); }, "The least positive number.");
}

void bind_format(nb::module_& m) {
    nb::class_<Format> bound(
        m, "Format",
        "An encoding of floating-point numbers: a row of formats() by name, or one made up of its fields "
        "(sign | magnitude; the largest magnitudes are NaN, then infinity, then numbers).");
    bound
        .def_static(
            "_made", [](const std::string& name) { return named(formats, "format", name).format; }, "name"_a)
        .def_static("_made", made, nb::kw_only(), "width"_a, "precision"_a, "bias"_a, "nan_codes"_a = 0,
                    "has_inf"_a = false, "is_signed"_a = true, "has_negative_zero"_a = true, "has_subnormals"_a = true)
        .def_static("ieee", ieee_format, "width"_a, "precision"_a, "With the bias and special values of IEEE 754.")
        .def("text", shortest_text, "code"_a, "The shortest decimal that reads back to the code.")
        .def(
            "hex", [](const Format& f, std::uint64_t code) { return hex_text(decode(f, code)); }, "code"_a,
            "The code's value, exactly, as 0x1.8p+3.")
        .def(
            "value", [](const Format& f, std::uint64_t code) { return number_of(f, code & f.code_mask()); }, "code"_a,
            "The code's value, exactly, as a float.")
        .def(
            "is_nan", [](const Format& f, std::uint64_t code) { return f.is_nan(code & f.code_mask()); }, "code"_a)
        .def("__repr__", text_of)
        .def("__hash__", [](const Format& f) { return f.width << 20 ^ f.precision << 12 ^ f.bias; })
        .def(
            "__eq__", [](const Format& f, const Format& g) { return f == g; }, nb::is_operator(),
            nb::sig("def __eq__(self, other: object, /) -> bool"));
    def_constructor(bound);
    bind_fields(bound);
    nb::implicitly_convertible<std::string, Format>();
}

Env env_of(const std::string& rounding, const std::string& overflow, const std::string& tininess, bool flush_inputs,
           const std::string& flush_outputs, const std::string& nan) {
    return {.rounding = named(roundings, "rounding", rounding).rounding,
            .overflow = named(overflows, "overflow", overflow).value,
            .tininess = named(tininess_rules, "tininess", tininess).value,
            .flush_inputs = flush_inputs,
            .flush_outputs = named(flushes, "flush_outputs", flush_outputs).value,
            .nan = named(nan_policies, "NaN policy", nan).value};
}

std::string text_of(const Env& env) {
    return fmt::format(
        "Env(rounding='{}', overflow='{}', tininess='{}', flush_inputs={}, flush_outputs='{}', nan='{}')",
        name_of(env.rounding), name_in(overflows, env.overflow), name_in(tininess_rules, env.tininess),
        env.flush_inputs ? "True" : "False", name_in(flushes, env.flush_outputs), name_in(nan_policies, env.nan));
}

void bind_env(nb::module_& m) {
    nb::class_<Env> bound(
        m, "Env",
        "Everything that an operation is told besides its operands. Each choice is one of a table; an "
        "unknown name is answered with the known ones.");
    bound
        .def_static("_made", env_of, "rounding"_a = "NearestEven", nb::kw_only(), "overflow"_a = "ByRounding",
                    "tininess"_a = "AfterRounding", "flush_inputs"_a = false, "flush_outputs"_a = "Never",
                    "nan"_a = "ieee_default")
        .def_prop_ro("rounding", [](const Env& e) { return std::string(name_of(e.rounding)); })
        .def_prop_ro("overflow", [](const Env& e) { return name_in(overflows, e.overflow); })
        .def_prop_ro("tininess", [](const Env& e) { return name_in(tininess_rules, e.tininess); })
        .def_ro("flush_inputs", &Env::flush_inputs, "Subnormal operands count as zeros of their sign (DAZ).")
        .def_prop_ro("flush_outputs", [](const Env& e) { return name_in(flushes, e.flush_outputs); })
        .def_prop_ro("nan", [](const Env& e) { return name_in(nan_policies, e.nan); })
        .def(
            "with_rounding",
            [](Env env, const std::string& rounding) {
                env.rounding = named(roundings, "rounding", rounding).rounding;
                return env;
            },
            "rounding"_a, "The same with another rounding.")
        .def("__repr__", [](const Env& env) { return text_of(env); })
        .def("__hash__", [](const Env& env) { return nb::hash(nb::str(text_of(env).c_str())); })
        .def(
            "__eq__", [](const Env& a, const Env& b) { return a == b; }, nb::is_operator(),
            nb::sig("def __eq__(self, other: object, /) -> bool"));
    def_constructor(bound);
}

}  // namespace

void bind_formats(nb::module_& m) {
    bind_format(m);
    bind_env(m);
    m.def("formats", [] {
        std::vector<Format> all;
        all.reserve(formats.size());
        for (const NamedFormat& row : formats) all.push_back(row.format);
        return all;
    });
    m.def("roundings", [] { return names_of(roundings); });
    m.def(
        "is_known_format", [](const std::string& name) { return find_format(name).has_value(); }, "name"_a);
    const kernel::StatusBits bits = kernel::status_bits();
    m.attr("FLAG_BITS") = nb::make_tuple(bits.invalid, bits.divide_by_zero, bits.overflow, bits.underflow, bits.inexact,
                                         bits.input_denormal);
}

}  // namespace halfulp::python
