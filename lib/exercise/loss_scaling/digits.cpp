#include <halfulp/lib/exercise/loss_scaling/digits.hpp>

#include <fmt/format.h>

#include <halfulp/lib/exercise/loss_scaling/digits_gradients.hpp>
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

std::string Storage::name() const {
    return std::string(short_name(format)) + (exponent == 0 ? "" : fmt::format(" times 2^{}", exponent));
}

RoundTrip Storage::predict(const Codes& gradients) const {
    return predict_round_trip(format, gradients, pow2(exponent));
}

Fates Storage::fates(const Codes& gradients) const {
    return predict_fates(format, magnitudes(gradients), pow2(exponent));
}

Answer Storage::observe(const Observer& observer, const Codes& gradients) const {
    return observe_round_trip(observer, format, gradients, pow2(exponent));
}

std::vector<Storage> storages() { return {{binary16, 0}, {binary16, step_exponent()}, {bfloat16, 0}}; }

std::string share(std::size_t count, std::size_t total) {
    return fmt::format("{} of {} = {:.1f} %", count, total,
                       100.0 * static_cast<double>(count) / static_cast<double>(total));
}

}  // namespace halfulp
