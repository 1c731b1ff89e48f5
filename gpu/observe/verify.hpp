#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/gpu/observe/loaded_files.hpp>
#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/probe.hpp>

// A device held against what the library says it computes: every kernel, and the matrix unit behind them.

namespace halfulp::gpu {

/// A kernel on problems of one class, each run several times.
struct KernelCheck {
    const Kernel* kernel;                ///< which one
    InputClass numbers;                  ///< of the problems
    std::size_t results = 0, equal = 0;  ///< in all, and those that are right
    std::string difference = {};         ///< of the first of them that differ; see difference.hpp
    bool repeats = true;                 ///< every repetition gave the same bits
    std::string failure = {};            ///< what the device or the interpreter refused, if it did
};

/// What verify() found.
struct Verification {
    std::string device;                                      ///< as it names itself
    std::string processor;                                   ///< whose matrix unit is expected
    std::vector<std::pair<std::string, std::string>> facts;  ///< of the device, a name and what it is
    std::vector<LoadedFile> files;                           ///< that kernels were run from
    std::vector<Probe> probes;                               ///< of each matrix instruction
    std::vector<KernelCheck> checks;                         ///< of each kernel and class
    std::size_t too_new = 0;                                 ///< kernels of a newer target

    /// Was anything checked, is every bit the expected one, on every repetition, and the expected row among those that fit each probe?
    bool is_right() const;
};

/// What verify() is told.
struct VerifyOptions {
    std::uint64_t seed = 1;  ///< of the numbers
    int repeats = 10;        ///< of each problem
};

/// Is told how many of how many kernels are done.
using VerifyProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Throws InputError for a device whose matrix unit the table does not have, and DeviceError where the device is lost;
/// what else fails is part of the result.
Verification verify(Device& device, const VerifyOptions& options, const VerifyProgress& progress);

/// For people: facts, probes, a line a kernel.
std::string to_text(const Verification& verification);

/// For programs: one JSON object.
std::string to_json(const Verification& verification);

}  // namespace halfulp::gpu
