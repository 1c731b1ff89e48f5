#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <halfulp/lib/quantize/block_format.hpp>
#include <halfulp/lib/quantize/calibration.hpp>
#include <halfulp/lib/quantize/grouping.hpp>
#include <halfulp/lib/quantize/training.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "constructor.hpp"
#include "named.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

using namespace halfulp::quantize;
using Floats = ArrayOf<float>;

/// Which elements of a tensor share a scale.
struct Groups {
    Granularity granularity;
    int axis;
    std::size_t block;

    Grouping of(const auto& array) const {
        std::vector<std::size_t> shape;
        for (std::size_t i = 0; i < array.ndim(); ++i) shape.push_back(array.shape(i));
        return {shape, granularity, axis, block};
    }
};

constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

/// Quantisers, one a group.
struct Quantiser {
    Groups groups;
    std::vector<Affine> by;
    std::string method = "given";
    double sqnr = not_measured;  ///< as calibration measured it
    double clipped = not_measured;

    /// Throws std::invalid_argument unless a tensor of that shape has as many groups.
    Grouping grouping_of(const auto& array) const {
        Grouping grouping = groups.of(array);
        if (grouping.groups() != by.size())
            throw std::invalid_argument(fmt::format(
                "expected an array of {} groups, as the quantiser has scales, got {}", by.size(), grouping.groups()));
        return grouping;
    }
    bool is_whole() const { return groups.granularity == Granularity::Tensor; }
};

Groups groups_of(const std::string& granularity, int axis, std::size_t block) {
    return {named(granularities, "granularity", granularity).value, axis, block};
}

std::vector<Calibration> methods_of(const std::string& method) {
    if (method != "auto") return {named(calibrations, "calibration", method).value};
    std::vector<Calibration> methods;
    methods.reserve(calibrations.size());
    for (const CalibrationRow& row : calibrations) methods.push_back(row.value);
    return methods;
}

CodeRange range_of(int bits, bool is_signed, bool restricted) {
    if (bits < 2 || bits > 16) throw std::invalid_argument(fmt::format("expected 2 to 16 bits, got {}", bits));
    const IntegerType type{bits, is_signed};
    return restricted ? restricted_range(type) : full_range(type);
}

Quantiser calibrated_by(const Floats& x, const std::string& method, int bits, bool is_signed, bool restricted,
                        bool symmetric, const std::string& rule, const std::optional<std::string>& rounding,
                        const std::string& granularity, int axis, std::size_t block, double percentile) {
    if (!(percentile > 0 && percentile <= 100))
        throw std::invalid_argument(fmt::format("expected a percentile above 0, at most 100, got {}", percentile));
    CalibrationOptions options{.scheme = {.rule = named(scale_rules, "rule", rule).value,
                                          .symmetric = symmetric,
                                          .range = range_of(bits, is_signed, restricted)},
                               .percent = percentile};
    if (rounding) options.scheme.rounding = named(deterministic_roundings, "rounding", *rounding).rounding;
    const Groups groups = groups_of(granularity, axis, block);
    const Grouping grouping = groups.of(x);
    const std::vector<Calibration> methods = methods_of(method);
    const nb::gil_scoped_release released;
    const auto tried = candidates(options, grouping, {span_of(x), x.ndim() > 1 ? x.shape(0) : 1}, methods);
    const Candidate& taken = best(tried);
    return {groups, taken.quantisers, std::string(row_of(taken.method).name), taken.sqnr, taken.clipped};
}

Quantiser made_quantiser(const std::vector<float>& scale, const std::vector<std::int32_t>& zero_point,
                         std::int32_t least, std::int32_t greatest, const std::string& rounding,
                         const std::string& quotient, const std::string& granularity, int axis, std::size_t block,
                         const std::string& method, std::optional<double> sqnr, std::optional<double> clipped) {
    if (scale.empty() || scale.size() != zero_point.size())
        throw std::invalid_argument(
            fmt::format("expected a zero point for each scale, got {} and {}", zero_point.size(), scale.size()));
    Quantiser made{
        groups_of(granularity, axis, block), {}, method, sqnr.value_or(not_measured), clipped.value_or(not_measured)};
    for (std::size_t i = 0; i < scale.size(); ++i)
        made.by.push_back({.scale = scale[i],
                           .zero_point = zero_point[i],
                           .range = {least, greatest},
                           .rounding = named(roundings, "rounding", rounding).rounding,
                           .quotient = named(quotients, "quotient", quotient).value});
    return made;
}

/// visit(std::span<Word>()) of the integers that quantise writes and dequantise reads, by their width and sign.
auto by_integer(const auto& array, auto visit) {
    const bool is_signed = array.dtype().code == static_cast<std::uint8_t>(nb::dlpack::dtype_code::Int);
    switch (array.itemsize()) {
        case 1: return is_signed ? visit(std::int8_t()) : visit(std::uint8_t());
        case 2: return is_signed ? visit(std::int16_t()) : visit(std::uint16_t());
        default: throw std::invalid_argument("expected codes of int8, uint8, int16 or uint16");
    }
}

void quantise_into(const Quantiser& q, const Floats& x, const Result& codes, std::uint64_t seed) {
    const Grouping grouping = q.grouping_of(x);
    const nb::gil_scoped_release released;
    by_integer(codes, [&]<class Word>(Word) {
        const std::span to(static_cast<Word*>(codes.data()), codes.size());
        if (q.is_whole()) return quantise(q.by[0], span_of(x), to, {seed});
        const auto all = quantise(grouping, q.by, span_of(x), kernel::Draws{seed});
        std::ranges::transform(all, to.begin(), [](std::int32_t code) { return static_cast<Word>(code); });
    });
}

void dequantise_into(const Quantiser& q, const Array& codes, const ResultOf<float>& numbers) {
    const Grouping grouping = q.grouping_of(codes);
    const nb::gil_scoped_release released;
    by_integer(codes, [&]<class Word>(Word) {
        const std::span from(static_cast<const Word*>(codes.data()), codes.size());
        if (q.is_whole()) return dequantise(q.by[0], from, span_of(numbers));
        const std::vector<std::int32_t> whole(from.begin(), from.end());
        std::ranges::copy(dequantise(grouping, q.by, whole), numbers.data());
    });
}

void fake_quantise_into(const Quantiser& q, const Floats& x, const ResultOf<float>& levels, std::uint64_t seed) {
    const Grouping grouping = q.grouping_of(x);
    const nb::gil_scoped_release released;
    if (q.is_whole()) return fake_quantise(q.by[0], span_of(x), span_of(levels), {seed});
    std::ranges::copy(fake_quantise(grouping, q.by, span_of(x), kernel::Draws{seed}), levels.data());
}

void straight_through_into(const Quantiser& q, const Floats& x, const Floats& upstream, const ResultOf<float>& grad) {
    const Grouping grouping = q.grouping_of(x);
    const nb::gil_scoped_release released;
    grouping.each_run([&](std::size_t group, std::size_t first, std::size_t count) {
        straight_through(q.by[group], span_of(x).subspan(first, count), span_of(upstream).subspan(first, count),
                         span_of(grad).subspan(first, count));
    });
}

const BlockFormat& block_format_of(const std::string& name) {
    const auto row = named(block_formats, "block format", name);
    return *std::ranges::find(block_formats, row.name, &BlockFormat::name);
}

void to_blocks_into(const std::string& name, const Floats& x, const ResultOf<std::uint8_t>& elements,
                    const ResultOf<std::uint8_t>& scales) {
    const BlockFormat& format = block_format_of(name);
    const nb::gil_scoped_release released;
    const Blocks blocks = to_blocks(format, span_of(x));
    const auto byte = [](std::uint64_t code) { return static_cast<std::uint8_t>(code); };
    std::ranges::transform(blocks.elements, elements.data(), byte);
    std::ranges::transform(blocks.scales, scales.data(), byte);
}

void from_blocks_into(const std::string& name, const ArrayOf<std::uint8_t>& elements,
                      const ArrayOf<std::uint8_t>& scales, const ResultOf<float>& numbers) {
    const BlockFormat& format = block_format_of(name);
    const nb::gil_scoped_release released;
    const auto e = span_of(elements), s = span_of(scales);
    std::ranges::copy(from_blocks(format, {{e.begin(), e.end()}, {s.begin(), s.end()}}), numbers.data());
}

std::string text_of(const Quantiser& q) {
    const Affine& first = q.by[0];
    return fmt::format("<Quantiser: {} a {}, scale {}{}, zero point {}, codes {} to {}, by {}>", q.by.size(),
                       name_in(granularities, q.groups.granularity), first.scale, q.by.size() > 1 ? ", ..." : "",
                       first.zero_point, first.range.least, first.range.greatest, q.method);
}

void bind_quantiser(nb::module_& m) {
    nb::class_<Quantiser> bound(
        m, "Quantiser",
        "How numbers become integer codes and back: round(x / scale) + zero_point, clamped; a scale "
        "and a zero point for each group of the granularity (tensor, channel, block).");
    bound
        .def_static("_made", made_quantiser, "scale"_a, "zero_point"_a, "least"_a = -128, "greatest"_a = 127,
                    nb::kw_only(), "rounding"_a = "NearestEven", "quotient"_a = "divide", "granularity"_a = "tensor",
                    "axis"_a = -1, "block"_a = 32, "method"_a = "given", "sqnr"_a = nb::none(),
                    "clipped"_a = nb::none())
        .def_prop_ro("scale",
                     [](const Quantiser& q) {
                         std::vector<float> all;
                         for (const Affine& by : q.by) all.push_back(by.scale);
                         return all;
                     })
        .def_prop_ro("zero_point",
                     [](const Quantiser& q) {
                         std::vector<std::int32_t> all;
                         for (const Affine& by : q.by) all.push_back(by.zero_point);
                         return all;
                     })
        .def_prop_ro("least", [](const Quantiser& q) { return q.by[0].range.least; })
        .def_prop_ro("greatest", [](const Quantiser& q) { return q.by[0].range.greatest; })
        .def_prop_ro("rounding", [](const Quantiser& q) { return std::string(name_of(q.by[0].rounding)); })
        .def_prop_ro("quotient", [](const Quantiser& q) { return name_in(quotients, q.by[0].quotient); })
        .def_prop_ro("granularity", [](const Quantiser& q) { return name_in(granularities, q.groups.granularity); })
        .def_prop_ro("axis", [](const Quantiser& q) { return q.groups.axis; })
        .def_prop_ro("block", [](const Quantiser& q) { return q.groups.block; })
        .def_ro("method", &Quantiser::method, "Which calibration made it, or 'given'.")
        .def_ro("sqnr", &Quantiser::sqnr, "Signal-to-noise ratio in decibels, as calibration measured it.")
        .def_ro("clipped", &Quantiser::clipped, "Share of the numbers that were clipped, as calibration measured it.")
        .def("__repr__", text_of);
    def_constructor(bound);
}

}  // namespace

void bind_quantise(nb::module_& m) {
    bind_quantiser(m);
    m.def("calibrate", calibrated_by, "x"_a, "method"_a, "bits"_a, "signed"_a, "restricted"_a, "symmetric"_a, "rule"_a,
          "rounding"_a.none(), "granularity"_a, "axis"_a, "block"_a, "percentile"_a);
    m.def("quantise", quantise_into, "quantiser"_a, "x"_a, "codes"_a, "seed"_a);
    m.def("dequantise", dequantise_into, "quantiser"_a, "codes"_a, "numbers"_a);
    m.def("fake_quant", fake_quantise_into, "quantiser"_a, "x"_a, "levels"_a, "seed"_a);
    m.def("fake_quant_grad", straight_through_into, "quantiser"_a, "x"_a, "upstream"_a, "grad"_a);
    m.def("to_blocks", to_blocks_into, "name"_a, "x"_a, "elements"_a, "scales"_a);
    m.def("from_blocks", from_blocks_into, "name"_a, "elements"_a, "scales"_a, "numbers"_a);
    m.def("block_formats", [] {
        nb::list rows;
        for (const BlockFormat& row : block_formats)
            rows.append(nb::make_tuple(std::string(row.name), row.element, row.scale, row.block));
        return rows;
    });
}

}  // namespace halfulp::python
