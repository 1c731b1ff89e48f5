#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// IBM FPgen's test suite for IEEE 754, a case a line (its syntax.txt, 2005):
//   b32*+ =0 i +0.7FFFFFP-126 -1.7FFFFFP127 -Inf -> -Inf
// format and operation, rounding, trapped exceptions, operands, result, exceptions. A significand's fraction is the
// fraction field as a hexadecimal number. Underflow is u in every definition of it, v where tininess is detected after
// rounding, w where before.

namespace halfulp {

/// A line taken apart.
struct FpgenCase {
    Operation operation;                  ///< to be computed
    Format format;                        ///< of operands and result
    Rounding rounding;                    ///< that the line names
    Operands operands;                    ///< as codes
    std::optional<std::uint64_t> result;  ///< empty for #: a trap left none
    Status status_after, status_before;   ///< with tininess detected after rounding and before
    bool wrapped;                         ///< overflow or underflow is trapped and raised: the exponent is another one
};

/// Why a line is not checked: an operation, format or trap of the suite's that this library does not have.
struct FpgenUnsupported {
    std::string what;  ///< what is wrong with the line
};

/// What became of a set of cases.
struct FpgenReport {
    std::uint64_t tests = 0, wrong = 0, malformed = 0, unsupported = 0;  ///< lines of each kind
};

/// Takes a line apart. Throws InputError if it is no case, FpgenUnsupported if it is one that cannot be checked.
FpgenCase parse_fpgen(std::string_view line);

/// Checks every case of a file; `tell` gets a line of text for each that is wrong or malformed, and `skip` the reason
/// for each that cannot be checked. Empty lines and comments (#) are no cases, nor is the prose before the first one.
FpgenReport check_fpgen(const std::string& path, const std::function<void(const std::string&)>& tell,
                        const std::function<void(const std::string&)>& skip);

}  // namespace halfulp
