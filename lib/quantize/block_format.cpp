#include <halfulp/lib/quantize/block_format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/scheme.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp::quantize {
namespace {

constexpr Env saturating{.overflow = Overflow::Saturate};
constexpr std::size_t q8_0_block = 32, q8_0_bytes = 2 + q8_0_block;

Exact exactly(float x) { return decode(binary32, std::bit_cast<std::uint32_t>(x)); }
float to_float(std::uint64_t code) { return std::bit_cast<float>(static_cast<std::uint32_t>(code)); }

float amax_of(std::span<const float> block) { return reach(limits_of(block)); }

float largest_of(const Format& f) { return to_float(round_pack(binary32, decode(f, f.max_code())).code); }

/// The code of the scale. 0 is the least one of either format, and that of zeros.
std::uint64_t scale_of(const BlockFormat& format, float amax) {
    if (amax == 0) return format.rule == BlockScale::FloorPowerOfTwo ? 0 : 1;
    if (format.rule == BlockScale::AmaxByLargest) {
        const std::uint64_t code =
            round_pack(format.scale, exactly(amax / largest_of(format.element)), saturating).code;
        return std::max<std::uint64_t>(code, 1);  // not 0: elements are divided by it
    }
    const int exponent = std::ilogb(amax) - format.element.emax();
    return static_cast<std::uint64_t>(std::clamp(exponent + format.scale.bias, 0, 2 * format.scale.bias));
}

}  // namespace

Blocks to_blocks(const BlockFormat& format, std::span<const float> numbers) {
    Blocks blocks;
    for (std::size_t first = 0; first < numbers.size(); first += format.block) {
        const auto block = numbers.subspan(first, std::min(format.block, numbers.size() - first));
        const std::uint64_t scale = scale_of(format, amax_of(block));
        blocks.scales.push_back(scale);
        for (const float x : block)
            blocks.elements.push_back(
                round_pack(format.element, div(exactly(x), decode(format.scale, scale)), saturating).code);
    }
    return blocks;
}

std::vector<float> from_blocks(const BlockFormat& format, const Blocks& blocks) {
    std::vector<float> numbers;
    for (std::size_t i = 0; i < blocks.elements.size(); ++i) {
        const Exact scale = decode(format.scale, blocks.scales[i / format.block]);
        numbers.push_back(to_float(round_pack(binary32, mul(decode(format.element, blocks.elements[i]), scale)).code));
    }
    return numbers;
}

std::vector<std::uint8_t> to_q8_0(std::span<const float> numbers) {
    if (numbers.size() % q8_0_block != 0)
        throw InputError(fmt::format("expected whole blocks of 32 numbers, found {}", numbers.size()));
    std::vector<std::uint8_t> bytes;
    for (std::size_t first = 0; first < numbers.size(); first += q8_0_block) {
        const auto block = numbers.subspan(first, q8_0_block);
        const float d = amax_of(block) / 127, reciprocal = d == 0 ? 0 : 1 / d;
        const Rounded stored = round_pack(binary16, exactly(d));
        if (stored.status.overflow || !std::isfinite(reciprocal))
            throw InputError(fmt::format("block {}: expected a scale below 65520 with a reciprocal of fp32, found {}",
                                         first / q8_0_block, d));
        bytes.push_back(static_cast<std::uint8_t>(stored.code & 0xFF));
        bytes.push_back(static_cast<std::uint8_t>(stored.code >> 8));
        for (const float x : block)
            bytes.push_back(static_cast<std::uint8_t>(static_cast<int>(std::round(x * reciprocal))));
    }
    return bytes;
}

std::vector<float> from_q8_0(std::span<const std::uint8_t> bytes) {
    if (bytes.size() % q8_0_bytes != 0)
        throw InputError(fmt::format("expected whole blocks of {} bytes, found {} bytes", q8_0_bytes, bytes.size()));
    std::vector<float> numbers;
    for (std::size_t first = 0; first < bytes.size(); first += q8_0_bytes) {
        const std::uint64_t code = bytes[first] + std::uint64_t{256} * bytes[first + 1];
        const float d = to_float(round_pack(binary32, decode(binary16, code)).code);
        for (std::size_t i = 2; i < q8_0_bytes; ++i)
            numbers.push_back(static_cast<float>(static_cast<std::int8_t>(bytes[first + i])) * d);
    }
    return numbers;
}

}  // namespace halfulp::quantize
