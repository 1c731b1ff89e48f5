#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <span>
#include <stdexcept>

#include <halfulp/lib/kernel/elementwise.hpp>

// From arrays of Python to spans, without copies. The package hands over what it has checked: contiguous arrays of this
// machine's byte order, codes as unsigned integers.

namespace halfulp::python {

using Array = nanobind::ndarray<nanobind::ro, nanobind::c_contig, nanobind::device::cpu>;
using Result = nanobind::ndarray<nanobind::c_contig, nanobind::device::cpu>;

template <class T>
using ArrayOf = nanobind::ndarray<const T, nanobind::c_contig, nanobind::device::cpu>;
template <class T>
using ResultOf = nanobind::ndarray<T, nanobind::c_contig, nanobind::device::cpu>;

template <class T>
std::span<const T> span_of(const ArrayOf<T>& array) {
    return {array.data(), array.size()};
}
template <class T>
std::span<T> span_of(const ResultOf<T>& array) {
    return {array.data(), array.size()};
}

/// visit(Word()) for the word of an array of codes.
auto by_word(const auto& array, auto visit) {
    switch (array.itemsize()) {
        case 1: return visit(std::uint8_t());
        case 2: return visit(std::uint16_t());
        case 4: return visit(std::uint32_t());
        case 8: return visit(std::uint64_t());
        default: throw std::invalid_argument("expected codes of 1, 2, 4 or 8 bytes");
    }
}

inline kernel::CodeArray codes_of(const Array& array) {
    return by_word(array, [&]<class Word>(Word) -> kernel::CodeArray {
        return std::span(static_cast<const Word*>(array.data()), array.size());
    });
}

inline kernel::ResultArray results_of(const Result& array) {
    return by_word(array, [&]<class Word>(Word) -> kernel::ResultArray {
        return std::span(static_cast<Word*>(array.data()), array.size());
    });
}

}  // namespace halfulp::python
