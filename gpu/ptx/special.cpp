#include <halfulp/gpu/ptx/special.hpp>

namespace halfulp::ptx {

std::string known_specials() {
    std::string text;
    for (const Special& special : specials) text += (text.empty() ? "" : ", ") + std::string(special.name);
    return text;
}

}  // namespace halfulp::ptx
