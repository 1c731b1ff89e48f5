// Claim: the factor of the loss changes as the frameworks' own rules say, and what a factor flushes and overflows is known
// from a histogram of gradients, exactly.
// Oracle: the rules of torch.amp.GradScaler, Apex, jmp and Megatron, transcribed below each in its own words, on random and
// made sequences; exercise 5's exact rationals for borders. Shared: nothing.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>

#include <halfulp/lib/exercise/loss_scaling/window_question.h>
#include <halfulp/lib/train/gradient_histogram.hpp>
#include <halfulp/lib/train/loss_scale.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::train {
namespace {

/// torch/amp/grad_scaler.py and aten's amp_update_scale.
struct TorchGradScaler {
    float current_scale = 65536;
    int growth_tracker = 0;
    double growth_factor = 2, backoff_factor = 0.5;
    int growth_interval = 2000;

    float update(bool found_inf) {
        if (found_inf) {
            current_scale = static_cast<float>(current_scale * backoff_factor);
            growth_tracker = 0;
        } else {
            const int successful = growth_tracker + 1;
            if (successful == growth_interval) {
                const auto new_scale = static_cast<float>(current_scale * growth_factor);
                if (std::isfinite(new_scale)) current_scale = new_scale;
                growth_tracker = 0;
            } else {
                growth_tracker = successful;
            }
        }
        return current_scale;
    }
};

/// apex/amp/scaler.py.
struct ApexLossScaler {
    double loss_scale = 65536, min_loss_scale = 0;
    int unskipped = 0, scale_seq_len = 2000;

    float update(bool has_overflow) {
        if (has_overflow) {
            loss_scale = min_loss_scale > 0 ? std::max(min_loss_scale, loss_scale / 2) : loss_scale / 2;
            unskipped = 0;
        } else {
            ++unskipped;
        }
        if (unskipped == scale_seq_len) {
            loss_scale = std::min(0x1p24, loss_scale * 2);
            unskipped = 0;
        }
        return static_cast<float>(loss_scale);
    }
};

/// jmp/_src/loss_scale.py, DynamicLossScale.adjust.
struct JmpDynamicLossScale {
    float loss_scale = 32768, min_loss_scale = 1;
    int counter = 0, period = 2000, factor = 2;

    float update(bool found_inf) {
        const bool grads_finite = !found_inf;
        const auto first_finite = [](float a, float b) { return std::isfinite(a) ? a : b; };
        const auto f = static_cast<float>(factor);
        loss_scale = grads_finite ? (counter == period - 1 ? first_finite(loss_scale * f, loss_scale) : loss_scale)
                                  : std::max(min_loss_scale, loss_scale / f);
        counter = ((counter + 1) % period) * (grads_finite ? 1 : 0);
        return loss_scale;
    }
};

/// megatron/core/optimizer/grad_scaler.py, DynamicGradScaler, which only a factor that grows makes patient again.
struct MegatronGradScaler {
    float scale = 4294967296, min_scale = 1;
    int growth_tracker = 0, hysteresis_tracker = 2, hysteresis = 2, growth_interval = 1000;

    float update(bool found_inf) {
        if (found_inf) {
            growth_tracker = 0;
            hysteresis_tracker -= 1;
            if (hysteresis_tracker <= 0) scale = std::max(scale * 0.5F, min_scale);
        } else {
            growth_tracker += 1;
            if (growth_tracker == growth_interval) {
                growth_tracker = 0;
                hysteresis_tracker = hysteresis;
                scale = scale * 2;
            }
        }
        return scale;
    }
};

/// apex/csrc/update_scale_hysteresis.cu, which each good step makes patient again.
struct ApexHysteresis {
    float current_scale = 65536;
    int hysteresis = 3, hysteresis_tracker = 3, growth_tracker = 0, growth_interval = 2000;

    float update(bool found_inf) {
        if (found_inf) {
            hysteresis_tracker -= 1;
            if (hysteresis_tracker > 0) {
                growth_tracker = 0;
                return current_scale;
            }
            current_scale = current_scale * 0.5F;
            growth_tracker = 0;
            return current_scale;
        }
        const int successful = growth_tracker + 1;
        growth_tracker = successful;
        if (successful == growth_interval) {
            if (std::isfinite(current_scale * 2)) current_scale *= 2;
            growth_tracker = 0;
        }
        hysteresis_tracker = hysteresis;
        return current_scale;
    }
};

/// Whether step i has an infinity.
using Sequence = std::function<bool(std::uint64_t)>;

template <class Reference>
void expect_alike(const LossScaling& rule, Reference reference, const Sequence& infinite, std::uint64_t steps) {
    LossScale scale = start(rule);
    for (std::uint64_t i = 0; i < steps; ++i) {
        scale = updated(rule, scale, infinite(i));
        ASSERT_EQ(std::bit_cast<std::uint32_t>(scale.factor),
                  std::bit_cast<std::uint32_t>(reference.update(infinite(i))))
            << rule.name << ", step " << i;
    }
}

/// Rare infinities, none, always, in bursts, and one at the very step on which the factor grows and next to it.
std::vector<Sequence> sequences(std::uint64_t interval) {
    return {[](std::uint64_t i) { return random_bits(7, i) % 1500 == 0; },
            [](std::uint64_t i) { return random_bits(8, i) % 3 == 0; },
            [](std::uint64_t) { return false; },
            [](std::uint64_t) { return true; },
            [](std::uint64_t i) { return i % 700 < 200; },
            [](std::uint64_t i) { return i % 5 < 2; },
            [=](std::uint64_t i) { return i % interval == interval - 1; },
            [=](std::uint64_t i) { return i % (interval + 1) == interval; }};
}

TEST(TrainLossScale, IsTheFrameworksOwn) {
    constexpr std::uint64_t steps = 20000;
    for (const Sequence& s : sequences(2000)) {
        expect_alike(*find_loss_scaling("dynamic"), TorchGradScaler(), s, steps);
        expect_alike(*find_loss_scaling("apex"), ApexLossScaler(), s, steps);
        expect_alike(*find_loss_scaling("jmp"), JmpDynamicLossScale(), s, steps);
    }
    for (const Sequence& s : sequences(1000))
        expect_alike(*find_loss_scaling("megatron"), MegatronGradScaler(), s, steps);
    LossScaling patient = *find_loss_scaling("dynamic");
    patient.hysteresis = 3;
    for (const Sequence& s : sequences(2000)) expect_alike(patient, ApexHysteresis(), s, steps);
    patient.interval = 7;
    for (const Sequence& s : sequences(7)) expect_alike(patient, ApexHysteresis{.growth_interval = 7}, s, steps);
}

TEST(TrainLossScale, TakesOtherFactorsIntervalsAndFloors) {
    LossScaling torch = *find_loss_scaling("gradscaler");
    torch.growth = 1.7;
    torch.backoff = 0.3;
    torch.interval = 3;
    for (const Sequence& s : sequences(3))
        expect_alike(torch, TorchGradScaler{65536, 0, 1.7, 0.3, 3}, s, 2000);  // to infinity, and to 0
    LossScaling apex = *find_loss_scaling("apex");
    apex.interval = 5;
    apex.least = 128;
    for (const Sequence& s : sequences(5)) expect_alike(apex, ApexLossScaler{65536, 128, 0, 5}, s, 2000);
    LossScaling megatron = *find_loss_scaling("megatron");
    megatron.interval = 6;
    megatron.hysteresis = 4;
    for (const Sequence& s : sequences(6))  // grows 90 times: Megatron's own would become infinite
        expect_alike(megatron, MegatronGradScaler{4294967296, 1, 0, 4, 4, 6}, s, 540);
}

TEST(TrainLossScale, StaysWhereItIsStatic) {
    for (const LossScaling& rule : {*find_loss_scaling("none"), static_scale(1024)}) {
        LossScale scale = start(rule);
        for (int i = 0; i < 3000; ++i) scale = updated(rule, scale, i % 2 == 0);
        EXPECT_EQ(scale, start(rule));
        EXPECT_FALSE(rule.dynamic());
    }
}

/// Gradients of many binades, next to powers of two and at them.
Codes gradients() {
    Codes codes = {0, 0x80000000};
    for (int e = -149; e <= 20; ++e)
        for (const float x : {std::ldexp(1.0F, e), std::nextafter(std::ldexp(1.0F, e), 1e30F), -std::ldexp(1.5F, e)})
            codes.push_back(std::bit_cast<std::uint32_t>(x));
    return codes;
}

std::vector<float> numbers(const Codes& codes) {
    std::vector<float> x;
    for (const std::uint64_t c : codes) x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(c)));
    return x;
}

TEST(GradientHistogram, FlushesWhatExercise5Predicts) {
    const auto ascending = magnitudes(gradients());
    GradientHistogram h;
    h.add(numbers(gradients()));
    EXPECT_EQ(h.numbers(), ascending.size());
    for (const Format& f : {binary16, bfloat16, e4m3fn, e5m2})
        for (int k = -30; k <= 160; ++k) {
            const Fates fates = predict_fates(f, ascending, truth::pow2(k));
            EXPECT_EQ(h.flushed(f, k), fates.flushed) << k;
            EXPECT_TRUE(!f.has_inf || h.overflows(f, k) == (fates.overflowed > 0)) << k;
        }
}

TEST(GradientHistogram, OverflowsFromHalfAUnitAboveTheLargestNumberOn) {
    for (const float border : {65520.0F, std::nextafter(65520.0F, 0.0F)}) {
        GradientHistogram h;
        h.add(std::vector{-border});
        EXPECT_EQ(h.overflows(binary16, 0), border == 65520.0F);
        EXPECT_FALSE(h.overflows(binary16, -1));
        EXPECT_TRUE(h.overflows(binary16, 1));
    }
}

TEST(GradientHistogram, AddsUpInAnyOrder) {
    const std::vector<float> x = numbers(gradients());
    GradientHistogram whole, parts, second;
    whole.add(x);
    parts.add(std::span(x).first(100));
    second.add(std::span(x).subspan(100));
    parts.add(second);
    second.add(std::vector{0.0F, INFINITY, NAN, -INFINITY});
    for (int e = -150; e <= 130; ++e) EXPECT_EQ(parts.count(e), whole.count(e));
    EXPECT_EQ(parts.largest(), whole.largest());
    EXPECT_EQ(parts.flushed(binary16, 0), whole.flushed(binary16, 0));
    EXPECT_EQ(second.numbers() + 98, whole.numbers());  // two of the first hundred are 0
}

// With no share allowed the window is exercise 5's, which keeps all.
TEST(ScaleAdvice, KeepsAllWhereExercise5Does) {
    for (const auto& [least, most] : {std::pair{0x1p-30F, 0x1p-3F},
                                      {0x1p-25F, 1.0F},
                                      {0x1.8p-26F, 0x1.ffcp15F},
                                      {0x1p-140F, 0x1p-120F},
                                      {1e-3F, 5e2F}}) {
        GradientHistogram h;
        h.add(std::vector{least, most, -least});
        const auto exact = [](float x) {
            return truth::pow2(std::ilogb(x)) * static_cast<long long>(std::ldexp(x, 23 - std::ilogb(x))) *
                   truth::pow2(-23);
        };
        const Window window = keeping_all(binary16, exact(least), exact(most));
        const ScaleAdvice advice = advise(binary16, h, 0);
        EXPECT_EQ(advice.first, window.first);
        EXPECT_EQ(advice.last, std::min(window.last, 127));  // a factor is a number of binary32
        EXPECT_EQ(advice.possible(), !window.empty());
        if (!advice.possible()) continue;
        EXPECT_LE(advice.best, advice.last);
        EXPECT_GE(advice.best, advice.first);
        EXPECT_EQ(advice.flushed_at_best, 0);
    }
}

TEST(ScaleAdvice, FlushesAtMostTheShare) {
    std::vector<float> x(1000, 1.0F);
    for (std::size_t i = 0; i < 100; ++i) x[i] = std::ldexp(1.0F, -24 - static_cast<int>(i) / 10);
    GradientHistogram h;
    h.add(x);
    const ScaleAdvice all = advise(binary16, h, 0), tenth = advise(binary16, h, 0.05);
    EXPECT_EQ(all.first, 9);    // 2^-33 * 2^9 = 2^-24
    EXPECT_EQ(tenth.first, 4);  // 50 numbers are at most 2^-29
    EXPECT_EQ(tenth.last, 15);
    EXPECT_EQ(tenth.best, 14);
    EXPECT_EQ(all.flushed_unscaled, 0.09);
    GradientHistogram wide;
    wide.add(std::vector{0x1p-40F, 0x1p10F});
    const ScaleAdvice none = advise(binary16, wide, 0);
    EXPECT_FALSE(none.possible());
    EXPECT_EQ(none.best, none.last);
    GradientHistogram least;  // what e4m3 flushes with any factor of binary32
    least.add(std::vector{0x1p-149F, 0x1p-140F});
    EXPECT_FALSE(advise(e4m3fn, least, 0).possible());
    EXPECT_EQ(advise(bfloat16, least, 0).last, 127);
}

}  // namespace
}  // namespace halfulp::train
