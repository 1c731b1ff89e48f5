#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/gpu/kernel/launch.hpp>
#include <halfulp/gpu/kernel/meaning.hpp>
#include <halfulp/lib/matrix_unit/element.hpp>

namespace halfulp::gpu {

/// What a kernel does with a parameter.
enum class Pass : std::uint8_t {
    In,         ///< an array in global memory that is read
    Out,        ///< one that is written, all of it
    InOut,      ///< one that is both
    SizeValue,  ///< 32 bits: one of the sizes
    Value,      ///< a number of its element, by its name
};

/// Bits of an element in memory: tf32 has the upper 19 of a word, and 0 below them.
constexpr int memory_bits(const Element& element) { return element == Element{tf32} ? 32 : element.width(); }

/// A code as memory holds it, and back.
constexpr std::uint64_t to_memory(const Element& element, std::uint64_t code) {
    return code << (memory_bits(element) - element.width());
}
/// The code that a word of memory holds.
constexpr std::uint64_t from_memory(const Element& element, std::uint64_t word) {
    return word >> (memory_bits(element) - element.width());
}

/// How many elements an array has: each * a * b.
struct Extent {
    Size a = Size::One, b = Size::One;  ///< factors
    std::uint32_t each = 1;             ///< elements a place
};

/// A parameter of a kernel.
struct Parameter {
    std::string_view name;  ///< as the source has it
    Pass pass;              ///< what becomes of it
    Element element;        ///< tf32 is held in codes of binary32
    Extent extent = {};     ///< of a SizeValue a is the size

    /// The elements of an array in a launch.
    constexpr std::size_t elements(const Sizes& sizes) const {
        return std::size_t{value_of(extent.a, sizes)} * value_of(extent.b, sizes) * extent.each;
    }
};

/// A kernel of gpu/kernel: its head comment is in FILE.cu, its PTX in ptx/FILE.ptx.
struct Kernel {
    std::string_view name, file;        ///< of the kernel, and of its source without the ending
    int target;                         ///< the least compute capability, 75 for sm_75; every later one will do
    Meaning meaning;                    ///< what it computes
    Launch launch;                      ///< how it is launched
    std::vector<Parameter> parameters;  ///< in the order of the arguments
};

/// Every kernel, the table that tests, observers and `gpu verify` walk. A new kernel is a file in gpu/kernel and a row
/// in gpu/kernel/rows; a test holds the rows against the PTX.
const std::vector<Kernel>& kernels();

/// The kernel of that name; null if there is none.
const Kernel* find_kernel(std::string_view name);

}  // namespace halfulp::gpu
