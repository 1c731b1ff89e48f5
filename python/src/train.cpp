#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/train/loss_scale.hpp>

#include "bind.hpp"
#include "constructor.hpp"
#include "named.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

/// A rule and where it stands.
struct Scaling {
    train::LossScaling rule;
    train::LossScale state;
};

/// The rule of that name with other numbers. Throws std::invalid_argument unless they are of a rule.
train::LossScaling rule_with(const std::string& name, std::optional<float> initial, std::optional<int> interval) {
    train::LossScaling rule = named(train::loss_scalings, "loss scale", name);
    if (initial && !(std::isfinite(*initial) && *initial > 0))
        throw std::invalid_argument(fmt::format("expected a finite factor above 0, got {}", *initial));
    if (interval && (!rule.dynamic() || *interval < 1))
        throw std::invalid_argument(fmt::format(
            "expected at least one step, and a rule whose factor changes, got {} of '{}'", *interval, name));
    rule.initial = initial.value_or(rule.initial);
    rule.interval = interval.value_or(rule.interval);
    return rule;
}

/// Where a rule stands. Throws std::invalid_argument unless it can.
train::LossScale state_of(const train::LossScaling& rule, std::optional<float> factor, int good_steps,
                          std::optional<int> patience) {
    const train::LossScale first = train::start(rule);
    if (factor && !(std::isfinite(*factor) && *factor >= 0))
        throw std::invalid_argument(fmt::format("expected a finite factor of at least 0, got {}", *factor));
    if (good_steps < 0) throw std::invalid_argument(fmt::format("expected no less than 0 steps, got {}", good_steps));
    return {factor.value_or(first.factor), good_steps, patience.value_or(first.patience)};
}

}  // namespace

void bind_train(nb::module_& m) {
    m.def(
        "loss_scalings", [] { return names_of(train::loss_scalings); }, "Names of the rules.");
    nb::class_<Scaling> bound(
        m, "LossScale",
        "The factor of a loss, and its rule: \"dynamic\" is PyTorch's GradScaler; loss_scalings() has the others. factor, "
        "good_steps and patience (of overflows, before it falls) are where it stands, if not at the start.");
    bound
        .def_static(
            "_made",
            [](const std::string& rule, std::optional<float> initial, std::optional<int> interval,
               std::optional<float> factor, int good_steps, std::optional<int> patience) {
                const train::LossScaling chosen = rule_with(rule, initial, interval);
                return Scaling{chosen, state_of(chosen, factor, good_steps, patience)};
            },
            "rule"_a = "dynamic", nb::kw_only(), "initial"_a = nb::none(), "interval"_a = nb::none(),
            "factor"_a = nb::none(), "good_steps"_a = 0, "patience"_a = nb::none())
        .def(
            "update",
            [](Scaling& self, bool found_infinite) {
                self.state = train::updated(self.rule, self.state, found_infinite);
                return self.rule.dynamic() && found_infinite;
            },
            "found_infinite"_a,
            "After a step whose gradients had an infinity or a NaN, or had none: is the step skipped?")
        .def_prop_ro("rule", [](const Scaling& self) { return std::string(self.rule.name); })
        .def_prop_ro("initial", [](const Scaling& self) { return self.rule.initial; })
        .def_prop_ro(
            "interval",
            [](const Scaling& self) { return self.rule.dynamic() ? std::optional(self.rule.interval) : std::nullopt; })
        .def_prop_ro("patience", [](const Scaling& self) { return self.state.patience; })
        .def_prop_ro("factor", [](const Scaling& self) { return self.state.factor; })
        .def_prop_ro(
            "good_steps", [](const Scaling& self) { return self.state.good_steps; },
            "Since the last change of the factor, or the last skipped step.");
    def_constructor(bound);
}

}  // namespace halfulp::python
