#include <exception>

#include <halfulp/lib/io/text_file.hpp>

#include "bind.hpp"

NB_MODULE(_halfulp, m) {
    m.doc() = "The public C++ functions of halfulp, for the package around it.";
    nanobind::set_leak_warnings(
        false);  // formats live on in caches of Hypothesis and pytest until the interpreter ends
    nanobind::register_exception_translator([](const std::exception_ptr& thrown, void*) {
        try {
            std::rethrow_exception(thrown);
        } catch (const halfulp::InputError& error) {
            PyErr_SetString(PyExc_ValueError, error.what());
        }
    });
    halfulp::python::bind_formats(m);
    halfulp::python::bind_arithmetic(m);
    halfulp::python::bind_laws(m);
    halfulp::python::bind_units(m);
    halfulp::python::bind_quantise(m);
    halfulp::python::bind_train(m);
    halfulp::python::bind_plan(m);
    halfulp::python::bind_exercises(m);
}
