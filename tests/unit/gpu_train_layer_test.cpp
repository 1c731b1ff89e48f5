// Claim: a trained network's layers have, on the interpreted GPU kernels, the bits that were predicted: with plain sums those of
// the training itself, in integers those of its deployment, on the matrix unit of an A100 those of its model.
// Oracle: lib/train on this CPU; predict() for the matrix unit. Shared: the table of matrix units; of the other two nothing.
#include <gtest/gtest.h>

#include <bit>
#include <functional>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/train/deployed.hpp>
#include <halfulp/lib/train/training.hpp>
#include <halfulp/softfloat/compute.hpp>

namespace halfulp::train {
namespace {

using Codewords = std::vector<std::uint64_t>;

std::uint64_t code(const Format& f, float x) {
    return compute(Operation::Convert, f, std::array{Operand{binary32, std::bit_cast<std::uint32_t>(x)}}).code;
}
float number(std::uint64_t binary32_code) { return std::bit_cast<float>(static_cast<std::uint32_t>(binary32_code)); }

/// The product of x, row by row, and W, as codes, by a kernel that takes W's columns one after another.
struct Product {
    std::size_t rows, inputs, outputs;
    Codewords x, weights;

    Codewords by(gpu::Device& device, const char* name) const {
        const gpu::Kernel& kernel = *gpu::find_kernel(name);
        const std::size_t pitch = kernel.target == 75 ? inputs : gpu::padded(static_cast<std::uint32_t>(inputs));
        Codewords a(rows * pitch), b(outputs * pitch);
        for (std::size_t k = 0; k < inputs; ++k) {
            for (std::size_t i = 0; i < rows; ++i) a[i * pitch + k] = x[i * inputs + k];
            for (std::size_t j = 0; j < outputs; ++j) b[j * pitch + k] = weights[k * outputs + j];
        }
        const gpu::Sizes sizes{static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(outputs),
                               static_cast<std::uint32_t>(inputs)};
        return run_kernel(device, kernel, {sizes, {{"a", a}, {"b", b}}, {}}).at("d");
    }
};

class TrainedLayers : public testing::Test {
  protected:
    const Split data = split(read_csv(HALFULP_SOURCE "/docs/examples/train/digits.csv", {}), Loss::CrossEntropy);
    train::Run run{{{64, 12, 10}, Activation::Relu}, *find_policy("fp32")};
    State state = start(run);
    Numbers x;
    std::unique_ptr<gpu::Device> device = gpu::open_ptx("sm_80");

    void SetUp() override {
        run_epoch(run, state, data);
        const std::span<const float> rows = data.test.x;
        const auto some = rows.first(std::size_t{20} * 64);
        x.assign(some.begin(), some.end());
    }

    /// Codes of the layer's product.
    Product product(std::size_t layer, const Format& f, const Numbers& inputs) const {
        Product p{inputs.size() / run.model.sizes[layer], run.model.sizes[layer], run.model.sizes[layer + 1], {}, {}};
        for (const float v : inputs) p.x.push_back(code(f, v));
        for (const float v : state.parameters[2 * layer]) p.weights.push_back(code(f, v));
        return p;
    }
    /// Sums in binary32, plus the bias.
    Numbers with_bias(std::size_t layer, const Codewords& sums) const {
        const Numbers& bias = state.parameters[2 * layer + 1];
        Numbers z;
        for (const std::uint64_t sum : sums) z.push_back(number(sum) + bias[z.size() % bias.size()]);
        return z;
    }
};

TEST_F(TrainedLayers, HaveTheBitsOfTrainingByChainsOfFma) {
    const Forward f = forward(run.model, run.policy, state.parameters, x, 1);
    for (std::size_t l = 0; l < 2; ++l)
        EXPECT_EQ(with_bias(l, product(l, binary32, f.inputs[l]).by(*device, "gemm_f32_f32")), f.z[l]) << l;
}

TEST_F(TrainedLayers, HaveThePredictedBitsOnAMatrixUnit) {
    const Unit unit = find_units("A100:fp16-fp32").at(0).unit;
    Numbers now = x;
    for (std::size_t l = 0; l < 2; ++l) {
        const Product p = product(l, binary16, now);
        const Matrix d =
            predict(unit, {}, {{binary16, p.rows, p.inputs, p.x}, {binary16, p.inputs, p.outputs, p.weights}});
        const Codewords found = p.by(*device, "gemm_f16_f32");
        EXPECT_EQ(found, d.codes) << l;
        now = with_bias(l, found);
        activate(run.model.activation, binary32, now);
    }
}

TEST_F(TrainedLayers, HaveTheBitsOfTheDeploymentInIntegers) {
    const Deployed network = deployed(run.model, state.parameters, 8, data.training.x, 1);
    Numbers now = x;
    for (const DeployedLayer& layer : network.layers) {
        Product p{now.size() / layer.inputs, layer.inputs, layer.outputs, {}, {}};
        for (const float v : now) p.x.push_back(static_cast<std::uint8_t>(code_of(layer.input, v)));
        for (const std::int8_t w : layer.weight_codes) p.weights.push_back(static_cast<std::uint8_t>(w));
        const Codewords sums = p.by(*device, "gemm_s8_s32");
        Numbers z;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const std::size_t j = i % layer.outputs;
            std::int32_t of_column = 0;  // the zero point's part of the sum
            for (std::size_t k = 0; k < layer.inputs; ++k) of_column += layer.weight_codes[k * layer.outputs + j];
            const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i]));
            z.push_back(static_cast<float>(sum - layer.input.zero_point * of_column) *
                            (layer.input.scale * layer.weights.scale) +
                        layer.bias[j]);
        }
        now = z;
        if (&layer != &network.layers.back()) activate(network.activation, binary32, now);
    }
    EXPECT_EQ(now, outputs(network, x, 1));
}

}  // namespace
}  // namespace halfulp::train
