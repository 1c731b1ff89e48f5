#include <halfulp/gpu/device/cubins.hpp>

#include <algorithm>
#include <optional>
#include <regex>

#include <halfulp/gpu/kernel/ptx_text.hpp>
#include <halfulp/lib/io/binary_file.hpp>

namespace halfulp::gpu {
namespace {

namespace fs = std::filesystem;

class WithCubins final : public Device {
  public:
    WithCubins(std::unique_ptr<Device> device, Cubins cubins)
        : device_(std::move(device)), cubins_(std::move(cubins)) {}

    std::string name() const override { return device_->name(); }
    int target() const override { return device_->target(); }
    std::vector<std::pair<std::string, std::string>> facts() const override { return device_->facts(); }
    Address allocate(std::size_t bytes) override { return device_->allocate(bytes); }
    void release(Address address) noexcept override { device_->release(address); }
    void write(Address to, std::span<const std::byte> from) override { device_->write(to, from); }
    void read(Address from, std::span<std::byte> to) const override { device_->read(from, to); }
    std::string loaded_as(const DeviceCode& code) const override { return device_->loaded_as(code); }

    void launch(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                const Arguments& arguments) override {
        const std::vector<DeviceCode::Cubin> cubins = cubins_.of(code.name);
        device_->launch(with(cubins, code), kernel, shape, arguments);
    }
    std::optional<double> seconds(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                                  const Arguments& arguments, unsigned times) override {
        const std::vector<DeviceCode::Cubin> cubins = cubins_.of(code.name);
        return device_->seconds(with(cubins, code), kernel, shape, arguments, times);
    }

  private:
    static DeviceCode with(std::span<const DeviceCode::Cubin> cubins, const DeviceCode& code) {
        return {.name = code.name, .ptx = code.ptx, .cubins = cubins.empty() ? code.cubins : cubins};
    }

    std::unique_ptr<Device> device_;
    Cubins cubins_;
};

}  // namespace

Cubins::Cubins(const fs::path& folder) {
    static const std::regex pattern(R"((\w+)\.sm_(\d{2,3})\.cubin)");
    if (!fs::is_directory(folder)) throw InputError(folder.string() + ": expected a folder of cubins");
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        std::smatch match;
        if (!std::regex_match(name, match, pattern)) continue;
        BinaryFile file(entry.path());
        std::string bytes = file.read(0, file.size(), "a cubin");
        if (!bytes.starts_with("\177ELF")) throw file.error("expected a cubin, an ELF file");
        const auto is_that = [&](const PtxText& text) { return text.file == match[1].str(); };
        if (std::ranges::none_of(ptx_texts(), is_that))
            throw file.error("expected the name of a file of gpu/kernel/ptx");
        images_[match[1]].push_back({std::stoi(match[2]), std::move(bytes)});
    }
    if (images_.empty())
        throw InputError(folder.string() + ": expected files such as gemm_f16.sm_90.cubin, found none");
    for (auto& [file, images] : images_) std::ranges::sort(images, std::greater(), &Image::target);
}

std::vector<DeviceCode::Cubin> Cubins::of(std::string_view file) const {
    std::vector<DeviceCode::Cubin> cubins;
    if (const auto found = images_.find(file); found != images_.end())
        for (const Image& image : found->second)
            cubins.push_back({image.target, std::as_bytes(std::span(image.bytes))});
    return cubins;
}

std::unique_ptr<Device> with_cubins(std::unique_ptr<Device> device, Cubins cubins) {
    return std::make_unique<WithCubins>(std::move(device), std::move(cubins));
}

}  // namespace halfulp::gpu
