#pragma once

#include <string_view>

namespace halfulp::ptx {

/// What an opcode of PTX belongs to of which nothing is executed here, such as "textures"; empty for every other text.
std::string_view unsupported_feature(std::string_view opcode);

}  // namespace halfulp::ptx
