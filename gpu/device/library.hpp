#pragma once

#include <initializer_list>
#include <memory>

namespace halfulp::gpu {

/// The first of these shared libraries that is there, loaded; null where none is.
std::shared_ptr<void> open_library(std::initializer_list<const char*> names);

/// What a library exports by that name; null if it does not.
void* address_of(const std::shared_ptr<void>& library, const char* name);

/// The same as a function. Whether there is one.
template <class Function>
bool find_function(const std::shared_ptr<void>& library, const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(address_of(library, name));
    return function != nullptr;
}

}  // namespace halfulp::gpu
