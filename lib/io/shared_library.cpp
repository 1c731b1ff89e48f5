#include <halfulp/lib/io/shared_library.hpp>

#include <dlfcn.h>

namespace halfulp {
namespace {

// Never unloaded: such libraries start threads and keep memory until the process ends.
constexpr int modes = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;

}  // namespace

std::shared_ptr<void> open_library(std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (void* library = dlopen(name, modes); library != nullptr) return {library, dlclose};
    return nullptr;
}

void* address_of(const std::shared_ptr<void>& library, const char* name) { return dlsym(library.get(), name); }

}  // namespace halfulp
