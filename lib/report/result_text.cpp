#include <halfulp/lib/report/result_text.hpp>

#include <fmt/format.h>

#include <halfulp/softfloat/classify.hpp>

namespace halfulp {

std::string result_text(Domain domain, const Format& to, std::uint64_t code) {
    switch (domain) {
        case Domain::Number: return fmt::format("{:0{}x}", code, (to.width + 3) / 4);
        case Domain::Integer: return fmt::format("{}", static_cast<std::int64_t>(code));
        case Domain::Truth: return code != 0 ? "true" : "false";
        case Domain::Class: return std::string(classes.at(code).name);
    }
    return {};
}

}  // namespace halfulp
