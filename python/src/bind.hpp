#pragma once

#include <nanobind/nanobind.h>

namespace halfulp::python {

// Each adds an idea of the library to the module.

void bind_formats(nanobind::module_& m);
void bind_arithmetic(nanobind::module_& m);
void bind_laws(nanobind::module_& m);
void bind_units(nanobind::module_& m);
void bind_quantise(nanobind::module_& m);
void bind_train(nanobind::module_& m);
void bind_plan(nanobind::module_& m);
void bind_exercises(nanobind::module_& m);

}  // namespace halfulp::python
