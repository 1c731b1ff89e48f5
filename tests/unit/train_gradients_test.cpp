// Claim: what a policy flushes and overflows of a step's gradients is predicted, and factors of the loss are advised, exactly of
// the gradients that the prediction is of; in training the advice is kept.
// Oracle: exercise 5's exact rationals for what is flushed, and storing the gradients that an advice is of. Shared: nothing with
// exercise 5.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include <halfulp/lib/exercise/loss_scaling/window_question.h>
#include <halfulp/lib/train/product.hpp>

#include "support/digits_training.hpp"

namespace halfulp::train {
namespace {

/// Numbers in memory, as rows and columns of a product.
struct Strided {
    const Numbers& x;
    std::size_t row, column;
    float operator()(std::size_t i, std::size_t j) const { return x[i * row + j * column]; }
};
/// Sums of products in ascending k: fused multiply-adds in binary32, or each product and each sum rounded to binary16, which
/// binary32 in between does not change: it has the 2 * 11 + 2 bits that this takes.
Numbers chained(const Format& sums, const Strided& a, const Strided& b, std::size_t m, std::size_t n, std::size_t k) {
    const auto narrow = [&](float x, float y, float z) {
        return rounded(sums, rounded(sums, double{x} * y) + double{z});
    };
    Numbers c(m * n, 0.0F);
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t l = 0; l < k; ++l)
                c[i * n + j] = sums == binary32 ? std::fma(a(i, l), b(l, j), c[i * n + j])
                                                : narrow(a(i, l), b(l, j), c[i * n + j]);
    return c;
}

Numbers times_power(Numbers x, int k) {
    for (float& number : x) number = std::ldexp(number, k);
    return x;
}

/// An operand of a product, before it is rounded. Scaled so that its largest number is the format's, if that has 8 bits.
struct Operand {
    Numbers x;
    float unit = 1;  ///< what a 1 stands for

    Operand(const Format& f, Numbers numbers) : x(std::move(numbers)) {
        if (f.width != 8) return;
        const float scale = current_scale(f, x), largest = f == e4m3fn ? 448.0F : 57344.0F;
        for (float& number : x) number = std::clamp(number * scale, -largest, largest);
        unit = 1 / scale;
    }
    Operand rounded_to(const Format& f) const {
        Operand all = *this;
        round_to(f, all.x);
        return all;
    }
};

/// The gradients of a network on a batch, each tensor's from those upstream as the visitor returned them, and without the
/// factor 2^k: it slides sums in binary32, and is put on the operands of others. The visitor sees tensors as products leave
/// them, operands of products, and gradients of parameters as they were stored.
template <class Visitor>
void visit_gradients(const train::Run& run, const Parameters& parameters, const Examples& batch, int k,
                     Visitor& visitor) {
    const Policy& p = run.policy;
    const int slide = p.accumulate == binary32 ? 0 : k;
    const Forward forward = train::forward(run.model, p, parameters, batch.x, 1);
    Numbers dz(forward.outputs().size());
    loss_of(run.loss, forward.outputs(), batch.targets, 1, dz);
    dz = visitor.stored(dz);
    for (std::size_t l = run.model.layers(); l-- > 0;) {
        const std::size_t rows = batch.rows(), in = run.model.sizes[l], out = run.model.sizes[l + 1];
        const Numbers ones(rows, 1.0F), slid = times_power(dz, slide);
        const Operand gradients(p.gradients, slid), d = gradients.rounded_to(p.gradients);
        const Operand x = Operand(p.compute, forward.inputs[l]).rounded_to(p.compute);
        const Operand weights = Operand(p.compute, parameters[2 * l]).rounded_to(p.compute);
        visitor.operand(gradients.x);
        const auto summed = [&](const Strided& a, const Strided& b, float unit, std::array<std::size_t, 3> sizes) {
            Numbers c = chained(p.accumulate, a, b, sizes[0], sizes[1], sizes[2]);
            for (float& number : c) number *= unit;
            return visitor.stored(times_power(c, -slide));
        };
        visitor.of_parameters(summed({x.x, 1, in}, {d.x, out, 1}, x.unit * d.unit, {in, out, rows}));
        visitor.of_parameters(summed({ones, rows, 1}, {slid, out, 1}, 1, {1, out, rows}));
        if (l == 0) break;
        dz = summed({d.x, out, 1}, {weights.x, 1, out}, d.unit * weights.unit, {rows, in, out});
        for (std::size_t i = 0; i < dz.size(); ++i) dz[i] *= row_of(run.model.activation).slope(forward.z[l - 1][i]);
        dz = visitor.stored(dz);
    }
}

/// Predicts what a policy makes of them: 2^k is taken out of what is stored, exactly, and exercise 5 is told of it.
class Prediction {
  public:
    Prediction(const Policy& policy, int k) : policy_(policy), k_(k) {}
    train::Fates of_results, of_operands, of_optimizer;

    Numbers stored(const Numbers& unscaled) {
        count(policy_.results, unscaled, k_, of_results);
        Numbers scaled = times_power(unscaled, k_);
        round_to(policy_.results, scaled);
        return times_power(scaled, -k_);
    }
    void operand(const Numbers& x) {
        if (policy_.gradients != policy_.results) count(policy_.gradients, x, 0, of_operands);
    }
    void of_parameters(const Numbers& x) {
        if (policy_.optimizer != binary32) count(policy_.optimizer, x, 0, of_optimizer);
    }
    train::Fates all() const {
        train::Fates sum = of_results;
        sum += of_operands;
        return sum += of_optimizer;
    }

  private:
    static void count(const Format& f, const Numbers& x, int k, train::Fates& to) {
        halfulp::Codes codes;
        for (const float number : x)
            if (std::isfinite(number)) codes.push_back(std::bit_cast<std::uint32_t>(number));
        const auto ascending = magnitudes(codes);
        const auto fates = predict_fates(f, ascending, truth::pow2(k));
        to += {ascending.size(), fates.flushed, fates.overflowed};
    }
    Policy policy_;
    int k_;
};

/// Holds two steps from a state on against their predictions, and returns the sum of these.
Prediction expect_predicted(const train::Run& run, State state, int k) {
    std::vector<std::size_t> first(16);
    std::iota(first.begin(), first.end(), std::size_t{0});
    const Examples batch = rows_of(digits().training, first);
    Prediction sum(run.policy, k);
    for (int i = 0; i < 2; ++i) {
        Prediction predicted(run.policy, k);
        visit_gradients(run, state.parameters, batch, k, predicted);
        const Step s = step(run, state, batch);
        EXPECT_EQ(s.census.fates, predicted.all()) << run.policy.name << k;
        EXPECT_EQ(s.census.before.flushed(run.policy.results, 0), predicted.of_results.flushed) << run.policy.name << k;
        EXPECT_EQ(s.census.before.numbers(), predicted.of_results.numbers) << run.policy.name << k;
        sum.of_results += predicted.of_results;
        sum.of_operands += predicted.of_operands;
        sum.of_optimizer += predicted.of_optimizer;
        if (predicted.of_results.overflowed > 0) break;  // the weights are infinite
    }
    return sum;
}

// Exactly, in every tensor: the factor slides what is rounded, and rounds nothing itself.
TEST(TrainGradients, FlushesWhatWasPredicted) {
    for (const char* policy : {"fp16", "fp16-no-master", "fp16-pure", "bf16", "bf16-no-master", "fp8"}) {
        Prediction sum(*find_policy(policy), 0);
        for (const ActivationRow& activation : activations) {
            auto run = digits_run(policy);
            run.model = {{64, 12, 8, 10}, activation.value};
            State learnt = after(run, 1);  // whose gradients are as small as e5m2 flushes them
            for (const int k : {0, -18, 12, 24}) {
                learnt.scale.factor = std::ldexp(1.0F, k);
                const Prediction predicted = expect_predicted(run, learnt, k);
                sum.of_results += predicted.of_results;
                sum.of_operands += predicted.of_operands;
                sum.of_optimizer += predicted.of_optimizer;
            }
        }
        const Policy p = *find_policy(policy);
        EXPECT_EQ(sum.of_results.flushed > 1000, p.results == binary16) << policy;
        EXPECT_EQ(sum.of_results.overflowed > 0, p.results == binary16) << policy;
        EXPECT_EQ(sum.of_operands.flushed > 0, p.gradients == e5m2) << policy;
    }
}

// One row, y = 0 and a target of -2^-30: the gradients of y, weight and bias are 2^-29, which 2^16 keeps in fp16 until it is
// taken out again. An optimiser in fp32 keeps what one in fp16 flushes.
TEST(TrainGradients, CountsWhatTheOptimisersFormatFlushes) {
    const Examples row{1, {1}, {-0x1p-30F}};
    for (const auto& [policy, numbers, flushed] : {std::tuple{"fp16-pure", 5U, 2U}, {"fp16-no-master", 3U, 0U}}) {
        train::Run run{{{1, 1}, Activation::Relu}, *find_policy(policy), Loss::MeanSquares};
        run.scaling = static_scale(0x1p16F);
        State state = start(run);
        state.parameters[0] = {0};
        const Step s = step(run, state, row);
        EXPECT_EQ(s.census.fates, (train::Fates{numbers, flushed, 0})) << policy;
        EXPECT_EQ(s.census.before.numbers(), 3U) << policy;
        EXPECT_EQ(state.optimizer.first[1][0] == 0, flushed > 0) << policy;
    }
}

/// All of them, as products leave them.
struct Collected {
    Numbers all;

    Numbers stored(const Numbers& x) {
        all.insert(all.end(), x.begin(), x.end());
        return x;
    }
    void operand(const Numbers&) {}
    void of_parameters(const Numbers&) {}
};

constexpr double share = 0.001;

// What the advice promises is told of the gradients of the first epoch in fp32: stored in fp16, they keep it to the number.
TEST(TrainGradients, AdvisesExactlyOfTheRehearsal) {
    for (const ActivationRow& activation : activations) {
        auto run = digits_run("fp32");
        run.model.activation = activation.value;
        State state = start(run);
        Collected gradients;
        const auto order = order_of_epoch(digits().training.rows(), mixed_bits(run.seed), 0);
        for (std::size_t i = 0; i < order.size(); i += run.batch) {
            const Examples batch =
                rows_of(digits().training, std::span(order).subspan(i, std::min(run.batch, order.size() - i)));
            visit_gradients(run, state.parameters, batch, 0, gradients);
            step(run, state, batch);
        }
        auto narrow = digits_run("fp16");
        narrow.model = run.model;
        const GradientHistogram rehearsed = rehearsed_gradients(narrow, digits());
        const ScaleAdvice advice = advise(binary16, rehearsed, share);
        ASSERT_TRUE(advice.possible());
        for (const int k : {advice.first - 1, advice.first, advice.best, advice.last, advice.last + 1}) {
            Numbers scaled = times_power(gradients.all, k);
            const train::Fates fates = round_to(binary16, scaled);
            EXPECT_EQ(fates.numbers, rehearsed.numbers());
            EXPECT_EQ(fates.flushed, rehearsed.flushed(binary16, k)) << k;
            EXPECT_EQ(fates.flushed_share() <= share, k >= advice.first) << k;
            EXPECT_EQ(fates.overflowed == 0, k <= advice.last) << k;
        }
    }
}

/// What becomes of the gradients of a first epoch with 2^k.
train::Fates first_epoch(train::Run run, int k) {
    run.scaling = static_scale(std::ldexp(1.0F, k));
    return after(run, 1).epochs[0].gradients;
}

// Training itself rounds on its way, so that its gradients are not quite those of the rehearsal: measured, in every run.
TEST(TrainGradients, KeepsWhatTheAdviceSays) {
    for (const char* policy : {"fp16", "fp16-no-master", "fp16-pure"})
        for (const ActivationRow& activation : activations)
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                auto run = digits_run(policy);
                run.model.activation = activation.value;
                run.seed = seed;
                const ScaleAdvice advice = advise(binary16, rehearsed_gradients(run, digits()), share);
                for (const int k : {advice.first, advice.last}) {
                    const train::Fates fates = first_epoch(run, k);
                    EXPECT_LE(fates.flushed_share(), share) << policy << activation.name << seed << ' ' << k;
                    EXPECT_EQ(fates.overflowed, 0U) << policy << activation.name << seed << ' ' << k;
                }
                if (run.policy.name != "fp16") continue;
                EXPECT_GT(first_epoch(run, advice.first - 1).flushed_share(), share) << activation.name << seed;
                run.scaling = *find_loss_scaling("dynamic");  // with a static one the weights would be infinite
                run.scaling.initial = std::ldexp(1.0F, advice.last + 1);
                EXPECT_GT(after(run, 1).epochs[0].gradients.overflowed, 0U) << activation.name << seed;
            }
}

TEST(TrainGradients, TakesTheBestOfTheAdvice) {
    const auto run = digits_run("fp16");
    const ScaleAdvice advice = advise(binary16, rehearsed_gradients(run, digits()), share);
    EXPECT_EQ(advised_scale(run, digits(), share).initial, std::ldexp(1.0F, advice.best));
    EXPECT_EQ(advised_scale(digits_run("bf16"), digits(), share).initial, 1);
    LossScaling above = *find_loss_scaling("dynamic");  // which comes down to what the advice says
    above.initial = std::ldexp(1.0F, advice.last + 3);
    const State found = after(digits_run("fp16", above), 1);
    EXPECT_GT(found.epochs[0].gradients.overflowed, 0U);
    EXPECT_EQ(found.epochs[0].skipped, static_cast<std::uint64_t>(advice.last + 3 - std::ilogb(found.scale.factor)));
    EXPECT_LE(std::ilogb(found.scale.factor), advice.last);
    EXPECT_GE(std::ilogb(found.scale.factor), advice.best);
}

}  // namespace
}  // namespace halfulp::train
