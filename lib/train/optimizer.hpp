#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <halfulp/lib/train/numbers.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp::train {

/// How gradients change parameters; the rows say what each does.
enum class Optimizer : std::uint8_t { Sgd, Adam };

/// A row of the table of optimisers.
struct OptimizerRow {
    std::string_view name;        ///< as the program takes it
    Optimizer value;              ///< which one
    int states;                   ///< numbers that it remembers a parameter
    Aliases aliases;              ///< other names
    std::string_view definition;  ///< of a parameter w with gradient g
};

/// Every operation is rounded, in the order that is written, and lr, mu, ... are rounded first; the new w is rounded to the
/// format of the parameters.
inline constexpr std::array optimizers = {
    OptimizerRow{"sgd",
                 Optimizer::Sgd,
                 1,
                 {},
                 "v = mu * v + g; w = w - lr * v (PyTorch's SGD without dampening, with momentum mu)"},
    OptimizerRow{
        "adam",
        Optimizer::Adam,
        2,
        {},
        "m = b1 * m + (1 - b1) * g; v = b2 * v + (1 - b2) * (g * g); w = w - a * (m / (sqrt(v) / c + eps)), with "
        "a = lr / (1 - b1^t) and c = sqrt(1 - b2^t) by binary64 (PyTorch's Adam)"},
};

/// The row of an optimiser.
constexpr const OptimizerRow& row_of(Optimizer optimizer) { return optimizers[static_cast<std::size_t>(optimizer)]; }

/// An optimiser with the constants of its definition.
struct OptimizerOptions {
    Optimizer kind = Optimizer::Sgd;                    ///< which one
    double learning_rate = 0.1;                         ///< lr
    double momentum = 0.9;                              ///< mu, of Sgd
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  ///< b1, b2 and eps, of Adam
};

/// Arrays as the parameters have them; `second` of Adam alone.
struct OptimizerState {
    std::uint64_t steps = 0;             ///< that are done: t
    std::vector<Numbers> first, second;  ///< v of Sgd, m of Adam; v of Adam

    friend bool operator==(const OptimizerState&, const OptimizerState&) = default;
};

/// Zeros.
OptimizerState start(const OptimizerOptions& options, const Parameters& parameters);

/// A step in the arithmetic of a format, of parameters of another one. Pre: gradients as the parameters are; formats as
/// computed() takes them.
void step(const OptimizerOptions& options, const Format& arithmetic, const Format& stored, OptimizerState& state,
          Parameters& parameters, const Parameters& gradients);

}  // namespace halfulp::train
