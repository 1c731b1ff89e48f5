#pragma once

#include <string_view>

#include <halfulp/gpu/ptx/module.hpp>

// Which versions of PTX have what, and for which targets; PTX ISA, "Release Notes" and "Target ISA Notes".

namespace halfulp::ptx {

/// The number of a target, such as 90 of sm_90a. Throws InputError unless PTX of that version (times ten) has it.
int target_number(std::string_view target, int version);

/// Throws InputError unless there is such a version of PTX, or may be one day.
void check_version(int version);

/// Throws InputError unless version and target of the module have the instruction with its modifiers. Pre: its opcode
/// and types are known.
void check_requirements(const Code& code, const Instruction& x);

}  // namespace halfulp::ptx
