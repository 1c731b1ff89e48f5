#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <halfulp/gpu/device/device.hpp>

namespace halfulp::gpu {

/// One data set that was recorded: d = c + a.b by one instruction.
struct RecordedSet {
    std::string input, output;  ///< as the folders name them: fp16, bf16, tf32, E4M3, E5M2; fp32, fp16
    std::string instruction;    ///< that computed it
    std::size_t rows;           ///< dot products
};

/// Writes what the device's matrix unit computes in the layout that lib/matrix_unit/recordings.hpp reads, into
/// `FOLDER/<GPU>/<input>`, and `FOLDER/provenance-<GPU>.json`: device, driver, instructions, hashes of the PTX, seed. Each tile gives
/// 128 rows. H100's fp8 into fp32 is left out: there the layout means wgmma, which no kernel here has. Throws InputError for
/// a folder that has recordings of that GPU already, and as Device does.
std::vector<RecordedSet> record(Device& device, const std::filesystem::path& folder, std::uint32_t tiles,
                                std::uint64_t seed);

}  // namespace halfulp::gpu
