#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <functional>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/onnx/element.h>
#include <halfulp/lib/onnx/operators/operators.h>
#include <halfulp/lib/io/text_file.hpp>

// One step of an optimiser (ai.onnx.preview.training, version 1), in binary64 and rounded once: the pseudo code of the
// specification, a line a line.

namespace halfulp::onnx {
namespace {

/// A weight, and what the optimiser remembers of it: up to two numbers.
struct Weight {
    double x;
    std::array<double, 2> state;
};

/// The step, given the gradient.
using Step = std::function<Weight(const Weight&, double gradient)>;

/// The only element of an input.
const Tensor& single(const Call& call, std::size_t i) {
    const Tensor& tensor = call.input(i);
    if (tensor.codes.size() != 1)
        throw InputError(fmt::format("input {}: expected a scalar, found {} elements", i, tensor.codes.size()));
    return tensor;
}

double rate(const Call& call) { return doubles_of(single(call, 0))[0]; }
double updates(const Call& call) { return doubles_of(single(call, 1))[0]; }

/// What Graph has for a float attribute. Throws InputError if it is missing.
double required(const Call& call, const std::string& name) {
    if (!call.has(name)) throw InputError(fmt::format("attribute {}: expected a float, found none", name));
    return double{call.number(name, 0)};
}

/// The tensors of one weight: it, its gradient, and `states` others.
struct Group {
    std::vector<const Tensor*> inputs;
    std::vector<Tensor> outputs;  ///< without the gradient
};

void take(Group& group, const Step& step) {
    std::vector<std::vector<double>> in;
    for (const Tensor* tensor : group.inputs) {
        if (tensor->shape != group.inputs[0]->shape) throw InputError("expected tensors of one shape for a weight");
        in.push_back(doubles_of(*tensor));
    }
    const std::size_t states = group.inputs.size() - 2;
    group.outputs.assign(states + 1, *group.inputs[0]);
    const Format& format = format_of(*group.inputs[0], "weights");
    for (std::size_t i = 0; i < in[0].size(); ++i) {
        Weight weight{.x = in[0][i], .state = {}};
        for (std::size_t k = 0; k < states; ++k) weight.state[k] = in[2 + k][i];
        const Weight next = step(weight, in[1][i]);
        group.outputs[0].codes[i] = code_of(format, next.x);
        for (std::size_t k = 0; k < states; ++k) group.outputs[1 + k].codes[i] = code_of(format, next.state[k]);
    }
}

/// Inputs R, T, all weights, all gradients, all first states, all second ones; outputs likewise, without gradients.
std::vector<Tensor> each_weight(const Call& call, std::size_t states, const Step& step) {
    const std::size_t kinds = 2 + states, given = call.inputs.size() < 2 ? 0 : call.inputs.size() - 2;
    if (given == 0 || given % kinds != 0)
        throw InputError(
            fmt::format("expected R, T and {} tensors for each weight, found {} inputs", kinds, call.inputs.size()));
    const std::size_t weights = given / kinds;
    std::vector<Tensor> outputs((states + 1) * weights);
    for (std::size_t i = 0; i < weights; ++i) {
        Group group;
        for (std::size_t kind = 0; kind < kinds; ++kind) group.inputs.push_back(&call.input(2 + kind * weights + i));
        take(group, step);
        for (std::size_t k = 0; k <= states; ++k) outputs[k * weights + i] = group.outputs[k];
    }
    return outputs;
}

}  // namespace

std::vector<Tensor> adagrad(const Call& call) {
    const double norm = double{call.number("norm_coefficient", 0)}, epsilon = double{call.number("epsilon", 1e-6F)};
    const double r = rate(call) / (1 + updates(call) * double{call.number("decay_factor", 0)});
    return each_weight(call, 1, [&](const Weight& w, double gradient) {
        const double g = norm * w.x + gradient;
        const double h = w.state[0] + g * g;
        return Weight{w.x - r * g / (std::sqrt(h) + epsilon), {h}};
    });
}

std::vector<Tensor> adam(const Call& call) {
    const double alpha = double{call.number("alpha", 0.9F)}, beta = double{call.number("beta", 0.999F)};
    const double norm = double{call.number("norm_coefficient", 0)}, epsilon = double{call.number("epsilon", 1e-6F)};
    const double norm_post = double{call.number("norm_coefficient_post", 0)};
    const double r = rate(call), t = updates(call);
    const double adjusted = t > 0 ? r * std::sqrt(1 - std::pow(beta, t)) / (1 - std::pow(alpha, t)) : r;
    return each_weight(call, 2, [&](const Weight& w, double gradient) {
        const double g = norm * w.x + gradient;
        const double v = alpha * w.state[0] + (1 - alpha) * g;
        const double h = beta * w.state[1] + (1 - beta) * g * g;
        const double x = w.x - adjusted * v / (std::sqrt(h) + epsilon);
        return Weight{(1 - norm_post) * x, {v, h}};
    });
}

std::vector<Tensor> momentum(const Call& call) {
    const double alpha = required(call, "alpha"), norm = required(call, "norm_coefficient");
    const double beta = updates(call) > 0 ? required(call, "beta") : 1, r = rate(call);
    const std::string mode = call.text("mode", "");
    if (mode != "standard" && mode != "nesterov")
        throw InputError("attribute mode: expected standard or nesterov, found " + shown(mode));
    return each_weight(call, 1, [&](const Weight& w, double gradient) {
        const double g = norm * w.x + gradient;
        const double v = alpha * w.state[0] + beta * g;
        return Weight{w.x - r * (mode == "standard" ? v : g + alpha * v), {v}};
    });
}

}  // namespace halfulp::onnx
