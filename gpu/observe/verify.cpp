#include <halfulp/gpu/observe/verify.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <halfulp/gpu/observe/difference.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp::gpu {
namespace {

std::size_t equal_elements(const Arrays& got, const Arrays& wanted) {
    std::size_t equal = 0;
    for (const auto& [name, codes] : wanted)
        for (std::size_t i = 0; i < codes.size(); ++i) equal += got.at(name).at(i) == codes[i] ? 1U : 0U;
    return equal;
}

/// What the device or the interpreter refuses; nothing if it does not. A lost device ends all.
template <class Run>
std::string failure_of(const Run& run) {
    try {
        run();
        return {};
    } catch (const DeviceError& error) {
        if (error.kind == DeviceError::Kind::Lost) throw;
        return error.what();
    } catch (const ptx::Error& error) {
        return error.what();
    }
}

/// Pre: the kernel's target is not above the device's.
KernelCheck check(Device& device, const Kernel& kernel, InputClass numbers, std::string_view processor,
                  const VerifyOptions& options) {
    KernelCheck result{&kernel, numbers};
    result.failure = failure_of([&] {
        const Call call = make_call(kernel, ragged_sizes(kernel, numbers), numbers, options.seed);
        const Arrays got = run_kernel(device, kernel, call);
        const Arrays wanted = expected(kernel, call, processor);
        for (const auto& [name, codes] : wanted) result.results += codes.size();
        result.equal = equal_elements(got, wanted);
        result.difference = difference(kernel, call.sizes, got, wanted);
        for (int i = 1; i < options.repeats && result.repeats; ++i)
            result.repeats = run_kernel(device, kernel, call) == got;
    });
    return result;
}

bool is_right(const KernelCheck& check) {
    return check.failure.empty() && check.repeats && check.equal == check.results;
}

}  // namespace

bool Verification::is_right() const {
    return !checks.empty() && std::all_of(checks.begin(), checks.end(), gpu::is_right) &&
           std::all_of(probes.begin(), probes.end(), [&](const Probe& p) { return p.fits_row_of(processor); });
}

Verification verify(Device& device, const VerifyOptions& options, const VerifyProgress& progress) {
    const std::string architecture = "sm_" + std::to_string(device.target());
    const auto processor = find_processor(architecture);
    if (!processor)
        throw InputError(fmt::format("{}: expected a matrix unit of the table, found {}; it has {}", device.name(),
                                     architecture, known_processors(true)));
    Verification result{device.name(), std::string(processor->name), device.facts(), {}, {}, {}, 0};
    for (std::size_t done = 0; const Kernel& kernel : kernels()) {
        progress(done++, kernels().size());
        if (kernel.target > device.target()) {
            ++result.too_new;
            continue;
        }
        for (const InputClass numbers : input_classes)
            result.checks.push_back(check(device, kernel, numbers, processor->name, options));
        if (std::holds_alternative<OneInstruction>(kernel.meaning)) {
            Probe probed{&kernel};
            probed.failure = failure_of([&] { probed = probe(device, kernel, processor->name, options.seed); });
            result.probes.push_back(std::move(probed));
        }
    }
    result.files = loaded_files(device);
    return result;
}

}  // namespace halfulp::gpu
