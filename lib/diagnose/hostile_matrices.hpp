#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/property/codes.hpp>

// Matrices on which a way to multiply that is nearly right goes wrong first: a fast one, or a row with a wrong field.

namespace halfulp {

/// Codes at random, of an element and of those that a kind of matrix consists of.
using Draw = std::uint64_t (*)(const Element&, std::mt19937_64&);

/// In a binade between two, or the nearest one that the format has.
inline std::uint64_t between(const Format& f, int low, int high, std::uint64_t fraction, std::mt19937_64& bits) {
    const int drawn = low + static_cast<int>(bits() % static_cast<unsigned>(high - low + 1));
    const auto field = static_cast<std::uint64_t>(std::clamp(drawn, f.emin(), f.emax()) + f.bias);
    const std::uint64_t mask = f.min_normal_code() - 1;
    return (bits() & f.sign_bit()) | std::min(field << f.fraction_bits() | (fraction & mask), f.max_code());
}

namespace draw {

inline std::uint64_t any(const Element& e, std::mt19937_64& bits) { return bits() & e.code_mask(); }
template <int low, int high>
std::uint64_t binades(const Element& e, std::mt19937_64& bits) {
    return e.integer ? any(e, bits) : between(e.format, low, high, bits(), bits);
}
inline std::uint64_t power_of_two(const Element& e, std::mt19937_64& bits) {
    return e.integer ? any(e, bits) : between(e.format, -6, 6, 0, bits);
}
/// Nearly 2: their products are nearly 4, the most that is aligned to an exponent of 0.
inline std::uint64_t full(const Element& e, std::mt19937_64& bits) {
    if (e.integer) return bits() % 8 == 0 ? e.integer->greatest() : e.integer->least();
    const std::uint64_t code = between(e.format, 0, 0, ~std::uint64_t{0}, bits);
    return bits() % 64 == 0 ? code : code & e.format.magnitude_mask();
}
inline std::uint64_t finite(const Element& e, std::mt19937_64& bits) {
    if (e.integer) return any(e, bits);
    return (bits() & e.format.sign_bit()) | bits() % (e.format.max_code() + 1);
}
/// Subnormal numbers, the least normal ones, and zeros.
inline std::uint64_t small(const Element& e, std::mt19937_64& bits) {
    if (e.integer) return bits() % 3;
    const std::uint64_t magnitude = bits() % 3 == 0 ? 0 : bits() % (2 * e.format.min_normal_code());
    return (bits() & e.format.sign_bit()) | magnitude;
}
inline std::uint64_t zero(const Element& e, std::mt19937_64& bits) {
    if (bits() % 64 == 0) return small(e, bits);
    return e.integer ? 0 : bits() & e.format.sign_bit();
}
inline std::uint64_t negative_zero(const Element& e, std::mt19937_64& bits) {
    return bits() % 64 == 0 || e.integer ? zero(e, bits) : e.format.sign_bit();
}
/// 2^-13, 2^-12, and 1 to 16 times the least number, between many zeros. Of binary16, products are half the least number,
/// 2^-25, beside 2^-48 to 2^-40: which of these count depends on the exponent that their block is aligned to.
inline std::uint64_t sparse(const Element& e, std::mt19937_64& bits) {
    if (e.integer || bits() % 3 != 0) return zero(e, bits);
    if (bits() % 2 == 0) return between(e.format, -13, -12, 0, bits);
    return (bits() & e.format.sign_bit()) |
           std::min(std::uint64_t{1} << (std::max<std::uint64_t>(bits() % 8, 3) - 3), e.format.max_code());
}
/// As many subnormal numbers as powers of two, between zeros: large products of subnormal numbers beside small ones show
/// by which exponents these align.
inline std::uint64_t subnormal_or_power(const Element& e, std::mt19937_64& bits) {
    if (e.integer || bits() % 2 == 0) return zero(e, bits);
    return bits() % 2 == 0 ? small(e, bits) : between(e.format, -14, 14, 0, bits);
}
/// Numbers of any size between zeros: a block may have a large product and its opposite, and another one a small product.
inline std::uint64_t scattered(const Element& e, std::mt19937_64& bits) {
    return bits() % 8 < 5 ? zero(e, bits) : binades<-12, 12>(e, bits);
}
/// The least number or the largest power of two, 2^-10 or 2^-6, between zeros. Of binary16 2^-24 * 2^15 = 2^-9 beside half its
/// last bit, 2^-20, and beside 2^-34: whether this breaks the tie depends on the exponent that the first one aligns to.
inline std::uint64_t end_or_tie(const Element& e, std::uint64_t end, std::mt19937_64& bits) {
    if (e.integer || bits() % 2 == 0) return zero(e, bits);
    if (bits() % 2 == 0) return end;
    return bits() % 2 == 0 ? between(e.format, -10, -10, 0, bits) : between(e.format, -6, -6, 0, bits);
}
inline std::uint64_t least_or_tie(const Element& e, std::mt19937_64& bits) { return end_or_tie(e, 1, bits); }
inline std::uint64_t largest_or_tie(const Element& e, std::mt19937_64& bits) {
    return end_or_tie(e, e.integer ? 0 : between(e.format, e.format.emax(), e.format.emax(), 0, bits), bits);
}
inline std::uint64_t large(const Element& e, std::mt19937_64& bits) {
    if (e.integer) return full(e, bits);
    return (bits() & e.format.sign_bit()) | (e.format.max_code() - bits() % (2 * e.format.min_normal_code()));
}
/// Ordinary numbers with some edges among them.
inline std::uint64_t sprinkled(const Element& e, std::mt19937_64& bits) {
    if (e.integer || bits() % 48 != 0) return binades<-3, 3>(e, bits);
    return property::edge_code(e.format, bits);
}

}  // namespace draw

/// A way to draw operands.
struct HostileKind {
    std::string_view name;  ///< as reports print it
    Draw a, b, c;           ///< for each matrix
    bool cancels = false;   ///< of every two neighbours along k the products are opposite, but for an eighth of them
};

/// The kinds, in the order in which they are tried.
inline constexpr std::array hostile_kinds = {
    HostileKind{"ordinary", draw::binades<-3, 3>, draw::binades<-3, 3>, draw::binades<-3, 3>},
    HostileKind{"random bits", draw::any, draw::any, draw::any},
    HostileKind{"random numbers", draw::finite, draw::finite, draw::finite},
    HostileKind{"few special values", draw::sprinkled, draw::sprinkled, draw::sprinkled},
    HostileKind{"infinite, few special values", draw::large, draw::sprinkled, draw::large},
    HostileKind{"powers of two", draw::power_of_two, draw::power_of_two, draw::binades<-6, 6>},
    HostileKind{"full significands", draw::full, draw::full, draw::full},
    HostileKind{"far apart", draw::binades<-12, 12>, draw::binades<-12, 12>, draw::binades<-24, 24>},
    HostileKind{"cancelling", draw::binades<-3, 3>, draw::binades<-3, 3>, draw::small, true},
    HostileKind{"scattered and cancelling", draw::scattered, draw::scattered, draw::zero, true},
    HostileKind{"cancelling large", draw::large, draw::large, draw::binades<100, 127>, true},
    HostileKind{"small", draw::small, draw::small, draw::small},
    HostileKind{"small times ordinary", draw::small, draw::binades<-3, 3>, draw::small},
    HostileKind{"ordinary times small", draw::binades<-3, 3>, draw::small, draw::small},
    HostileKind{"small products", draw::binades<-54, -46>, draw::binades<-54, -46>, draw::binades<-110, -90>},
    HostileKind{"least products", draw::binades<-70, -60>, draw::binades<-76, -60>, draw::zero},
    HostileKind{"vanishing products", draw::binades<-84, -76>, draw::binades<-84, -76>, draw::zero},
    HostileKind{"large products", draw::binades<56, 64>, draw::binades<56, 64>, draw::binades<110, 127>},
    HostileKind{"large", draw::large, draw::large, draw::large},
    HostileKind{"large c", draw::binades<-3, 8>, draw::large, draw::large},
    HostileKind{"sparse", draw::sparse, draw::sparse, draw::small},
    HostileKind{"subnormal numbers and powers of two", draw::subnormal_or_power, draw::subnormal_or_power, draw::zero},
    HostileKind{"the same and a small c", draw::subnormal_or_power, draw::subnormal_or_power, draw::binades<-40, -10>},
    HostileKind{"least and largest numbers and ties", draw::least_or_tie, draw::largest_or_tie, draw::zero},
    HostileKind{"zeros", draw::zero, draw::small, draw::zero},
    HostileKind{"negative zeros", draw::negative_zero, draw::full, draw::negative_zero},
};

/// Matrices of a kind for a row, the same for the same seed, of standard library's generator: on every machine.
struct Hostile {
    MatrixShape shape;                                        ///< of the product
    std::vector<std::uint64_t> a, b, c;                       ///< codes, row by row
    std::vector<std::uint64_t> a_scales = {}, b_scales = {};  ///< where the row has them

    /// Drawn by the seed.
    Hostile(const MmaSpec& spec, const HostileKind& kind, const MatrixShape& s, std::uint64_t seed)
        : shape(s), a(s.m * s.k), b(s.k * s.n), c(s.m * s.n) {
        std::mt19937_64 bits(seed);
        std::generate(a.begin(), a.end(), [&] { return kind.a(spec.a, bits); });
        std::generate(b.begin(), b.end(), [&] { return kind.b(spec.b, bits); });
        std::generate(c.begin(), c.end(), [&] { return kind.c(spec.accumulator, bits); });
        if (spec.scaling) draw_scales(*spec.scaling, bits);
        if (!kind.cancels || spec.a.integer) return;
        for (std::size_t k = 1; k < s.k; k += 2) {
            if (bits() % 8 == 0) continue;
            for (std::size_t i = 0; i < s.m; ++i) a[i * s.k + k] = a[i * s.k + k - 1];
            for (std::size_t j = 0; j < s.n; ++j) b[k * s.n + j] = b[(k - 1) * s.n + j] ^ spec.b.format.sign_bit();
        }
    }

    /// What element (i, j) of the product is made of; the column and its scales stay in `held`.
    MmaOperands operands(std::size_t i, std::size_t j, std::vector<std::uint64_t>& held) const {
        held.clear();
        for (const auto* matrix : {&b, &b_scales})
            for (std::size_t at = j; at < matrix->size(); at += shape.n) held.push_back((*matrix)[at]);
        const std::size_t blocks = a_scales.size() / std::max<std::size_t>(shape.m, 1);
        return {.a = std::span(a).subspan(i * shape.k, shape.k),
                .b = std::span(held).first(shape.k),
                .c = c[i * shape.n + j],
                .a_scales = std::span(a_scales).subspan(i * blocks, blocks),
                .b_scales = std::span(held).subspan(shape.k)};
    }

  private:
    /// About one, and now and then zero, if the format has it, or anything.
    void draw_scales(const Scaling& scaling, std::mt19937_64& bits) {
        const std::size_t block = static_cast<std::size_t>(scaling.block), blocks = (shape.k + block - 1) / block;
        a_scales.resize(shape.m * blocks), b_scales.resize(blocks * shape.n);
        for (auto* scales : {&a_scales, &b_scales})
            for (std::uint64_t& code : *scales)
                code = bits() % 16 == 0 ? bits() & (bits() % 4 == 0 ? 0 : 0xFF)
                                        : between(scaling.format, -3, 3, bits(), bits) & scaling.format.code_mask();
    }
};

}  // namespace halfulp
