#include <halfulp/lib/exercise/loss_scaling/digits.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::pow2;

Codes logit_gradients() { return {digits_logit_gradients.begin(), digits_logit_gradients.end()}; }

Codes parameter_gradients() { return {digits_parameter_gradients.begin(), digits_parameter_gradients.end()}; }

Codes step_gradients() {
    Codes all = logit_gradients();
    all.insert(all.end(), digits_parameter_gradients.begin(), digits_parameter_gradients.end());
    return all;
}

int step_exponent() { return factor_exponent(binary16, magnitudes(step_gradients()).back()); }

std::string StoredLogits::name() const {
    return std::string(short_name(format)) + (exponent == 0 ? "" : fmt::format(" times 2^{}", exponent));
}

Answer StoredLogits::observe(const Observer& observer) const {
    return observe_round_trip(observer, format, logit_gradients(), pow2(exponent));
}

std::vector<StoredLogits> stored_logits() {
    const Codes gradients = logit_gradients();
    const auto stored = [&](const Format& f, int exponent) {
        return StoredLogits{f, exponent, predict_round_trip(f, gradients, pow2(exponent)),
                            predict_fates(f, magnitudes(gradients), pow2(exponent))};
    };
    return {stored(binary16, 0), stored(binary16, step_exponent()), stored(bfloat16, 0)};
}

std::string share(std::size_t count, std::size_t total) {
    return fmt::format("{} of {} = {:.1f} %", count, total,
                       100.0 * static_cast<double>(count) / static_cast<double>(total));
}

}  // namespace halfulp
