#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "constructor.hpp"
#include "named.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

/// A format, or a name: of an integer type, the scales' ue4m3, or a format.
using ElementName = std::variant<Format, std::string>;

constexpr std::array integers = {
    Named<Element>{"s4", s4, {"int4"}},  Named<Element>{"u4", u4, {"uint4"}},   Named<Element>{"s8", s8, {"int8"}},
    Named<Element>{"u8", u8, {"uint8"}}, Named<Element>{"s32", s32, {"int32"}}, Named<Element>{"ue4m3", ue4m3, {}},
};

Element element_of(const ElementName& name) {
    if (const auto* format = std::get_if<Format>(&name)) return *format;
    const std::string& text = std::get<std::string>(name);
    if (const auto row = find_format(text)) return row->format;
    return named(integers, "element", text).value;
}

ElementName name_of_element(const Element& element) {
    if (element.integer) return name_of(element);
    return element.format;
}

Matrix matrix_of(const ElementName& name, const Array& array) {
    if (array.ndim() != 2) throw std::invalid_argument(fmt::format("expected a matrix, got {} axes", array.ndim()));
    Matrix matrix{element_of(name), array.shape(0), array.shape(1), {}};
    const nb::gil_scoped_release released;
    by_word(array, [&]<class Word>(Word) {
        const Word* codes = static_cast<const Word*>(array.data());
        matrix.codes.assign(codes, codes + array.size());
    });
    const std::uint64_t mask = matrix.element.code_mask();
    if (static_cast<std::size_t>(matrix.element.width()) < 8 * array.itemsize())
        for (std::uint64_t& code : matrix.codes) code &= mask;
    return matrix;
}

void write_codes(const Matrix& matrix, const Result& to) {
    if (to.size() != matrix.codes.size()) throw std::invalid_argument("expected room for each code");
    const nb::gil_scoped_release released;
    by_word(to, [&]<class Word>(Word) {
        Word* codes = static_cast<Word*>(to.data());
        for (std::size_t i = 0; i < matrix.codes.size(); ++i) codes[i] = static_cast<Word>(matrix.codes[i]);
    });
}

constexpr std::array orders = {Named<TileOrder>{"Ascending", TileOrder::Ascending, {"ascending"}},
                               Named<TileOrder>{"Interleaved", TileOrder::Interleaved, {"interleaved"}},
                               Named<TileOrder>{"Descending", TileOrder::Descending, {"descending"}}};
constexpr std::array merges = {Named<Merge>{"Forward", Merge::Forward, {"forward"}},
                               Named<Merge>{"Halves", Merge::Halves, {"halves"}}};
constexpr std::array places = {Named<CPlace>{"Start", CPlace::Start, {"start"}},
                               Named<CPlace>{"Epilogue", CPlace::Epilogue, {"epilogue"}}};

/// Draws have no seed in a plan: throws std::invalid_argument for what is rounded by them.
Rounding deterministic(const std::string& name) {
    return named(deterministic_roundings, "rounding of a plan", name).rounding;
}

Format format_of(const ElementName& name) {
    const auto* format = std::get_if<Format>(&name);
    return format != nullptr ? *format : named(formats, "format", std::get<std::string>(name)).format;
}

Env env_of_plan(const Env& env) {
    deterministic(std::string(name_of(env.rounding)));
    return env;
}

GemmPlan made_plan(std::size_t tile_k, const std::string& order, std::size_t split_k, const std::string& merge,
                   const std::string& c, double alpha, double beta, const std::optional<ElementName>& accumulator,
                   const std::optional<ElementName>& output, const std::string& requantised, std::int32_t zero_point,
                   const std::string& operands, const std::optional<Env>& env) {
    return {.tile_k = tile_k,
            .order = named(orders, "order", order).value,
            .split_k = split_k,
            .merge = named(merges, "merge", merge).value,
            .c = named(places, "place of c", c).value,
            .alpha = alpha,
            .beta = beta,
            .accumulator = accumulator ? std::optional(format_of(*accumulator)) : std::nullopt,
            .output = output ? std::optional(element_of(*output)) : std::nullopt,
            .requantised = deterministic(requantised),
            .zero_point = zero_point,
            .operands = deterministic(operands),
            .env = env_of_plan(env.value_or(Env{.nan = NanPolicy::Cuda}))};
}

void bind_plan_of_gemm(nb::module_& m) {
    nb::class_<GemmPlan> bound(
        m, "Plan",
        "What a kernel does around its matrix unit: K in tiles of tile_k (0: as many as the unit takes), dealt out to "
        "split_k slices by order (Ascending, Interleaved, Descending), merged Forward or in Halves; c at the Start of "
        "the accumulator or in the Epilogue: D = alpha A B + beta C. accumulator is the format of merges and epilogue, "
        "output that of D; operands is how wider ones are rounded for the unit (fp32 to tf32). Roundings are those that "
        "need no seed.");
    bound
        .def_static("_made", made_plan, nb::kw_only(), "tile_k"_a = 0, "order"_a = "Ascending", "split_k"_a = 1,
                    "merge"_a = "Forward", "c"_a = "Start", "alpha"_a = 1.0, "beta"_a = 1.0,
                    "accumulator"_a.none() = nb::none(), "output"_a.none() = nb::none(),
                    "requantised"_a = "NearestEven", "zero_point"_a = 0, "operands"_a = "TowardZero",
                    "env"_a.none() = nb::none())
        .def_ro("tile_k", &GemmPlan::tile_k)
        .def_prop_ro("order", [](const GemmPlan& plan) { return name_in(orders, plan.order); })
        .def_ro("split_k", &GemmPlan::split_k)
        .def_prop_ro("merge", [](const GemmPlan& plan) { return name_in(merges, plan.merge); })
        .def_prop_ro("c", [](const GemmPlan& plan) { return name_in(places, plan.c); })
        .def_ro("alpha", &GemmPlan::alpha)
        .def_ro("beta", &GemmPlan::beta)
        .def_ro("accumulator", &GemmPlan::accumulator)
        .def_prop_ro("output",
                     [](const GemmPlan& plan) {
                         return plan.output ? std::optional(name_of_element(*plan.output)) : std::nullopt;
                     })
        .def_prop_ro("requantised", [](const GemmPlan& plan) { return std::string(name_of(plan.requantised)); })
        .def_ro("zero_point", &GemmPlan::zero_point)
        .def_prop_ro("operands", [](const GemmPlan& plan) { return std::string(name_of(plan.operands)); })
        .def_ro("env", &GemmPlan::env)
        .def("__repr__", [](const GemmPlan& plan) {
            const std::string text = text_of(plan);
            return "<Plan: " + (text.empty() ? "K in ascending order, in one slice" : text) + ">";
        });
    def_constructor(bound);
}

/// A, B, C and the scales; null where there is none. As pointers nanobind does not copy them.
using Operands5 = std::tuple<Matrix*, Matrix*, Matrix*, Matrix*, Matrix*>;

/// Takes the matrices' codes, which the package has made for this call.
Gemm gemm_of(const Operands5& x) {
    const auto& [a, b, c, a_scales, b_scales] = x;
    const auto given = [](Matrix* matrix) {
        return matrix != nullptr ? std::optional(std::move(*matrix)) : std::nullopt;
    };
    if (a == nullptr || b == nullptr) throw std::invalid_argument("expected matrices A and B, got None");
    return {std::move(*a), std::move(*b), given(c), given(a_scales), given(b_scales)};
}

Matrix predicted(const std::string& unit, const std::optional<GemmPlan>& plan, const Operands5& operands,
                 unsigned threads) {
    const nb::gil_scoped_release released;
    Gemm gemm = gemm_of(operands);
    const Hypothesis alone = asked_alone(unit, gemm, plan);
    return predict(alone.unit, alone.plan, std::move(gemm), threads);
}

/// What is asked about: a unit with a plan, the units of a name, or nothing.
std::vector<Hypothesis> asked_of(const std::optional<std::string>& unit, const std::optional<GemmPlan>& plan,
                                 const Gemm& gemm, const Matrix& d, const ExplainOptions& how) {
    if (!unit) return {};
    if (!plan) return asked_by_name(*unit, question_of(gemm, d, how.alpha, how.beta, how.zero_point));
    Hypothesis alone = asked_alone(*unit, gemm, plan);
    if (!alone.plan.output) alone.plan.output = d.element;
    return {alone};
}

/// Its text, all of it as JSON, and whether D is what was asked about.
std::tuple<std::string, std::string, bool> explained(const Operands5& operands, const Matrix& d,
                                                     const std::optional<std::string>& unit,
                                                     const std::optional<GemmPlan>& plan, double alpha, double beta,
                                                     std::int32_t zero_point, bool nans_alike, unsigned threads) {
    const nb::gil_scoped_release released;
    const Gemm gemm = gemm_of(operands);
    ExplainOptions how{.alpha = alpha,
                       .beta = beta,
                       .zero_point = zero_point,
                       .nans = nans_alike ? NanBits::Alike : NanBits::Compared,
                       .threads = threads};
    how.asked = asked_of(unit, plan, gemm, d, how);
    const Explanation explanation = explain(gemm, d, how);
    return {explanation_text(explanation), explanation_json(explanation), explanation.holds()};
}

nb::dict unit_row(const MmaSpec& spec) {
    nb::dict row;
    row["name"] = name_of(spec);
    row["processor"] = std::string(spec.processor);
    row["instruction"] = std::string(spec.instruction);
    row["a"] = name_of(spec.a);
    row["b"] = name_of(spec.b);
    row["accumulator"] = name_of(spec.accumulator);
    row["group"] = spec.group;
    row["fraction_bits"] = spec.fraction_bits == every_bit ? nb::object(nb::none()) : nb::cast(spec.fraction_bits);
    row["rounding"] = std::string(name_of(spec.rounding));
    row["scales"] = spec.scaling ? nb::cast(std::string(name_of_scale(spec.scaling->format))) : nb::object(nb::none());
    row["block"] = spec.scaling ? nb::cast(spec.scaling->block) : nb::object(nb::none());
    row["source"] = std::string(spec.evidence.source);
    return row;
}

nb::list unit_rows() {
    nb::list rows;
    for (const MmaSpec& spec : mma_specs()) rows.append(unit_row(spec));
    return rows;
}

}  // namespace

void bind_units(nb::module_& m) {
    nb::class_<Matrix>(m, "Matrix", "Codes of one format, or integers, row by row.")
        .def(
            "__init__",
            [](Matrix* self, const ElementName& name, const Array& array) {
                new (self) Matrix(matrix_of(name, array));
            },
            "element"_a, "codes"_a)
        .def_prop_ro("element", [](const Matrix& matrix) { return name_of_element(matrix.element); })
        .def_prop_ro("shape", [](const Matrix& matrix) { return nb::make_tuple(matrix.rows, matrix.columns); })
        .def("write", write_codes, "codes"_a);
    bind_plan_of_gemm(m);
    m.def("predict", predicted, "unit"_a, "plan"_a.none(), "operands"_a, "threads"_a);
    m.def("explain", explained, "operands"_a, "d"_a, "unit"_a.none(), "plan"_a.none(), "alpha"_a, "beta"_a,
          "zero_point"_a, "nans_alike"_a, "threads"_a);
    m.def("units", unit_rows);
    m.def("plain_sums", [] { return names_of(plain_sums); });
}

}  // namespace halfulp::python
