#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/property/codes.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/formats.hpp>

// Sums and dot products as the emulator defines them, and data that tells them from others.

namespace halfulp::test {

using property::SplitMix;
/// Of words, as a part of a test's name: letters and digits of each.
std::string case_name(std::initializer_list<std::string_view> words) {
    std::string name;
    for (const std::string_view word : words) {
        name += name.empty() ? "" : "_";
        std::copy_if(word.begin(), word.end(), std::back_inserter(name),
                     [](unsigned char c) { return std::isalnum(c); });
    }
    return name;
}

using CodeVector = std::vector<std::uint64_t>;

const Reduction& reduction(std::string_view name) {
    return *std::find_if(reductions.begin(), reductions.end(), [&](const Reduction& r) { return r.name == name; });
}

/// In what a dot product is stored and summed.
struct SumFormats {
    std::string_view name;
    Format storage, accumulate;
    bool fused = true;
};

inline constexpr std::array sum_formats = {
    SumFormats{"fp32", binary32, binary32},
    SumFormats{"fp16 in fp32", binary16, binary32},
    SumFormats{"bf16 in fp32", bfloat16, binary32},
    SumFormats{"fp16", binary16, binary16},
    SumFormats{"fp16, products rounded", binary16, binary16, false},
};

CodeVector widened(const Format& to, const Format& from, const CodeVector& codes) {
    CodeVector wide;
    wide.reserve(codes.size());
    for (const std::uint64_t code : codes) wide.push_back(convert(to, from, code).code);
    return wide;
}

std::uint64_t defined_sum(const Reduction& order, const SumFormats& f, const CodeVector& x) {
    if (order.exact) {
        const CodeVector ones(x.size(), convert(f.storage, binary32, 0x3F800000).code);
        return dot(f.accumulate, {f.storage, x}, {f.storage, ones}, {}, Operand{f.accumulate, 0}).code;
    }
    return sum(order, SoftAdder{f.accumulate}, widened(f.accumulate, f.storage, x));
}

std::uint64_t defined_dot(const Reduction& order, const SumFormats& f, const CodeVector& x, const CodeVector& y) {
    if (order.exact) return dot(f.accumulate, {f.storage, x}, {f.storage, y}, {}, Operand{f.accumulate, 0}).code;
    const CodeVector a = widened(f.accumulate, f.storage, x), b = widened(f.accumulate, f.storage, y);
    std::vector<Product> products;
    for (std::size_t i = 0; i < a.size(); ++i) products.push_back({a[i], b[i]});
    const SoftAdder adder{f.accumulate};
    return f.fused ? sum(order, adder, products) : sum(order, RoundsProducts<SoftAdder>{adder}, products);
}

/// How elements are drawn.
enum class Elements : std::uint8_t {
    Ordinary,  ///< of both signs, in the four binades about one: no sum is exact
    Edges,     ///< finite ones at the edges of the format, subnormal ones and zeros of both signs among them
    Tiny,      ///< negative ones, whose products vanish
    Special,   ///< ordinary ones, but for an infinity or a NaN among 300
};
constexpr std::array all_elements = {Elements::Ordinary, Elements::Edges, Elements::Tiny, Elements::Special};

std::uint64_t draw_element(Elements kind, const Format& f, std::size_t i, SplitMix& bits) {
    const std::uint64_t fraction = bits() & ((std::uint64_t{1} << f.fraction_bits()) - 1), sign = bits() & f.sign_bit();
    const auto field = static_cast<std::uint64_t>(f.bias - 2) + bits() % 4;
    const std::uint64_t ordinary = sign | field << f.fraction_bits() | fraction;
    switch (kind) {
        case Elements::Ordinary: return ordinary;
        case Elements::Edges: {
            const std::uint64_t code = property::edge_code(f, bits);
            return (code & f.magnitude_mask()) <= f.max_code() ? code : sign;
        }
        case Elements::Tiny: return f.sign_bit() | (1 + i % 3);
        case Elements::Special:
            if (i % 300 != 150) return ordinary;
            return sign | (f.inf_code() + (i / 300 % 3 == 2 ? 1 : 0));
    }
    return 0;
}

CodeVector draw_elements(Elements kind, const Format& f, std::size_t count, std::uint64_t seed) {
    SplitMix bits(seed);
    CodeVector codes;
    for (std::size_t i = 0; i < count; ++i) codes.push_back(draw_element(kind, f, i, bits));
    return codes;
}

template <class T>
std::vector<T> stored(const CodeVector& codes) {
    std::vector<T> elements;
    for (const std::uint64_t code : codes) {
        if constexpr (std::is_same_v<T, float>)
            elements.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(code)));
        else
            elements.push_back(static_cast<T>(code));
    }
    return elements;
}

/// By the kernels.
std::uint64_t kernel_sum(const Reduction& order, const SumFormats& f, const CodeVector& x, unsigned threads) {
    if (f.storage == binary32) return std::bit_cast<std::uint32_t>(kernel::sum(order, stored<float>(x), threads));
    const auto codes = stored<std::uint16_t>(x);
    if (f.accumulate == binary16) return kernel::sum_in_half(order, codes, threads);
    return std::bit_cast<std::uint32_t>(kernel::sum(order, f.storage, codes, threads));
}

std::uint64_t kernel_dot(const Reduction& order, const SumFormats& f, const CodeVector& x, const CodeVector& y,
                         unsigned threads) {
    if (f.storage == binary32)
        return std::bit_cast<std::uint32_t>(kernel::dot(order, stored<float>(x), stored<float>(y), threads));
    const auto a = stored<std::uint16_t>(x), b = stored<std::uint16_t>(y);
    if (f.accumulate == binary16) return kernel::dot_in_half(order, a, b, f.fused, threads);
    return std::bit_cast<std::uint32_t>(kernel::dot(order, f.storage, a, b, threads));
}

}  // namespace halfulp::test
