#pragma once

#include <array>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/formats.hpp>

namespace halfulp::train {

/// In which formats a network is trained and used, as data. Code, tests, tables and the program walk the rows.
struct Policy {
    std::string_view name;  ///< as the program takes it
    Format
        parameters;  ///< of the weights that the optimiser updates: master weights where they are wider than `compute`
    Format compute;  ///< of operands of the products forward: weights, activations
    Format gradients;   ///< of gradients as operands of the products backward
    Format accumulate;  ///< of the running sums of products: fused in binary32, else product and sum are rounded
    Format results;     ///< of activations and gradients, as products leave them
    Format optimizer;   ///< of the optimiser's state and arithmetic
    int bits;    ///< of codes of weights and activations where the trained network infers in integers; 0: it does not
    bool aware;  ///< training sees these codes: fake quantisation
    std::string_view description;  ///< a phrase
    Aliases aliases = {};          ///< other names
};

/// All that the program can be asked for.
inline constexpr std::array policies = {
    Policy{"fp32", binary32, binary32, binary32, binary32, binary32, binary32, 0, false, "binary32 throughout"},
    Policy{"fp16",
           binary32,
           binary16,
           binary16,
           binary32,
           binary16,
           binary32,
           0,
           false,
           "binary16, summed in binary32, with master weights",
           {"fp16-mixed"}},
    Policy{"fp16-no-master", binary16, binary16, binary16, binary32, binary16, binary32, 0, false,
           "binary16, summed in binary32, weights too"},
    Policy{"fp16-pure", binary16, binary16, binary16, binary16, binary16, binary16, 0, false,
           "binary16 throughout, sums and optimiser too"},
    Policy{"bf16",
           binary32,
           bfloat16,
           bfloat16,
           binary32,
           bfloat16,
           binary32,
           0,
           false,
           "bfloat16, summed in binary32, with master weights",
           {"bf16-mixed"}},
    Policy{"bf16-no-master", bfloat16, bfloat16, bfloat16, binary32, bfloat16, binary32, 0, false,
           "bfloat16, summed in binary32, weights too"},
    Policy{"fp8", binary32, e4m3fn, e5m2, binary32, binary32, binary32, 0, false,
           "operands e4m3 forward and e5m2 backward, each tensor scaled by its largest number"},
    Policy{"int8-ptq", binary32, binary32, binary32, binary32, binary32, binary32, 8, false,
           "trained as fp32, then int8"},
    Policy{"int8-qat", binary32, binary32, binary32, binary32, binary32, binary32, 8, true,
           "trained with fake quantisation to int8"},
    Policy{"int3-ptq", binary32, binary32, binary32, binary32, binary32, binary32, 3, false,
           "trained as fp32, then 3 bits"},
    Policy{"int3-qat", binary32, binary32, binary32, binary32, binary32, binary32, 3, true,
           "trained with fake quantisation to 3 bits"},
};

/// The row of that name.
constexpr std::optional<Policy> find_policy(std::string_view name) { return find_by_name(policies, name); }

/// Bytes that a parameter takes in training: itself, its copy in `compute` where that is another format, its gradient, and
/// `states` numbers of the optimiser.
constexpr int bytes_per_parameter(const Policy& policy, int states) {
    const int copy = policy.compute == policy.parameters ? 0 : policy.compute.width;
    return (policy.parameters.width + copy + policy.results.width + states * policy.optimizer.width) / 8;
}

}  // namespace halfulp::train
