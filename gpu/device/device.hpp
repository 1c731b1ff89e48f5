#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <halfulp/gpu/ptx/machine.hpp>

namespace halfulp::gpu {

/// A device that cannot do what was asked, or cannot do anything any more. what() is one line: what was asked, of whom,
/// and what the driver calls the failure.
struct DeviceError : std::runtime_error {
    /// What can still be done.
    enum class Kind : std::uint8_t {
        Refused,      ///< this call alone
        OutOfMemory,  ///< less may still go
        Lost,         ///< every later call of this process fails too
    };
    Kind kind;  ///< of the failure

    DeviceError(Kind k, const std::string& message) : std::runtime_error(message), kind(k) {}  ///< one line
};

/// PTX as text, and machine code that ptxas has made of it.
struct DeviceCode {
    /// Machine code for one architecture.
    struct Cubin {
        int target;  ///< 80 for sm_80: runs there and on later minor versions of the same major one
        std::span<const std::byte> bytes;  ///< of the file
    };
    std::string_view name;               ///< of the file: what messages and reports call it
    std::string_view ptx;                ///< empty where there is none
    std::span<const Cubin> cubins = {};  ///< for any targets
};

/// Where device memory lies.
using Address = std::uint64_t;

/// The bytes of a kernel's parameters.
using Arguments = std::vector<std::vector<std::byte>>;

/// Addresses and numbers as a kernel's parameters.
template <class... T>
Arguments arguments(const T&... values) {
    static_assert((std::is_trivially_copyable_v<T> && ...));
    const auto bytes = [](const auto& value) {
        std::vector<std::byte> b(sizeof value);
        std::memcpy(b.data(), &value, sizeof value);
        return b;
    };
    return {bytes(values)...};
}

/// What executes kernels: a GPU, or the interpreter in its place. Everything is finished when a function returns. What
/// fails throws DeviceError, and on the interpreter ptx::Error where the kernel is at fault.
class Device {
  public:
    virtual ~Device() = default;

    /// As reports and --backend call it: ptx:sm_80, gpu:NVIDIA H100 80GB HBM3.
    virtual std::string name() const = 0;
    /// 80 for compute capability 8.0.
    virtual int target() const = 0;
    /// What else is known of it, as (name, value): driver, memory, ...
    virtual std::vector<std::pair<std::string, std::string>> facts() const = 0;

    /// Memory that holds anything. Pre: bytes > 0.
    virtual Address allocate(std::size_t bytes) = 0;
    virtual void release(Address address) noexcept = 0;                   ///< gives memory back
    virtual void write(Address to, std::span<const std::byte> from) = 0;  ///< copies into device memory
    virtual void read(Address from, std::span<std::byte> to) const = 0;   ///< copies out of device memory

    /// Runs a kernel to its end. Code is loaded once, by its name.
    virtual void launch(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                        const Arguments& arguments) = 0;
    /// Seconds that the kernel takes for so many launches, one behind the other, by the device's own clock and after one
    /// launch that is not counted; nothing, and no launch, where there is no such clock. Pre: times > 0.
    virtual std::optional<double> seconds(const DeviceCode& /*code*/, const std::string& /*kernel*/,
                                          const ptx::LaunchShape& /*shape*/, const Arguments& /*arguments*/,
                                          unsigned /*times*/) {
        return std::nullopt;
    }
    /// What the code was loaded as: "cubin of sm_80", "PTX, translated by the driver", "PTX, interpreted"; nothing if it
    /// was not.
    virtual std::string loaded_as(const DeviceCode& code) const = 0;
};

/// An array in a device's memory. Pre: the device lives longer.
template <class T>
class DeviceArray {
  public:
    /// Of numbers that nobody has written.
    DeviceArray(Device& device, std::size_t count)
        : device_(&device), count_(count), address_(device.allocate(std::max<std::size_t>(count, 1) * sizeof(T))) {}
    /// Of these numbers.
    DeviceArray(Device& device, std::span<const T> numbers) : DeviceArray(device, numbers.size()) {
        device_->write(address_, std::as_bytes(numbers));
    }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;
    ~DeviceArray() { device_->release(address_); }

    Address address() const { return address_; }  ///< of the first element
    /// All of it.
    std::vector<T> read() const {
        std::vector<T> numbers(count_);
        device_->read(address_, std::as_writable_bytes(std::span(numbers)));
        return numbers;
    }

  private:
    Device* device_;
    std::size_t count_;
    Address address_;
};

}  // namespace halfulp::gpu
