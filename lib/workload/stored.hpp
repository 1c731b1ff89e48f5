#pragma once

#include <cstdint>
#include <vector>

#include <halfulp/lib/workload/workload.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp::workload {

/// Numbers as codes of a format of 16 bits, each rounded to nearest even.
std::vector<std::uint16_t> stored(const Format& format, const std::vector<float>& numbers);

/// Numbers as bytes of [-127, 127] times a scale.
struct StoredBytes {
    std::vector<std::int8_t> bytes;
    float scale;  ///< the largest magnitude / 127, rounded; 1 where that is 0
};

/// Each x / scale rounded to nearest even. Throws std::invalid_argument if a number is not finite.
StoredBytes stored_bytes(const std::vector<float>& numbers);

/// A sum of such bytes' products, as a number: in binary32, times the product of the scales (of one, where there is no b)
/// and, of a layer, plus the bias, 0 in place of what is negative; each operation rounded to nearest even.
float scaled(const Problem& problem, std::int64_t sum, float a_scale, float b_scale, std::size_t column);

/// The numbers that codes stand for; of a format of at most 32 bits.
std::vector<double> numbers_of(const Format& format, const std::vector<std::uint16_t>& codes);

}  // namespace halfulp::workload
