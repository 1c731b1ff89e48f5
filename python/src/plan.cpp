#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <halfulp/lib/condition/condition.hpp>
#include <halfulp/lib/condition/matrix_condition.hpp>
#include <halfulp/lib/condition/storage_loss.hpp>
#include <halfulp/lib/measure/ceiling.hpp>
#include <halfulp/lib/measure/machine.hpp>
#include <halfulp/lib/plan/plan.hpp>
#include <halfulp/lib/workload/measurement.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "named.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

using Floats = ArrayOf<float>;
using Doubles = ArrayOf<double>;

/// What can be predicted.
constexpr std::array planned_workloads = {workload::workloads[0], workload::workloads[1], workload::workloads[3]};

plan::Input input_of(const char* name, const Floats& x) {
    plan::Input input{name, {}, 0};
    for (std::size_t i = 0; i < x.ndim(); ++i) input.shape.push_back(x.shape(i));
    const auto numbers = span_of(x);
    input.hash = workload::hash_of({numbers.begin(), numbers.end()});
    return input;
}

plan::Question question_of(const std::string& name, const Floats& a, const std::optional<Floats>& b) {
    const workload::Workload w = named(planned_workloads, "workload", name);
    if (w.has_b != b.has_value())
        throw std::invalid_argument(fmt::format("{} takes {}", w.name, w.has_b ? "a and b" : "a alone"));
    const bool agrees =
        !b || (w.is_vector ? a.size() == b->size() : a.ndim() == 2 && b->ndim() == 2 && a.shape(1) == b->shape(0));
    if (!agrees) throw std::invalid_argument(fmt::format("{}: the shapes of a and b do not agree", w.name));
    if (a.size() == 0) throw std::invalid_argument(fmt::format("{}: expected numbers, got none", w.name));
    plan::Question q;
    const auto x = span_of(a);
    q.inputs = {input_of("a", a)};
    q.problem = {w, 1, 1, a.size(), {x.begin(), x.end()}, {}, {}};
    if (!b) return q;
    const auto y = span_of(*b);
    q.inputs.push_back(input_of("b", *b));
    q.problem.b = {y.begin(), y.end()};
    if (w.is_vector) return q;
    q.problem.m = a.shape(0);
    q.problem.n = b->shape(1);
    q.problem.k = a.shape(1);
    return q;
}

/// The plan as text and as JSON, with the certificate of one run where a policy is enough.
std::tuple<std::string, std::string> planned(const std::string& name, const Floats& a, const std::optional<Floats>& b,
                                             double tolerance, const std::optional<std::string>& processor,
                                             bool order_independent, unsigned threads) {
    if (!(tolerance > 0)) throw std::invalid_argument("expected a tolerance above 0");
    plan::Question question = question_of(name, a, b);
    question.tolerance = tolerance;
    question.order_independent = order_independent;
    question.threads = threads;
    if (processor) question.processor = named(plan::peaks, "processor with published rates", *processor);
    if (processor && question.problem.workload.kind != workload::Kind::Gemm)
        throw std::invalid_argument("expected the workload gemm with a processor: matrix units compute nothing else");
    const nb::gil_scoped_release released;
    const auto ceilings =
        processor ? std::vector<measure::Ceiling>() : measure::ceilings(measure::this_machine(), std::size_t{1} << 28);
    const plan::Plan plan = plan::planned(std::move(question), ceilings);
    std::optional<plan::Certificate> certificate;
    if (plan.chosen() != nullptr) certificate = plan::run(plan);
    std::string text = plan_text(plan);
    if (certificate) text += certificate_text(plan, *certificate);
    return {text, to_json(plan, certificate)};
}

conditioning::Matrix matrix_of(const Doubles& array) {
    if (array.ndim() != 2) throw std::invalid_argument(fmt::format("expected a matrix, got {} axes", array.ndim()));
    conditioning::Matrix matrix(array.shape(0), array.shape(1));
    const auto numbers = span_of(array);
    matrix.numbers.assign(numbers.begin(), numbers.end());
    return matrix;
}

nb::dict storage_loss(const Format& format, const Doubles& x, double kappa) {
    const conditioning::StorageLoss loss = conditioning::loss_in(format, span_of(x));
    nb::dict row;
    row["format"] = std::string(name_of(format));
    row["beyond"] = loss.beyond;
    row["lost"] = loss.lost;
    row["subnormal"] = loss.subnormal;
    row["unit_roundoff"] = loss.unit_roundoff;
    row["digits"] = loss.digits(kappa);
    row["against"] = conditioning::against(loss, kappa);
    return row;
}

std::vector<double> kappas_of_product(const Doubles& a, const Doubles& b) {
    return conditioning::of_product(matrix_of(a), matrix_of(b)).numbers;
}

}  // namespace

void bind_plan(nb::module_& m) {
    m.def("plan", planned, "workload"_a, "a"_a, "b"_a.none(), "tolerance"_a, "processor"_a.none(),
          "order_independent"_a, "threads"_a);
    m.def(
        "kappa_of_sum", [](const Doubles& x) { return conditioning::of_sum(span_of(x)); }, "x"_a);
    m.def(
        "kappa_of_dot", [](const Doubles& x, const Doubles& y) { return conditioning::of_dot(span_of(x), span_of(y)); },
        "x"_a, "y"_a);
    m.def("kappas_of_product", kappas_of_product, "a"_a, "b"_a);
    m.def(
        "kappa_1", [](const Doubles& a) { return conditioning::kappa_1(matrix_of(a)); }, "a"_a);
    m.def(
        "kappa_2", [](const Doubles& a) { return conditioning::kappa_2(matrix_of(a)); }, "a"_a);
    m.def("storage_loss", storage_loss, "format"_a, "x"_a, "kappa"_a);
}

}  // namespace halfulp::python
