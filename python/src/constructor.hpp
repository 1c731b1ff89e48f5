#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace halfulp::python {

/// The signature of a function that makes a value, as __init__ has it: with the defaults, without the result.
inline std::string constructor_signature(nanobind::handle made) {
    const auto text = nanobind::cast<std::string>(made[0]);
    const std::size_t first = text.find('('), last = text.rfind(") ->");
    std::string taken = text.substr(first + 1, last - first - 1);
    int index = 0;
    const nanobind::object defaults = made[2];
    if (!defaults.is_none())
        for (const nanobind::handle value : defaults) {
            const std::string place = '\\' + std::to_string(index++);
            taken.replace(taken.find(place), place.size(), nanobind::cast<std::string>(nanobind::repr(value)));
        }
    return "def __init__(self, " + taken + ") -> None";
}

/// Calls of the class become calls of its static method _made, found as an attribute: the package can wrap that, and so
/// say what it takes, which it cannot do to a constructor. Of several signatures the first takes every call; the others
/// are there to be read.
template <class T>
void def_constructor(nanobind::class_<T>& bound) {
    const auto construct = [](T* self, const nanobind::args& args, const nanobind::kwargs& kwargs) {
        new (self) T(nanobind::cast<T>(nanobind::type<T>().attr("_made")(*args, **kwargs)));
    };
    for (const nanobind::handle made : bound.attr("_made").attr("__nb_signature__"))
        bound.def("__init__", construct, nanobind::sig(constructor_signature(made).c_str()));
}

}  // namespace halfulp::python
