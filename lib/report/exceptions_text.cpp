#include <halfulp/lib/report/exceptions_text.hpp>

#include <array>
#include <string_view>

namespace halfulp {

std::string exceptions_text(const Status& s) {
    struct Exception {
        bool raised;
        std::string_view name;
    };
    const std::array exceptions{Exception{s.invalid, "invalid"},   Exception{s.divide_by_zero, "divide_by_zero"},
                                Exception{s.overflow, "overflow"}, Exception{s.underflow, "underflow"},
                                Exception{s.inexact, "inexact"},   Exception{s.input_denormal, "input_denormal"}};
    std::string text;
    for (const auto& [raised, name] : exceptions)
        if (raised) text.append(text.empty() ? "" : " ").append(name);
    return text;
}

}  // namespace halfulp
