#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/gpu/kernel/table.hpp>

// What the bits of one matrix instruction say of the unit that computed them.

namespace halfulp::gpu {

/// How many results of one matrix instruction the row of a processor gives too, bit for bit.
struct UnitFit {
    std::string_view processor;  ///< whose row it is
    std::size_t equal;           ///< results that its row gives
};

/// One changed field of the row that is expected (lib/diagnose/row_changes.hpp), and what the results say of it.
struct FieldProbe {
    std::string field, change;  ///< the member's name, and what it is instead
    /// What the results say of the change.
    enum class Verdict : std::uint8_t {
        Refuted,  ///< the changed row gives other bits than the device somewhere
        Untold,   ///< it gives the device's bits, and so does the row: no tile that was found tells them apart
        Fits,     ///< it gives the device's bits, and the row does not: this may be what the device computes
    } verdict;    ///< of the change
};

/// One instruction on tiles of every kind of lib/diagnose/hostile_matrices.hpp, and on those that tell the expected row
/// from its changes.
struct Probe {
    const Kernel* kernel;                 ///< of the instruction
    std::size_t results = 0;              ///< of all tiles
    std::vector<UnitFit> fits = {};       ///< of every GPU that has the instruction
    std::vector<FieldProbe> fields = {};  ///< of every change of which some result could tell
    std::string failure = {};             ///< what the device or the interpreter refused, if it did

    /// Does the row of the processor give every result?
    bool fits_row_of(std::string_view processor) const;
};

/// Throws as Device does. Pre: the kernel means OneInstruction, which the processor has.
Probe probe(Device& device, const Kernel& kernel, std::string_view processor, std::uint64_t seed);

}  // namespace halfulp::gpu
