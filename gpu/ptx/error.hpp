#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::ptx {

/// Three sizes or indices, as CUDA's dim3.
struct Dim3 {
    std::uint32_t x = 1, y = 1, z = 1;  ///< or from 0, of indices

    constexpr std::uint64_t count() const { return std::uint64_t{x} * y * z; }  ///< the product
    friend constexpr bool operator==(const Dim3&, const Dim3&) = default;
};

/// "(1, 0, 2)".
std::string text_of(const Dim3& d);

/// Where something is wrong: in the text of a module, and who executed it, if it was executed.
struct Place {
    std::string file = {};            ///< as the module was called
    int line = 0;                     ///< from 1; 0 where no line is meant
    std::string kernel = {};          ///< empty: not while a kernel runs
    std::optional<Dim3> cta = {};     ///< its index; empty where none is meant
    std::optional<Dim3> thread = {};  ///< its index; empty where none is meant
};

/// PTX that cannot be taken, or that does what it must not. what() is one line: FILE:LINE, kernel, CTA and thread as
/// far as they are known, then what was expected and what was found.
struct Error : InputError {
    Error(Place where, std::string said);  ///< what() is made of both

    Place place;          ///< where
    std::string message;  ///< what() without the place
};

}  // namespace halfulp::ptx
