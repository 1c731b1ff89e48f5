#include <halfulp/lib/train/codes.hpp>

#include <algorithm>

#include <halfulp/lib/quantize/calibration.hpp>

namespace halfulp::train {

using namespace quantize;

Codes weight_codes(std::span<const float> weights, int bits) {
    const CodeRange range = restricted_range({bits, true});
    const Limits limits = limits_of(weights);
    if (limits.least == 0 && limits.greatest == 0) return {.scale = 1, .range = range};
    return affine_of({ScaleRule::TensorRt, true, range, {}}, limits);
}

Codes activation_codes(std::span<const float> numbers, int bits) {
    const Scheme scheme{ScaleRule::Onnx, false, full_range({bits, true}), {}};
    const Limits own = limits_of(numbers);
    if (own.least == 0 && own.greatest == 0) return {.scale = 1, .range = scheme.range};
    if (own.least == own.greatest) return affine_of(scheme, own);  // they have no histogram
    return affine_of(scheme, calibrated(Calibration::Mse, {scheme}, distribution_of(numbers)));
}

Numbers faked(const Codes& by, std::span<const float> numbers) {
    Numbers levels(numbers.begin(), numbers.end());
    fake_quantise(by, numbers, levels);
    return levels;
}

}  // namespace halfulp::train
