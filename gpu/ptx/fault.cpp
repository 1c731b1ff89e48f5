#include <halfulp/gpu/ptx/fault.hpp>

#include <fmt/format.h>

namespace halfulp::ptx {

std::string signed_hexadecimal(std::uint64_t address) {
    return fmt::format("{:#x}", static_cast<std::int64_t>(address));
}

}  // namespace halfulp::ptx
