#include <halfulp/lib/exercise/loss_scaling/gradient_errors.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Rational;

namespace {

std::string error_text(const Rational& error) {
    return error == 0 || numerator(error) == 1 ? error.str() : fmt::format("{:.3g}", static_cast<double>(error));
}

}  // namespace

Fact gradient_errors(const Format& f, const Codes& got, const Codes& gradients, const Rational& factor,
                     std::string_view reference) {
    std::vector<std::string> errors;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto value = truth::value(f, got[i]);
        errors.push_back(value ? error_text(abs(Rational{*value / factor / value_of(binary32, gradients.at(i)) - 1}))
                               : "infinite");
    }
    return {"error", fmt::format("relative to {}: {}", reference, fmt::join(errors, ", "))};
}

}  // namespace halfulp
