#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/targets.hpp"

// libFuzzer's entry. Which parser it is for is the environment's HALFULP_FUZZ.

namespace {

const halfulp::fuzz::Target& wanted() {
    const char* name = std::getenv("HALFULP_FUZZ");
    for (const auto& target : halfulp::fuzz::targets())
        if (name != nullptr && target.name == name) return target;
    std::fputs("HALFULP_FUZZ: expected a folder of tests/fuzz/corpus\n", stderr);
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const halfulp::fuzz::Target& target = wanted();
    halfulp::fuzz::feed(target, {reinterpret_cast<const char*>(data), size});
    return 0;
}
