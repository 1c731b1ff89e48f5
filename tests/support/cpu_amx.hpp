#pragma once

#include <halfulp/lib/matrix_unit/recordings.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <optional>

// What AMX makes of random tiles, as recordings, on CPUs that have it.

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <halfulp/lib/property/operands.hpp>

namespace halfulp::test {

/// 16 rows of 64 bytes.
struct alignas(64) Tile {
    std::array<std::uint8_t, 1024> bytes{};

    /// An element of 8, 16 or 32 bits.
    void set(std::size_t row, std::size_t column, int width, std::uint64_t code) {
        const std::size_t size = static_cast<std::size_t>(width) / 8;
        std::memcpy(&bytes[row * 64 + column * size], &code, size);  // little-endian, as x86 is
    }
};

/// LDTILECFG's memory: palette 1, eight tiles of 16 rows of 64 bytes.
struct alignas(64) TileConfiguration {
    std::uint8_t palette = 1, start_row = 0;
    std::array<std::uint8_t, 14> reserved{};
    std::array<std::uint16_t, 16> bytes_per_row{64, 64, 64, 64, 64, 64, 64, 64};
    std::array<std::uint8_t, 16> rows{16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfiguration) == 64);

/// tmm0 = c, tmm1 = a, tmm2 = b; then `op tmm0, tmm1, tmm2`, whose VEX prefix and opcode are given, for not every assembler
/// knows the mnemonics.
#define HALFULP_AMX(prefix, opcode)                                                          \
    +[](Tile& c, const Tile& a, const Tile& b) {                                             \
        const TileConfiguration configuration;                                               \
        asm volatile(                                                                        \
            "ldtilecfg %0\n\ttileloadd (%1,%4,1), %%tmm0\n\ttileloadd (%2,%4,1), %%tmm1\n\t" \
            "tileloadd (%3,%4,1), %%tmm2\n\t.byte 0xc4, 0xe2, " prefix ", " opcode           \
            ", 0xc1\n\ttilestored %%tmm0, (%1,%4,1)\n\ttilerelease"                          \
            :                                                                                \
            : "m"(configuration), "r"(&c), "r"(&a), "r"(&b), "r"(std::uint64_t{64})          \
            : "memory");                                                                     \
    }

struct AmxInstruction {
    std::string_view name;
    unsigned leaf7_subleaf, in_edx, bit;  ///< where CPUID says that the CPU has it: in EDX, or else in EAX
    void (*run)(Tile&, const Tile&, const Tile&);
};

inline constexpr std::array amx_instructions = {
    AmxInstruction{"TDPBF16PS", 0, 1, 22, HALFULP_AMX("0x6a", "0x5c")},
    AmxInstruction{"TDPFP16PS", 1, 0, 21, HALFULP_AMX("0x6b", "0x5c")},
    AmxInstruction{"TDPBUUD", 0, 1, 25, HALFULP_AMX("0x68", "0x5e")},
    AmxInstruction{"TDPBUSD", 0, 1, 25, HALFULP_AMX("0x69", "0x5e")},
    AmxInstruction{"TDPBSUD", 0, 1, 25, HALFULP_AMX("0x6a", "0x5e")},
    AmxInstruction{"TDPBSSD", 0, 1, 25, HALFULP_AMX("0x6b", "0x5e")},
};
#undef HALFULP_AMX

/// Has the CPU the instruction, and does Linux let this process use tiles?
inline bool has(const AmxInstruction& instruction) {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (__get_cpuid_count(7, instruction.leaf7_subleaf, &eax, &ebx, &ecx, &edx) == 0) return false;
    if (((instruction.in_edx != 0 ? edx : eax) >> instruction.bit & 1) == 0) return false;
    constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
    return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

/// A code of 1 or so, or one in eight times anything that is finite: which NaN AMX lets through is not modelled.
inline std::uint64_t tile_code(const Element& e, property::SplitMix& bits) {
    if (e.integer) return bits() & e.code_mask();
    for (;;) {
        const std::uint64_t any = bits() & e.code_mask();
        const std::uint64_t code = bits() % 8 == 0 ? any : property::at_exponent(e.format, any, 0, 8, bits);
        if ((code & e.format.magnitude_mask()) <= e.format.max_code()) return code;
    }
}

/// 256 dot products: of each row of a tile A with each column of a tile B, whose dwords hold neighbours along k.
inline void add_tile(Recording& r, const AmxInstruction& instruction, property::SplitMix& bits) {
    const MmaSpec& row = *r.spec;
    const std::size_t per_dword = 32 / static_cast<std::size_t>(row.a.width());
    Tile a, b, c;
    std::vector<std::uint64_t> as(16 * r.k), bs(16 * r.k), cs(256);
    for (std::size_t i = 0; i < as.size(); ++i) {
        as[i] = tile_code(row.a, bits), bs[i] = tile_code(row.b, bits);
        const std::size_t line = i / r.k, k = i % r.k;  // of A its row, of B its column
        a.set(line, k, row.a.width(), as[i]);
        b.set(k / per_dword, line * per_dword + k % per_dword, row.b.width(), bs[i]);
    }
    for (std::size_t i = 0; i < cs.size(); ++i) c.set(i / 16, i % 16, 32, cs[i] = tile_code(row.accumulator, bits));
    instruction.run(c, a, b);
    for (std::size_t i = 0; i < cs.size(); ++i) {
        const auto line = [&](const std::vector<std::uint64_t>& all, std::size_t at) {
            return std::pair(all.begin() + static_cast<std::ptrdiff_t>(at * r.k),
                             all.begin() + static_cast<std::ptrdiff_t>((at + 1) * r.k));
        };
        const auto [a_first, a_last] = line(as, i / 16);
        const auto [b_first, b_last] = line(bs, i % 16);
        r.a.insert(r.a.end(), a_first, a_last);
        r.b.insert(r.b.end(), b_first, b_last);
        r.c.push_back(cs[i]);
        std::uint32_t d = 0;
        std::memcpy(&d, &c.bytes[4 * i], sizeof d);
        r.d.push_back(d);
    }
}

/// Results of the row's instruction, where this CPU has it. `count` is rounded up to whole tiles.
inline std::optional<Recording> amx_dots(const MmaSpec& row, std::size_t count) {
    const auto* instruction = std::find_if(amx_instructions.begin(), amx_instructions.end(),
                                           [&](const AmxInstruction& x) { return x.name == row.instruction; });
    if (instruction == amx_instructions.end() || !has(*instruction)) return std::nullopt;
    Recording r{"this CPU",
                name_of(row.a),
                name_of(row.accumulator),
                &row,
                512U / static_cast<unsigned>(row.a.width()),
                {},
                {},
                {},
                {}};
    property::SplitMix bits{3};
    while (r.d.size() < count) add_tile(r, *instruction, bits);
    return r;
}

}  // namespace halfulp::test

#else

namespace halfulp::test {

inline std::optional<Recording> amx_dots(const MmaSpec&, std::size_t) { return std::nullopt; }

}  // namespace halfulp::test

#endif
