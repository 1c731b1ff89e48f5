#pragma once

#include <initializer_list>
#include <memory>
#include <string>

namespace halfulp {

/// The first of these shared libraries that is there, loaded; null where none is.
std::shared_ptr<void> open_library(std::initializer_list<const char*> names);

/// What a library exports by that name; null if it does not.
void* address_of(const std::shared_ptr<void>& library, const char* name);

/// Finds the functions that for_each(visit) names by visit(name, pointer). The name of the first one that the library lacks;
/// empty if it has all.
template <class ForEach>
std::string find_functions(const std::shared_ptr<void>& library, const ForEach& for_each) {
    std::string lacking;
    for_each([&]<class Function>(const char* name, Function*& function) {
        function = reinterpret_cast<Function*>(address_of(library, name));
        if (function == nullptr && lacking.empty()) lacking = name;
    });
    return lacking;
}

}  // namespace halfulp
