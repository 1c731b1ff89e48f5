#pragma once

#include <memory>
#include <string_view>

#include <halfulp/gpu/device/device.hpp>

namespace halfulp::gpu {

/// The device of that name: ptx:sm_80 for the interpreter as an architecture, cuda:0 for the first GPU. `threads` are for
/// the interpreter. Throws InputError for another name or architecture, and for a GPU that is not there.
std::unique_ptr<Device> open_device(std::string_view name, unsigned threads);

}  // namespace halfulp::gpu
