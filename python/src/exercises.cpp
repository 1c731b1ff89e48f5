#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string>
#include <vector>

#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/exercise/why.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "bind.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

/// The emulator, this CPU, and the models of matrix units.
Observers observers() {
    Observers all;
    all.push_back(make_soft_observer());
    all.push_back(make_cpu_observer());
    for (const Processor& gpu : gpus) all.push_back(make_unit_observer(gpu.name));
    return all;
}

/// Those of the numbers, or all, asked of everyone, as JSON.
std::string exercises_json(const std::vector<int>& numbers) {
    const nb::gil_scoped_release released;
    const Observers asked = observers();
    std::vector<ExerciseReport> reports;
    for (const ExerciseEntry& entry : exercises())
        if (numbers.empty() || std::ranges::find(numbers, entry.number) != numbers.end())
            reports.push_back(run(with_reasons(entry.make()), asked));
    return to_json(reports);
}

}  // namespace

void bind_exercises(nb::module_& m) {
    m.def("exercises", exercises_json, "numbers"_a);
    m.def("exercise_numbers", [] {
        std::vector<int> numbers;
        for (const ExerciseEntry& entry : exercises()) numbers.push_back(entry.number);
        return numbers;
    });
}

}  // namespace halfulp::python
