#include <halfulp/lib/train/loss_scale.hpp>

#include <algorithm>
#include <cmath>

namespace halfulp::train {

LossScale updated(const LossScaling& rule, LossScale scale, bool found_infinite) {
    if (!rule.dynamic()) return scale;
    if (found_infinite) {
        scale.good_steps = 0;
        if (scale.patience > 1) {
            --scale.patience;
            return scale;
        }
        const auto lower = static_cast<float>(static_cast<double>(scale.factor) * rule.backoff);
        scale.factor = std::max(lower, rule.least);
        return scale;
    }
    const bool grows = ++scale.good_steps == rule.interval;
    if (grows || rule.recovery == Recovery::GoodStep) scale.patience = rule.hysteresis;
    if (!grows) return scale;
    scale.good_steps = 0;
    const auto higher = static_cast<float>(static_cast<double>(scale.factor) * rule.growth);
    if (std::isfinite(higher)) scale.factor = std::min(higher, rule.most);
    return scale;
}

}  // namespace halfulp::train
