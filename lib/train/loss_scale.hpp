#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/name.hpp>

// Factors of the loss that keep small gradients, and when they change. One machine; the frameworks differ in its numbers.

namespace halfulp::train {

/// When the patience of a rule with hysteresis is whole again.
enum class Recovery : std::uint8_t {
    GoodStep,  ///< after each step without an infinity
    Growth     ///< when the factor grows
};

/// The rule: a step with an infinite gradient or a NaN is skipped, and the factor is multiplied by `backoff`, but not below
/// `least`; after `interval` steps without one it is multiplied by `growth`, to `most` at most, unless that is infinite.
struct LossScaling {
    std::string_view name;   ///< as the program takes and reports it
    float initial;           ///< the factor of the first step
    double growth, backoff;  ///< the factor is multiplied by: after good steps; after an infinity
    int interval;            ///< 0: the factor never changes, and no step is skipped
    float least;             ///< 0: none
    float most;              ///< the largest number of binary32: none
    int hysteresis = 1;  ///< of steps with an infinity since the last recovery, the first one that lowers the factor
    Recovery recovery = Recovery::GoodStep;  ///< of the patience, where there is hysteresis
    std::string_view source = {};            ///< whose rule it is
    Aliases aliases = {};                    ///< other names

    constexpr bool dynamic() const { return interval > 0; }  ///< are steps skipped, and does the factor change?
};

/// LossScaling::most without a limit.
inline constexpr float no_most = std::numeric_limits<float>::max();

// Read at these commits:
// torch    ROCm/pytorch ee04104d2d17, aten/src/ATen/native/cuda/AmpKernels.cu: amp_update_scale_cuda_kernel; defaults and unscaling
//          pytorch/pytorch 3f34c0682ca4, torch/amp/grad_scaler.py
// apex     NVIDIA/apex b82c6bd7613f, apex/amp/scaler.py: LossScaler.update_scale, by halves and doubles of binary64
// hysteresis by good steps: NVIDIA/apex 16aaa78344aa, csrc/update_scale_hysteresis.cu, which has neither floor nor ceiling
// jmp      google-deepmind/jmp 107217e5d5c0, jmp/_src/loss_scale.py: DynamicLossScale.adjust; 2^15 is its docstring's example
// megatron NVIDIA/Megatron-LM 00caa53af309, megatron/core/optimizer/grad_scaler.py: DynamicGradScaler.update; its numbers are
//          the defaults of optimizer_config.py (e914fb787a46). Its factor may grow to infinity, and never comes back; ours does
//          not grow there
/// The rules that frameworks have, and none.
inline constexpr std::array loss_scalings = {
    LossScaling{"none", 1, 1, 1, 0, 0, no_most, 1, Recovery::GoodStep, "the loss as it is"},
    LossScaling{"dynamic",
                65536,
                2,
                0.5,
                2000,
                0,
                no_most,
                1,
                Recovery::GoodStep,
                "torch.amp.GradScaler, which has no floor",
                {"gradscaler", "torch"}},
    LossScaling{"apex", 65536, 2, 0.5, 2000, 0, 16777216, 1, Recovery::GoodStep,
                "NVIDIA Apex, amp/scaler.py, before it was removed"},
    LossScaling{"jmp", 32768, 2, 0.5, 2000, 1, no_most, 1, Recovery::GoodStep, "DeepMind jmp, DynamicLossScale"},
    LossScaling{"megatron", 4294967296, 2, 0.5, 1000, 1, no_most, 2, Recovery::Growth,
                "Megatron-LM, DynamicGradScaler"},
};

/// The row of that name.
constexpr std::optional<LossScaling> find_loss_scaling(std::string_view name) {
    return find_by_name(loss_scalings, name);
}

/// Always the same factor.
constexpr LossScaling static_scale(float factor) { return {"static", factor, 1, 1, 0, 0, no_most}; }

/// What a run has to remember of it.
struct LossScale {
    float factor;        ///< of the loss in the next step
    int good_steps = 0;  ///< since the last change of the factor, or the last skipped step
    int patience;  ///< of the steps with an infinity to come, the first one that lowers the factor; at most 1: each does

    friend bool operator==(const LossScale&, const LossScale&) = default;
};

/// Before the first step.
constexpr LossScale start(const LossScaling& rule) { return {rule.initial, 0, rule.hysteresis}; }

/// After a step. In the arithmetic of the frameworks: the product in binary64, rounded to binary32.
LossScale updated(const LossScaling& rule, LossScale scale, bool found_infinite);

}  // namespace halfulp::train
