#pragma once

#include <array>
#include <halfulp/lib/matrix_unit/recordings.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <optional>
#include <vector>

// What the dot instructions of this CPU make of random operands, as recordings.

namespace halfulp::test {

#if defined(__x86_64__)

typedef std::uint32_t Lanes __attribute__((vector_size(16)));

inline void vdpbf16ps(Lanes& d, const Lanes& a, const Lanes& b) {
    asm volatile("vdpbf16ps %2, %1, %0" : "+x"(d) : "x"(a), "x"(b));
}
inline void vpdpbusd(Lanes& d, const Lanes& a, const Lanes& b) {
    asm volatile("vpdpbusd %2, %1, %0" : "+x"(d) : "x"(a), "x"(b));
}
inline void vpdpbusds(Lanes& d, const Lanes& a, const Lanes& b) {
    asm volatile("vpdpbusds %2, %1, %0" : "+x"(d) : "x"(a), "x"(b));
}

inline bool has_bf16_dot() { return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vl"); }
inline bool has_byte_dot() { return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl"); }

/// Operands of 32 bits to be dot products of one instruction, and what it makes of them.
class CpuRecorder {
  public:
    using Instruction = void (*)(Lanes&, const Lanes&, const Lanes&);

    CpuRecorder(const MmaSpec& row, Instruction instruction) : instruction_(instruction) {
        recording_.gpu = "this CPU";
        recording_.input = name_of(row.a);
        recording_.output = name_of(row.accumulator);
        recording_.spec = &row;
        recording_.k = 32 / static_cast<std::size_t>(row.a.width());
    }

    void add(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
        Lanes d{c, 0, 0, 0};
        instruction_(d, Lanes{a, 0, 0, 0}, Lanes{b, 0, 0, 0});
        const int width = recording_.spec->a.width();
        for (int at = 0; at < 32; at += width) {
            recording_.a.push_back(a >> at & recording_.spec->a.code_mask());
            recording_.b.push_back(b >> at & recording_.spec->b.code_mask());
        }
        recording_.c.push_back(c);
        recording_.d.push_back(d[0]);
    }

    const Recording& recording() const { return recording_; }

  private:
    Instruction instruction_;
    Recording recording_;
};

/// A code that is likely to meet others: near a landmark, or near 1 or near what was before.
inline std::uint32_t meeting_code(const Format& f, int exponent, property::SplitMix& bits) {
    if (bits() % 3 == 0) return static_cast<std::uint32_t>(property::edge_code(f, bits));
    return static_cast<std::uint32_t>(property::at_exponent(f, bits() & f.code_mask(), exponent, 6, bits));
}

inline Recording bf16_dots(const MmaSpec& row, std::size_t count) {
    CpuRecorder recorder(row, vdpbf16ps);
    property::SplitMix bits{1};
    for (std::size_t i = 0; i < count; ++i) {
        const int e_a = static_cast<int>(bits() % 256) - 127, e_b = static_cast<int>(bits() % 256) - 127;
        const auto pair = [&](int exponent) {
            return meeting_code(bfloat16, exponent, bits) << 16 | meeting_code(bfloat16, exponent, bits);
        };
        const std::uint32_t a = pair(e_a), b = pair(e_b);
        recorder.add(a, b, meeting_code(binary32, e_a + e_b, bits));
    }
    return recorder.recording();
}

/// Any bytes and sums; and 255 times 127 or -128, four times, beside the ends of the range.
inline Recording byte_dots(const MmaSpec& row, CpuRecorder::Instruction instruction, std::size_t count) {
    CpuRecorder recorder(row, instruction);
    property::SplitMix bits{2};
    for (std::size_t i = 0; i < count; ++i) {
        const auto word = [&](std::uint32_t end) {
            return i % 2 == 0 ? end ^ static_cast<std::uint32_t>(bits() & 0x03030303)
                              : static_cast<std::uint32_t>(bits());
        };
        constexpr std::array ends{0x7f7f7f7fU, 0x80808080U, 0x7f7f8080U, 0x80807f7fU};
        const std::uint32_t a = word(0xffffffff), b = word(ends[bits() % 4]);
        recorder.add(a, b, word(bits() % 2 == 0 ? 0x7ffffff0 : 0x80000010));
    }
    return recorder.recording();
}

/// Results of the row's instruction, where this CPU has it and the row is of dot products in 32 bits.
inline std::optional<Recording> cpu_dot(const MmaSpec& row, std::size_t count) {
    if (row.processor != "x86") return std::nullopt;
    if (row.instruction == "VDPBF16PS" && has_bf16_dot()) return bf16_dots(row, count);
    if (row.instruction == "VPDPBUSD" && has_byte_dot()) return byte_dots(row, vpdpbusd, count);
    if (row.instruction == "VPDPBUSDS" && has_byte_dot()) return byte_dots(row, vpdpbusds, count);
    return std::nullopt;
}

#else

inline std::optional<Recording> cpu_dot(const MmaSpec&, std::size_t) { return std::nullopt; }

#endif

}  // namespace halfulp::test
