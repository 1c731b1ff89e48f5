// Claim: the optimisers update as their definitions say, in every policy, and lose the updates that rounding loses and no others.
// Oracle: the emulator, one scalar after another; sums that binary64 has exactly, rounded twice. Shared: the formats and the
// policies' rows.
#include <gtest/gtest.h>

#include <cmath>

#include <halfulp/lib/train/optimizer.hpp>
#include <halfulp/lib/train/product.hpp>

#include "support/emulated_numbers.hpp"

namespace halfulp::train {
namespace {

/// Adam and SGD, one parameter, by the emulator.
struct Scalar {
    Format f;
    float m = 0, v = 0;
    double t = 0;

    float constant(double x) const { return to(f, static_cast<float>(x)); }
    float sgd(const OptimizerOptions& o, float w, float g) {
        v = by(Operation::Add, f, by(Operation::Mul, f, v, constant(o.momentum)), g);
        return by(Operation::Sub, f, w, by(Operation::Mul, f, v, constant(o.learning_rate)));
    }
    float adam(const OptimizerOptions& o, float w, float g) {
        t += 1;
        m = by(Operation::Add, f, by(Operation::Mul, f, m, constant(o.beta1)),
               by(Operation::Mul, f, g, constant(1 - o.beta1)));
        v = by(Operation::Add, f, by(Operation::Mul, f, v, constant(o.beta2)),
               by(Operation::Mul, f, by(Operation::Mul, f, g, g), constant(1 - o.beta2)));
        const float root =
            by(Operation::Div, f, by(Operation::Sqrt, f, v), constant(std::sqrt(1 - std::pow(o.beta2, t))));
        const float quotient = by(Operation::Div, f, m, by(Operation::Add, f, root, constant(o.epsilon)));
        return by(Operation::Sub, f, w,
                  by(Operation::Mul, f, quotient, constant(o.learning_rate / (1 - std::pow(o.beta1, t)))));
    }
};

TEST(TrainOptimizer, UpdatesAsTheEmulatorDoes) {
    for (const OptimizerRow& row : optimizers)
        for (const auto& [arithmetic, stored] :
             {std::pair{binary32, binary32}, {binary32, binary16}, {binary16, binary16}, {bfloat16, bfloat16}}) {
            const OptimizerOptions o{row.value, 0.05, 0.9, 0.9, 0.999, 1e-3};
            Parameters p = {drawn(20, 31)};
            round_to(stored, p[0]);
            OptimizerState state = start(o, p);
            EXPECT_EQ(state.second.size(), row.states > 1 ? 1U : 0U);
            Numbers expected = p[0];
            std::vector<Scalar> scalars(20, Scalar{arithmetic});
            for (std::uint64_t t = 0; t < 3; ++t) {
                Numbers g = drawn(20, 40 + t);
                round_to(arithmetic, g);
                step(o, arithmetic, stored, state, p, {g});
                for (std::size_t i = 0; i < 20; ++i) {
                    Scalar& s = scalars[i];
                    expected[i] = to(stored, row.value == Optimizer::Sgd ? s.sgd(o, expected[i], g[i])
                                                                         : s.adam(o, expected[i], g[i]));
                    EXPECT_EQ(bits(p[0][i]), bits(expected[i])) << row.name << ' ' << t << ' ' << i;
                }
            }
        }
}

/// A number at most 2 and not below 1/2, exact in binary64, to so many bits, ties to even.
double to_bits(int precision, double x) {
    const int unit = std::ilogb(x) - (precision - 1);
    return std::ldexp(std::nearbyint(std::ldexp(x, -unit)), unit);
}

/// The least update of which 1 moves is just above `up`, or `down`.
struct Borders {
    const char* policy;
    int arithmetic, stored;  ///< bits of the sum, and of what is kept of it
    float up, down;
};

// 1 +- d is rounded to the optimiser's format, and then to that of the weights. A sum that lies half-way after the first goes
// back to 1, which is even; so does, in the first one, a sum half-way between that number and its neighbour.
TEST(TrainOptimizer, LosesUpdatesUpToTheBorderAndNoneAboveIt) {
    constexpr float half_ulp = 0x1p-24F;  // of binary32 from 1 on; half of it below
    for (const Borders& b : {Borders{"fp32", 24, 24, half_ulp, half_ulp / 2},
                             {"fp16", 24, 24, half_ulp, half_ulp / 2},
                             {"bf16", 24, 24, half_ulp, half_ulp / 2},
                             {"fp16-no-master", 24, 11, 0x1p-11F + half_ulp, 0x1p-12F + half_ulp / 2},
                             {"bf16-no-master", 24, 8, 0x1p-8F + half_ulp, 0x1p-9F + half_ulp / 2},
                             {"fp16-pure", 11, 11, 0x1p-11F, 0x1p-12F}}) {
        const Policy p = *find_policy(b.policy);
        const auto updated = [&](float d) {
            Parameters w = {{1}};
            const OptimizerOptions plain{Optimizer::Sgd, 1, 0};
            OptimizerState state = start(plain, w);
            step(plain, p.optimizer, p.parameters, state, w, {{-d}});
            return w[0][0];
        };
        for (const float border : {b.up, -b.down}) {
            // The next number of the optimiser's format, in which gradients are.
            const float above = border + std::ldexp(border, 1 - b.arithmetic);
            EXPECT_EQ(updated(border), 1) << b.policy << ' ' << border;
            EXPECT_NE(updated(above), 1) << b.policy << ' ' << border;
            for (int i = -40; i <= 40; ++i) {
                const float d = to(p.optimizer, border * (1 + std::ldexp(static_cast<float>(i), 1 - b.arithmetic)));
                const double sum = to_bits(b.arithmetic, 1 + static_cast<double>(d));
                EXPECT_EQ(static_cast<double>(updated(d)), to_bits(b.stored, sum)) << b.policy << ' ' << d;
            }
        }
    }
}

}  // namespace
}  // namespace halfulp::train
