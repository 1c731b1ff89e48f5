#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include <halfulp/lib/workload/workload.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp::workload {

/// Numbers as codes of a format of 16 bits, each rounded to nearest even.
std::vector<std::uint16_t> stored(const Format& format, const std::vector<float>& numbers);

/// The same as codes, or as they are, by the type of what is kept.
template <class T>
std::vector<T> kept(const Format& format, const std::vector<float>& numbers) {
    if constexpr (std::is_same_v<T, float>)
        return numbers;
    else
        return stored(format, numbers);
}

/// Numbers as bytes of [-127, 127] times a scale.
struct StoredBytes {
    std::vector<std::int8_t> bytes;  ///< one a number
    float scale;                     ///< the largest magnitude / 127, rounded; 1 where that is 0
};

/// Each x / scale rounded to nearest even. Throws std::invalid_argument if a number is not finite.
StoredBytes stored_bytes(const std::vector<float>& numbers);

/// A sum of such bytes' products, as a number: in binary32, times the product of the scales (of one, where there is no b)
/// and, of a layer, plus the bias, 0 in place of what is negative; each operation rounded to nearest even.
float scaled(const Problem& problem, std::int64_t sum, float a_scale, float b_scale, std::size_t column);

/// The numbers that codes of a format of 16 bits stand for; numbers as they are.
std::vector<double> numbers_of(const Format& format, const std::vector<std::uint16_t>& codes);
/// Numbers as they are.
std::vector<double> numbers_of(const Format& format, const std::vector<float>& numbers);

}  // namespace halfulp::workload
