#include <halfulp/lib/train/optimizer.hpp>

#include <cmath>

namespace halfulp::train {
namespace {

/// Operations of a format, with constants that are rounded to it.
class Arithmetic {
  public:
    explicit Arithmetic(const Format& f) : f_(f) {}

    Numbers add(const Numbers& a, const Numbers& b) const { return computed(Operation::Add, f_, a, b); }
    Numbers add(const Numbers& a, double b) const { return computed(Operation::Add, f_, a, constant(b)); }
    Numbers sub(const Numbers& a, const Numbers& b) const { return computed(Operation::Sub, f_, a, b); }
    Numbers mul(const Numbers& a, const Numbers& b) const { return computed(Operation::Mul, f_, a, b); }
    Numbers mul(const Numbers& a, double b) const { return computed(Operation::Mul, f_, a, constant(b)); }
    Numbers div(const Numbers& a, const Numbers& b) const { return computed(Operation::Div, f_, a, b); }
    Numbers div(const Numbers& a, double b) const { return computed(Operation::Div, f_, a, constant(b)); }
    Numbers sqrt(const Numbers& a) const { return computed(Operation::Sqrt, f_, a); }

  private:
    Numbers constant(double x) const { return {rounded(f_, x)}; }
    Format f_;
};

/// How far a parameter goes down.
Numbers sgd(const OptimizerOptions& o, const Arithmetic& in, Numbers& v, const Numbers& g) {
    v = in.add(in.mul(v, o.momentum), g);
    return in.mul(v, o.learning_rate);
}

Numbers adam(const OptimizerOptions& o, const Arithmetic& in, std::uint64_t t, Numbers& m, Numbers& v,
             const Numbers& g) {
    const auto steps = static_cast<double>(t);
    m = in.add(in.mul(m, o.beta1), in.mul(g, 1 - o.beta1));
    v = in.add(in.mul(v, o.beta2), in.mul(in.mul(g, g), 1 - o.beta2));
    const Numbers root = in.div(in.sqrt(v), std::sqrt(1 - std::pow(o.beta2, steps)));
    return in.mul(in.div(m, in.add(root, o.epsilon)), o.learning_rate / (1 - std::pow(o.beta1, steps)));
}

}  // namespace

OptimizerState start(const OptimizerOptions& options, const Parameters& parameters) {
    OptimizerState state;
    for (const Numbers& p : parameters) {
        state.first.emplace_back(p.size(), 0.0F);
        if (row_of(options.kind).states > 1) state.second.emplace_back(p.size(), 0.0F);
    }
    return state;
}

void step(const OptimizerOptions& options, const Format& arithmetic, const Format& stored, OptimizerState& state,
          Parameters& parameters, const Parameters& gradients) {
    const Arithmetic in(arithmetic);
    ++state.steps;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Numbers down = options.kind == Optimizer::Sgd
                                 ? sgd(options, in, state.first[i], gradients[i])
                                 : adam(options, in, state.steps, state.first[i], state.second[i], gradients[i]);
        parameters[i] = in.sub(parameters[i], down);
        round_to(stored, parameters[i]);
    }
}

}  // namespace halfulp::train
