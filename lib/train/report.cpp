#include <halfulp/lib/train/report.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace halfulp::train {
namespace {

using Json = nlohmann::ordered_json;

/// Of all epochs.
struct Total {
    Fates gradients;
    std::uint64_t skipped = 0;
};
Total total_of(const State& state) {
    Total t;
    for (const Metrics& m : state.epochs) {
        t.gradients += m.gradients;
        t.skipped += m.skipped;
    }
    return t;
}

std::string percent(double share) { return fmt::format("{:.3g} %", 100 * share); }

/// Gradients that stay in binary32, or are all 0, need none.
std::string advice_text(const Trained& t, const GradientHistogram& gradients) {
    if (t.run.policy.results == binary32 || gradients.numbers() == 0) return "-";
    const ScaleAdvice advice = t.advice(gradients);
    return advice.possible() ? fmt::format("2^{} to 2^{}", advice.first, advice.last)
                             : fmt::format("at most 2^{}", advice.last);
}

Json number_or_null(double x) { return std::isfinite(x) ? Json(x) : Json(nullptr); }

Json json_of(const Metrics& m, std::size_t epoch) {
    return {{"epoch", epoch},
            {"training loss", m.training_loss},
            {"test loss", m.test_loss},
            {"right", number_or_null(m.right)},
            {"gradients", m.gradients.numbers},
            {"flushed", m.gradients.flushed},
            {"overflowed", m.gradients.overflowed},
            {"skipped steps", m.skipped},
            {"loss scale", m.scale}};
}

/// Null where all gradients are 0.
Json advice_json(const Trained& t, const GradientHistogram& gradients) {
    if (gradients.numbers() == 0) return nullptr;
    const ScaleAdvice advice = t.advice(gradients);
    return {{"first exponent", advice.first},
            {"last exponent", advice.last},
            {"best exponent", advice.best},
            {"flushed unscaled", advice.flushed_unscaled},
            {"flushed at best", advice.flushed_at_best}};
}

Json json_of(const Trained& t) {
    Json epochs = Json::array();
    for (std::size_t i = 0; i < t.state.epochs.size(); ++i) epochs.push_back(json_of(t.state.epochs[i], i + 1));
    Json json = {{"policy", t.run.policy.name},
                 {"description", t.run.policy.description},
                 {"sizes", t.run.model.sizes},
                 {"activation", row_of(t.run.model.activation).name},
                 {"optimizer", row_of(t.run.optimizer.kind).name},
                 {"learning rate", t.run.optimizer.learning_rate},
                 {"batch", t.run.batch},
                 {"seed", t.run.seed},
                 {"bytes per parameter", bytes_per_parameter(t.run.policy, row_of(t.run.optimizer.kind).states)},
                 {"loss scaling", t.run.scaling.name},
                 {"advice before training", advice_json(t, t.first_gradients)},
                 {"advice after training", advice_json(t, t.last_gradients)},
                 {"epochs", epochs},
                 {"loss scale of each step", t.state.scales}};
    if (t.seconds > 0) json["seconds"] = t.seconds;
    return json;
}

}  // namespace

std::string scale_text(float factor) {
    int exponent = 0;
    return std::frexp(factor, &exponent) == 0.5F ? fmt::format("2^{}", exponent - 1) : fmt::format("{:g}", factor);
}

Table summary(std::span<const Trained> runs, std::span<const Lost> lost) {
    Table table = {{"policy", "training loss", "test loss", "right", "flushed", "overflowed", "skipped", "scale",
                    "advised first", "advised last", "bytes"}};
    const bool timed = !runs.empty() && runs[0].seconds > 0;
    if (timed) table[0].emplace_back("seconds");
    for (const Trained& t : runs) {
        const Metrics& m = t.state.epochs.back();
        const Total total = total_of(t.state);
        table.push_back(
            {std::string(t.run.policy.name), fmt::format("{:.4f}", m.training_loss), fmt::format("{:.4f}", m.test_loss),
             t.has_labels() ? fmt::format("{:.1f} %", 100 * m.right) : "-", percent(total.gradients.flushed_share()),
             fmt::format("{}", total.gradients.overflowed), fmt::format("{}", total.skipped), scale_text(m.scale),
             advice_text(t, t.first_gradients), advice_text(t, t.last_gradients),
             fmt::format("{}", bytes_per_parameter(t.run.policy, row_of(t.run.optimizer.kind).states))});
        if (timed) table.back().push_back(fmt::format("{:.2f}", t.seconds));
    }
    for (const Lost& l : lost) table.push_back({std::string(l.policy), "diverges"});
    return table;
}

std::string to_json(std::span<const Trained> runs, std::span<const Lost> lost, std::string_view data) {
    Json json = {{"data", data}, {"runs", Json::array()}, {"diverged", Json::array()}};
    for (const Trained& t : runs) json["runs"].push_back(json_of(t));
    for (const Lost& l : lost) json["diverged"].push_back({{"policy", l.policy}, {"why", l.why}});
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';  // names of files are any bytes
}

std::string to_csv(std::span<const Trained> runs) {
    std::string csv =
        "policy,epoch,training_loss,test_loss,right,gradients,flushed,overflowed,skipped_steps,loss_scale\n";
    for (const Trained& t : runs)
        for (std::size_t i = 0; i < t.state.epochs.size(); ++i) {
            const Metrics& m = t.state.epochs[i];
            csv += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", t.run.policy.name, i + 1, m.training_loss,
                               m.test_loss, t.has_labels() ? fmt::format("{}", m.right) : "", m.gradients.numbers,
                               m.gradients.flushed, m.gradients.overflowed, m.skipped, m.scale);
        }
    return csv;
}

}  // namespace halfulp::train
