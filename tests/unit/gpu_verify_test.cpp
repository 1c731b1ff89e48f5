// Claim: verify() finds nothing wrong with a device that is right, and says of one that is not which kernel it was, and how:
// a bit, a bit on one repetition only, a refusal; a lost device ends it. And of a matrix unit that is not the expected one,
// in which field it differs.
// Oracle: the interpreter, with a fault put in by this test, or as another GPU. Shared: nothing with what judges it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/probe.hpp>
#include <halfulp/gpu/observe/verify.hpp>

namespace halfulp::gpu {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

enum class Fault { None, Bit, BitOnce, BitInProbe, Refusal, RefusalOfProbe, Lost };

constexpr int repeats = 2, runs_of_checks = repeats * static_cast<int>(input_classes.size());

/// The interpreter, but for one kernel.
class FaultyDevice final : public Device {
  public:
    FaultyDevice(Fault fault, std::string kernel) : fault_(fault), kernel_(std::move(kernel)) {}

    std::string name() const override { return device_->name(); }
    int target() const override { return device_->target(); }
    std::vector<std::pair<std::string, std::string>> facts() const override { return device_->facts(); }
    Address allocate(std::size_t bytes) override { return device_->allocate(bytes); }
    void release(Address address) noexcept override { device_->release(address); }
    void write(Address to, std::span<const std::byte> from) override { device_->write(to, from); }
    void read(Address from, std::span<std::byte> to) const override {
        device_->read(from, to);
        const bool flips = fault_ == Fault::Bit || (fault_ == Fault::BitOnce && runs_ == repeats) ||
                           (fault_ == Fault::BitInProbe && runs_ > runs_of_checks);
        if (is_meant_ && flips) to[0] ^= std::byte{1};
    }
    void launch(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                const Arguments& arguments) override {
        is_meant_ = kernel == kernel_;
        runs_ += is_meant_ ? 1 : 0;
        const bool refuses = fault_ == Fault::Refusal || (fault_ == Fault::RefusalOfProbe && runs_ > runs_of_checks);
        if (is_meant_ && refuses) throw DeviceError(DeviceError::Kind::Refused, "refused here");
        if (is_meant_ && fault_ == Fault::Lost) throw DeviceError(DeviceError::Kind::Lost, "lost here");
        device_->launch(code, kernel, shape, arguments);
    }
    std::string loaded_as(const DeviceCode& code) const override { return device_->loaded_as(code); }

  private:
    Fault fault_;
    std::string kernel_;
    std::unique_ptr<Device> device_ = open_ptx("sm_75");
    bool is_meant_ = false;
    int runs_ = 0;
};

Verification verified(Fault fault, const char* kernel = "add_f16") {
    FaultyDevice device(fault, kernel);
    return verify(device, {.seed = 1, .repeats = repeats}, [](std::size_t, std::size_t) {});
}

/// The checks whose line says so.
std::ptrdiff_t lines_with(const Verification& v, const std::string& what) {
    const std::string text = to_text(v);
    std::ptrdiff_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

TEST(GpuVerify, FindsNothingWrongWithWhatIsRight) {
    const Verification v = verified(Fault::None);
    EXPECT_TRUE(v.is_right());
    EXPECT_EQ(v.processor, "T4");
    EXPECT_EQ(v.checks.size(), (kernels().size() - v.too_new) * input_classes.size());
    EXPECT_GT(v.too_new, 0U);
    EXPECT_FALSE(v.probes.empty());
    const auto json = nlohmann::json::parse(to_json(v));
    EXPECT_EQ(json["right"], true);
    EXPECT_EQ(json["checks"].size(), v.checks.size());
    EXPECT_EQ(json["files"][0]["sha256"].get<std::string>().size(), 64U);
}

TEST(GpuVerify, NamesTheKernelOfAWrongBit) {
    const Verification v = verified(Fault::Bit);
    EXPECT_FALSE(v.is_right());
    EXPECT_EQ(lines_with(v, "MISMATCH, d: "), std::ssize(input_classes));
    EXPECT_EQ(nlohmann::json::parse(to_json(v))["right"], false);
    const auto wrong = std::find_if(v.checks.begin(), v.checks.end(), [](auto& c) { return c.equal < c.results; });
    ASSERT_NE(wrong, v.checks.end());
    EXPECT_EQ(wrong->kernel->name, "add_f16");
    EXPECT_EQ(wrong->equal + 1, wrong->results);
}

TEST(GpuVerify, AWrongUnitFitsNoRow) {
    const Verification v = verified(Fault::BitInProbe, "mma_m16n8k8_f32_f16");
    EXPECT_FALSE(v.is_right());
    EXPECT_EQ(lines_with(v, "MISMATCH"), 0) << "the kernel's checks came before";
    const auto probe =
        std::find_if(v.probes.begin(), v.probes.end(), [](auto& p) { return p.kernel->name == "mma_m16n8k8_f32_f16"; });
    ASSERT_NE(probe, v.probes.end());
    for (const UnitFit& fit : probe->fits) EXPECT_LT(fit.equal, probe->results) << fit.processor;
    EXPECT_EQ(lines_with(v, fmt::format("; {} of {} matrix instructions fit their row of T4;", v.probes.size() - 1,
                                        v.probes.size())),
              1);
}

TEST(GpuVerify, SaysWhatOfAProbeIsRefused) {
    const Verification v = verified(Fault::RefusalOfProbe, "mma_m16n8k8_f32_f16");
    EXPECT_FALSE(v.is_right());
    EXPECT_EQ(lines_with(v, "failed: refused here"), 1);
}

TEST(GpuVerify, SaysWhatIsNotRepeatable) {
    const Verification v = verified(Fault::BitOnce);
    EXPECT_FALSE(v.is_right());
    EXPECT_EQ(lines_with(v, "NOT REPEATABLE"), 1);
}

TEST(GpuVerify, SaysWhatIsRefused) {
    const Verification v = verified(Fault::Refusal);
    EXPECT_FALSE(v.is_right());
    EXPECT_EQ(lines_with(v, "failed: refused here"), std::ssize(input_classes));
}

std::vector<std::string> changes(const Probe& probe, FieldProbe::Verdict verdict) {
    std::vector<std::string> all;
    for (const FieldProbe& field : probe.fields)
        if (field.verdict == verdict) all.push_back(field.field + ' ' + field.change);
    return all;
}

TEST(Probe, RefutesEveryChangeOfTheRightRow) {
    const auto device = open_ptx("sm_90");
    for (const char* kernel : {"mma_m16n8k16_f32_f16", "mma_m16n8k16_f32_bf16", "mma_m16n8k32_s32_s8_satfinite"}) {
        const Probe p = probe(*device, *find_kernel(kernel), "H100", 1);
        EXPECT_TRUE(p.fits_row_of("H100")) << kernel;
        EXPECT_THAT(changes(p, FieldProbe::Verdict::Untold), IsEmpty()) << kernel;
        EXPECT_THAT(changes(p, FieldProbe::Verdict::Fits), IsEmpty()) << kernel;
    }
}

// Eight products are a block on both GPUs, which keep 24 and 25 bits below the largest exponent: MMA-Sim (table of the T-FDPA
// units).
TEST(Probe, NamesTheFieldOfAnotherGpu) {
    const auto device = open_ptx("sm_80");
    const Probe p = probe(*device, *find_kernel("mma_m16n8k8_f32_f16"), "H100", 1);
    EXPECT_TRUE(p.fits_row_of("A100"));
    EXPECT_FALSE(p.fits_row_of("H100"));
    EXPECT_THAT(changes(p, FieldProbe::Verdict::Fits), ElementsAre("fraction_bits - 1"));
}

TEST(GpuVerify, EndsWithALostDevice) { EXPECT_THROW(verified(Fault::Lost), DeviceError); }

}  // namespace
}  // namespace halfulp::gpu
