#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/ptx/module.hpp>

namespace halfulp::ptx {

/// Finds the row of each instruction and fills in what Instruction has of it. One that matches none, whose operands are
/// not of the row's kinds and types, or that calls what cannot be called, gets a flaw.
void check(Code& code);

/// An instruction that has a flaw, that is known and refused, or whose result PTX leaves open.
struct Remark {
    std::string function;     ///< its name
    int line;                 ///< from 1
    std::string instruction;  ///< empty: what could not be read up to the end of the function
    std::string reason;       ///< what was expected, or why it is refused
};

/// Why ptxas may change what an instruction without a rounding computes.
extern const char* const unsuffixed_reason;

/// What a module has of those, in the order of its lines. Where an architecture of lib/matrix_unit is given, as sm_80, also
/// the matrix instructions that it has no model of.
std::vector<Remark> remarks(const Module& module, std::string_view architecture = {});

}  // namespace halfulp::ptx
