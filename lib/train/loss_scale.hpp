#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/name.hpp>

// Factors of the loss that keep small gradients, and when they change. One machine; the frameworks differ in its numbers.

namespace halfulp::train {

/// The rule: a step with an infinite gradient or a NaN is skipped, and the factor is multiplied by `backoff`, but not below
/// `least`; after `interval` steps without one it is multiplied by `growth`, to `most` at most, unless that is infinite.
struct LossScaling {
    std::string_view name;
    float initial;
    double growth, backoff;
    int interval;        ///< 0: the factor never changes, and no step is skipped
    float least;         ///< 0: none
    float most;          ///< the largest number of binary32: none
    int hysteresis = 1;  ///< of steps with an infinity, the first one that lowers the factor, since the last without
    std::string_view source = {};
    Aliases aliases = {};

    constexpr bool dynamic() const { return interval > 0; }
};

inline constexpr float no_most = std::numeric_limits<float>::max();

inline constexpr std::array loss_scalings = {
    LossScaling{"none", 1, 1, 1, 0, 0, no_most, 1, "the loss as it is"},
    LossScaling{"dynamic",
                65536,
                2,
                0.5,
                2000,
                0,
                no_most,
                1,
                "torch.amp.GradScaler, which has no floor",
                {"gradscaler", "torch"}},
    LossScaling{"apex", 65536, 2, 0.5, 2000, 0, 16777216, 1, "NVIDIA Apex, amp/scaler.py, before it was removed"},
    LossScaling{"jmp", 32768, 2, 0.5, 2000, 1, no_most, 1, "DeepMind jmp, DynamicLossScale"},
    LossScaling{"megatron", 4294967296, 2, 0.5, 1000, 1, no_most, 2,
                "Megatron-LM's defaults, by Apex's update_scale_hysteresis"},
};

constexpr std::optional<LossScaling> find_loss_scaling(std::string_view name) {
    return find_by_name(loss_scalings, name);
}

/// Always the same factor.
constexpr LossScaling static_scale(float factor) { return {"static", factor, 1, 1, 0, 0, no_most}; }

/// What a run has to remember of it.
struct LossScale {
    float factor;
    int good_steps = 0;  ///< since the last change of the factor, or the last skipped step
    int patience;        ///< steps with an infinity that are left until one lowers the factor

    friend bool operator==(const LossScale&, const LossScale&) = default;
};

constexpr LossScale start(const LossScaling& rule) { return {rule.initial, 0, rule.hysteresis}; }

/// After a step. In the arithmetic of the frameworks: the product in binary64, rounded to binary32.
LossScale updated(const LossScaling& rule, LossScale scale, bool found_infinite);

}  // namespace halfulp::train
