#pragma once

#include <string>

namespace halfulp::ptx {

/// What a lane did wrong, on its way to become an Error that says where.
struct Fault {
    int lane = -1;  ///< -1: not one lane alone
    std::string message;
};

}  // namespace halfulp::ptx
