#pragma once

#include <string_view>
#include <vector>

#include <halfulp/gpu/kernel/table.hpp>

// The rows of the table, a file a kind, and the words they are written in.

namespace halfulp::gpu::rows {

inline constexpr IntegerType u32{32, false}, u64{64, false};

inline constexpr Extent of_n{Size::N}, of_m{Size::M}, of_k{Size::K}, of_one{};

/// `each` elements for each of n.
constexpr Extent times_n(std::uint32_t each) { return {Size::N, Size::One, each}; }

inline Parameter in(std::string_view name, const Element& element, const Extent& extent) {
    return {name, Pass::In, element, extent};
}
inline Parameter out(std::string_view name, const Element& element, const Extent& extent) {
    return {name, Pass::Out, element, extent};
}
inline Parameter in_out(std::string_view name, const Element& element, const Extent& extent) {
    return {name, Pass::InOut, element, extent};
}
inline Parameter size(std::string_view name, Size of) { return {name, Pass::SizeValue, u32, {of}}; }
inline Parameter value(std::string_view name, const Element& element) { return {name, Pass::Value, element}; }

inline constexpr Launch per_element{Grid::PerElement, 256}, per_pair{Grid::PerPair, 256};

std::vector<Kernel> conversions();
std::vector<Kernel> arithmetic();
std::vector<Kernel> ordered_sums();
std::vector<Kernel> lane_sums();
std::vector<Kernel> products();
std::vector<Kernel> instructions();
std::vector<Kernel> quantisation();
std::vector<Kernel> ceilings();

}  // namespace halfulp::gpu::rows
