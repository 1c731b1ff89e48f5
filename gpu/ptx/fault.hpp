#pragma once

#include <cstdint>
#include <string>

namespace halfulp::ptx {

/// What a lane did wrong, on its way to become an Error that says where.
struct Fault {
    int lane = -1;        ///< -1: not one lane alone
    std::string message;  ///< for people
};

/// An address, which an offset may have taken below 0: 0x40, -0x8.
std::string signed_hexadecimal(std::uint64_t address);

}  // namespace halfulp::ptx
