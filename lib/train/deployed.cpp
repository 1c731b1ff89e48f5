#include <halfulp/lib/train/deployed.hpp>

#include <halfulp/lib/kernel/int8/int8_gemm.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::train {
namespace {

/// x W + bias of a layer.
Numbers sums(const DeployedLayer& layer, std::span<const float> x, unsigned threads) {
    const std::size_t rows = x.size() / layer.inputs;
    std::vector<std::int8_t> codes(x.size());
    quantise(layer.input, x, codes);
    std::vector<std::int32_t> products(rows * layer.outputs);
    kernel::int8_gemm(kernel::row_major<const std::int8_t>(codes.data(), rows, layer.inputs),
                      kernel::row_major<const std::int8_t>(layer.weight_codes.data(), layer.inputs, layer.outputs),
                      kernel::row_major(products.data(), rows, layer.outputs),
                      {.a_zero = layer.input.zero_point, .threads = threads});
    const float unit = layer.input.scale * layer.weights.scale;
    Numbers z(products.size());
    for (std::size_t i = 0; i < z.size(); ++i)
        z[i] = static_cast<float>(products[i]) * unit + layer.bias[i % layer.outputs];
    return z;
}

}  // namespace

std::vector<Codes> input_codes(const Model& model, const Parameters& parameters, int bits, std::span<const float> x,
                               unsigned threads) {
    std::vector<Codes> codes;
    for (const Numbers& inputs : forward(model, *find_policy("fp32"), parameters, x, threads).inputs)
        codes.push_back(activation_codes(inputs, bits));
    return codes;
}

Deployed deployed(const Model& model, const Parameters& parameters, int bits, std::span<const float> x,
                  unsigned threads) {
    Deployed network{model.activation, {}};
    const std::vector<Codes> inputs = input_codes(model, parameters, bits, x, threads);
    for (std::size_t l = 0; l < model.layers(); ++l) {
        const Numbers& weights = parameters[2 * l];
        DeployedLayer layer{model.sizes[l],
                            model.sizes[l + 1],
                            inputs[l],
                            weight_codes(weights, bits),
                            std::vector<std::int8_t>(weights.size()),
                            parameters[2 * l + 1]};
        quantise(layer.weights, weights, layer.weight_codes);
        network.layers.push_back(std::move(layer));
    }
    return network;
}

Numbers outputs(const Deployed& network, std::span<const float> x, unsigned threads) {
    Numbers now(x.begin(), x.end());
    for (const DeployedLayer& layer : network.layers) {
        if (&layer != &network.layers.front()) activate(network.activation, binary32, now);
        now = sums(layer, now, threads);
    }
    return now;
}

}  // namespace halfulp::train
