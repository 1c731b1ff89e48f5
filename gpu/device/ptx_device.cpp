#include <halfulp/gpu/device/ptx_device.hpp>

#include <map>

#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp::gpu {
namespace {

class PtxDevice final : public Device {
  public:
    PtxDevice(std::string_view architecture, const ptx::MachineOptions& options)
        : machine_(architecture, options), seed_(options.seed) {}

    std::string name() const override { return "ptx:" + machine_.architecture(); }
    int target() const override { return machine_.target(); }
    std::vector<std::pair<std::string, std::string>> facts() const override {
        return {{"matrix unit", std::string(find_processor(machine_.architecture())->name) + " as modelled"},
                {"order of CTAs, warps and lanes", "another at each launch, by seed " + std::to_string(seed_)}};
    }

    Address allocate(std::size_t bytes) override { return machine_.allocate(bytes); }
    void release(Address address) noexcept override { machine_.release(address); }
    void write(Address to, std::span<const std::byte> from) override { machine_.write(to, from); }
    void read(Address from, std::span<std::byte> to) const override { machine_.read(from, to); }

    void launch(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                const Arguments& arguments) override {
        machine_.launch(load(code), kernel, shape, arguments);
    }
    std::string loaded_as(const DeviceCode& code) const override {
        return modules_.contains(code.name) ? "PTX, interpreted" : "";
    }

  private:
    const ptx::Module& load(const DeviceCode& code) {
        if (const auto found = modules_.find(code.name); found != modules_.end()) return found->second;
        const std::string name(code.name);
        return modules_.emplace(name, ptx::parse(code.ptx, name)).first->second;
    }

    ptx::Machine machine_;
    std::uint64_t seed_;
    std::map<std::string, ptx::Module, std::less<>> modules_;
};

}  // namespace

std::unique_ptr<Device> open_ptx(std::string_view architecture, const ptx::MachineOptions& options) {
    return std::make_unique<PtxDevice>(architecture, options);
}

}  // namespace halfulp::gpu
