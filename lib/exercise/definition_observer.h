#pragma once

#include <halfulp/lib/exercise/observer.hpp>

namespace halfulp {

/// IEEE 754's definition (lib/truth), asked as an observer is: no backend, but the source of predictions. It converts
/// and takes operations of one rounding each.
std::unique_ptr<Observer> make_definition_observer();

}  // namespace halfulp
