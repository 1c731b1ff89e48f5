#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/report/plot.hpp>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/train/training.hpp>

// What runs came to: a table, JSON, CSV and pictures.

namespace halfulp::train {

/// A run that is done, its gradients as they were rehearsed, and those that are left.
struct Trained {
    Run run;                            ///< its options
    State state;                        ///< after the last epoch
    GradientHistogram first_gradients;  ///< rehearsed_gradients
    GradientHistogram last_gradients;   ///< wide_gradients of the last weights
    double share;                       ///< that the advice allows to be flushed
    double seconds;                     ///< 0: not asked for

    /// Factors of the loss with which such gradients keep to the share, in the format that the policy rounds them to. Pre: one
    /// of them is not 0.
    ScaleAdvice advice(const GradientHistogram& gradients) const {
        return advise(run.policy.results, gradients, share);
    }
    bool has_labels() const { return run.loss == Loss::CrossEntropy; }  ///< else Metrics::right is NaN
};

/// A run that diverged.
struct Lost {
    std::string_view policy;  ///< its name
    std::string why;          ///< what Divergence says
};

/// "2^4", or a number that is no power of two.
std::string scale_text(float factor);

/// A row a run: the last epoch's quality, what was flushed, overflowed and was skipped in all, the factor that is left, those
/// advised for the first and for the last gradients, and bytes a parameter; seconds where they were asked for. Of those that
/// are lost, that they diverge.
Table summary(std::span<const Trained> runs, std::span<const Lost> lost);

/// All of it, and every epoch and the factor of every step.
std::string to_json(std::span<const Trained> runs, std::span<const Lost> lost, std::string_view data);

/// A row an epoch of a run.
std::string to_csv(std::span<const Trained> runs);

/// Those that pictures() may make.
inline constexpr std::array picture_names = {"loss", "accuracy", "scale", "gradients"};

/// Loss, and where there are labels the share of right ones, by epoch; the factor by step; the magnitudes of gradients with the
/// formats' ranges.
std::vector<Picture> pictures(std::span<const Trained> runs);

}  // namespace halfulp::train
