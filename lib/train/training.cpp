#include <halfulp/lib/train/training.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <halfulp/lib/train/deployed.hpp>

namespace halfulp::train {
namespace {

constexpr double most_growth = 4;  // of the loss, where it is said to diverge

/// The generator's stream of an epoch's order; that of the first weights is the seed's own.
std::uint64_t order_seed(const Run& run) { return mixed_bits(run.seed); }

/// What takes the factor of the loss out of a gradient.
float inverse_of(float factor) { return static_cast<float>(1.0 / static_cast<double>(factor)); }

bool all_finite(const Parameters& parameters) {
    return std::ranges::all_of(
        parameters, [](const Numbers& p) { return std::ranges::all_of(p, [](float x) { return std::isfinite(x); }); });
}

/// The factor taken out. Whether all are finite, before. Where the optimiser's format is narrower than the numbers, what that
/// rounding flushes is counted, too.
bool unscale(const Policy& policy, float factor, Gradients& gradients) {
    bool finite = true;
    const float inverse = inverse_of(factor);
    for (Numbers& g : gradients.parameters) {
        for (float& x : g) {
            finite = finite && std::isfinite(x);
            x *= inverse;
        }
        const Fates fates = round_to(policy.optimizer, g);
        if (policy.optimizer != binary32) gradients.census.fates += fates;
    }
    return finite;
}

/// Batches of an epoch, in its order: with(batch, number, of).
template <class With>
void each_batch(const Run& run, const Examples& training, std::uint64_t epoch, const With& with) {
    const auto order = order_of_epoch(training.rows(), order_seed(run), epoch);
    const std::size_t batches = (order.size() + run.batch - 1) / run.batch;
    for (std::size_t i = 0; i < batches; ++i) {
        const std::size_t first = i * run.batch;
        const auto rows = std::span(order).subspan(first, std::min(run.batch, order.size() - first));
        with(rows_of(training, rows), i, batches);
    }
}

/// The factor of the loss is why where what takes it out again is infinite, else the learning rate.
Divergence diverged(const Run& run, const State& state, std::string_view found) {
    const std::string where = fmt::format("diverges with {} in epoch {}", run.policy.name, state.epochs.size() + 1);
    const float factor = state.scales.back();
    if (!std::isfinite(inverse_of(factor)))
        return Divergence(fmt::format("loss scale {:g} {}: expected a factor with a finite inverse", factor, where));
    return Divergence(fmt::format("learning rate {:g} {}: expected a loss of at most {:g} times the first, found {}",
                                  run.optimizer.learning_rate, where, most_growth, found));
}
Divergence diverged(const Run& run, const State& state, double loss) {
    return diverged(run, state, std::isnan(loss) ? "NaN" : fmt::format("{:g}", loss));
}

/// Throws Divergence where the optimiser has taken gradients that are not finite, from which no weight comes back: the factor
/// of the loss is why, unless the loss had grown already.
void check_gradients(const Run& run, const State& state, const Step& step, double first) {
    if (step.finite || step.skipped) return;
    if (step.loss > most_growth * first) throw diverged(run, state, step.loss);
    throw Divergence(fmt::format(
        "loss scale {:g} diverges with {} in epoch {}: expected finite gradients of the scaled loss, found infinite ones or NaN",
        state.scales.back(), run.policy.name, state.epochs.size() + 1));
}

double mean_loss(const Run& run, const Parameters& parameters, const Examples& rows) {
    const Numbers y = forward(run.model, run.policy, parameters, rows.x, run.threads).outputs();
    Numbers gradients(y.size());
    return loss_of(run.loss, y, rows.targets, 1, gradients).mean;
}

/// Throws Divergence where the last step left weights that are not finite, or lost what was learnt. A test may be judged worse
/// and worse by a network that has learnt its rows of training by heart: those tell.
void check_last_step(const Run& run, const State& state, const Split& data, double test_loss, double first) {
    if (!std::isfinite(test_loss)) throw diverged(run, state, test_loss);
    if (test_loss <= most_growth * first) return;
    const double loss = mean_loss(run, state.parameters, data.training);
    if (!(loss <= most_growth * first)) throw diverged(run, state, loss);
}

}  // namespace

State start(const Run& run) {
    Parameters parameters = initial_parameters(run.model, run.policy, run.seed);
    OptimizerState optimizer = start(run.optimizer, parameters);
    return {std::move(parameters), std::move(optimizer), start(run.scaling), {}, {}};
}

Step step(const Run& run, State& state, const Examples& batch, const std::vector<Codes>& codes) {
    const Forward f = forward(run.model, run.policy, state.parameters, batch.x, run.threads, codes);
    Numbers of_outputs(f.outputs().size());
    const double loss = loss_of(run.loss, f.outputs(), batch.targets, state.scale.factor, of_outputs).mean;
    Gradients g = backward(run.model, run.policy, state.parameters, f, of_outputs, run.threads);
    const bool finite = unscale(run.policy, state.scale.factor, g);
    const bool skipped = !finite && run.scaling.dynamic();
    if (!skipped)
        step(run.optimizer, run.policy.optimizer, run.policy.parameters, state.optimizer, state.parameters,
             g.parameters);
    state.scales.push_back(state.scale.factor);
    state.scale = updated(run.scaling, state.scale, !finite);
    return {loss, skipped, finite, g.census};
}

void run_epoch(const Run& run, State& state, const Split& data,
               const std::function<void(std::size_t, std::size_t)>& progress) {
    Metrics m{0, 0, 0, 0, {}, 0};
    const double first =
        state.epochs.empty() ? mean_loss(run, state.parameters, data.training) : state.epochs[0].training_loss;
    std::size_t steps = 0;
    const auto codes = run.policy.aware
                           ? input_codes(run.model, state.parameters, run.policy.bits, data.training.x, run.threads)
                           : std::vector<Codes>();
    each_batch(run, data.training, state.epochs.size(), [&](const Examples& batch, std::size_t i, std::size_t batches) {
        const Step s = step(run, state, batch, codes);
        if (!std::isfinite(s.loss)) throw diverged(run, state, s.loss);
        check_gradients(run, state, s, first);
        m.training_loss += s.loss;
        m.skipped += s.skipped ? 1U : 0U;
        m.gradients += s.census.fates;
        steps = batches;
        if (progress) progress(i + 1, batches);
    });
    m.training_loss /= static_cast<double>(steps);
    if (m.training_loss > most_growth * first) throw diverged(run, state, m.training_loss);
    if (!all_finite(state.parameters)) throw diverged(run, state, "a weight that is not finite");
    const Quality q = quality(run, state.parameters, data);
    check_last_step(run, state, data, q.loss, first);
    m.test_loss = q.loss;
    m.right = q.right;
    m.scale = state.scale.factor;
    state.epochs.push_back(m);
}

Quality quality(const Run& run, const Parameters& parameters, const Split& data) {
    const Examples& test = data.test;
    const Numbers y = run.policy.bits > 0
                          ? outputs(deployed(run.model, parameters, run.policy.bits, data.training.x, run.threads),
                                    test.x, run.threads)
                          : forward(run.model, run.policy, parameters, test.x, run.threads).outputs();
    Numbers gradients(y.size());
    const LossOfRows loss = loss_of(run.loss, y, test.targets, 1, gradients);
    return {loss.mean, run.loss == Loss::MeanSquares
                           ? std::numeric_limits<double>::quiet_NaN()
                           : static_cast<double>(loss.right) / static_cast<double>(test.rows())};
}

GradientHistogram wide_gradients(const Run& run, const Parameters& parameters, const Split& data) {
    GradientHistogram all;
    const Policy wide = *find_policy("fp32");
    each_batch(run, data.training, 0, [&](const Examples& batch, std::size_t, std::size_t) {
        const Forward f = forward(run.model, wide, parameters, batch.x, run.threads);
        Numbers of_outputs(f.outputs().size());
        loss_of(run.loss, f.outputs(), batch.targets, 1, of_outputs);
        all.add(backward(run.model, wide, parameters, f, of_outputs, run.threads).census.before);
    });
    return all;
}

GradientHistogram rehearsed_gradients(const Run& run, const Split& data) {
    GradientHistogram all;
    Run wide = run;
    wide.policy = *find_policy("fp32");
    wide.scaling = static_scale(1);
    State state = start(wide);
    each_batch(run, data.training, 0, [&](const Examples& batch, std::size_t, std::size_t) {
        all.add(step(wide, state, batch).census.before);
    });
    return all;
}

LossScaling advised_scale(const Run& run, const Split& data, double share) {
    const Format& f = run.policy.results;
    if (f.emax() == binary32.emax()) return static_scale(1);
    const GradientHistogram gradients = rehearsed_gradients(run, data);
    if (gradients.numbers() == 0) return static_scale(1);
    return static_scale(std::ldexp(1.0F, advise(f, gradients, share).best));
}

}  // namespace halfulp::train
