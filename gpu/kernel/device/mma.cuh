#pragma once

#include <cstdint>

#include <halfulp/gpu/kernel/device/thread.cuh>

// Matrix instructions, a struct each: D = A B + D, with A row after row and B column after column.
//
// In PTX's layouts (PTX ISA, "Matrix Fragments for mma") the fragments are the same in bytes whatever the elements are.
// With g = lane / 4 and t = lane % 4, word i of A is of row g + 8 (i % 2), bytes 4 t and on from 16 (i / 2); word i of
// B is of column g, bytes 4 t and on from 16 i; number i of D is of row g + 8 (i / 2) and column 2 t + i % 2, and where
// D is f16 two numbers share a word. Instructions of 8 rows have the words and numbers of row g only.
//
// D is tied to C: compilers have been seen to mix them up where they differ.

namespace halfulp::device {

// The instructions by how many words a lane has of D, A and B. Macros, as an asm string has to be a literal.
#define HALFULP_MMA_4_4_2(Name, instruction, Type, constraint)                                                    \
    struct Name {                                                                                                 \
        using Word = Type;                                                                                        \
        static constexpr unsigned d_words = 4, a_words = 4, b_words = 2;                                          \
        __device__ static void multiply_add(Word* d, const std::uint32_t* a, const std::uint32_t* b) {            \
            asm volatile("mma.sync.aligned." instruction                                                          \
                         " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"                       \
                         : "+" constraint(d[0]), "+" constraint(d[1]), "+" constraint(d[2]), "+" constraint(d[3]) \
                         : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));                     \
        }                                                                                                         \
    }
#define HALFULP_MMA_2_4_2(Name, instruction)                                                                \
    struct Name {                                                                                           \
        using Word = std::uint32_t;                                                                         \
        static constexpr unsigned d_words = 2, a_words = 4, b_words = 2;                                    \
        __device__ static void multiply_add(Word* d, const std::uint32_t* a, const std::uint32_t* b) {      \
            asm volatile("mma.sync.aligned." instruction " {%0, %1}, {%2, %3, %4, %5}, {%6, %7}, {%0, %1};" \
                         : "+r"(d[0]), "+r"(d[1])                                                           \
                         : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));               \
        }                                                                                                   \
    }
#define HALFULP_MMA_4_2_1(Name, instruction, Type, constraint)                                                    \
    struct Name {                                                                                                 \
        using Word = Type;                                                                                        \
        static constexpr unsigned d_words = 4, a_words = 2, b_words = 1;                                          \
        __device__ static void multiply_add(Word* d, const std::uint32_t* a, const std::uint32_t* b) {            \
            asm volatile("mma.sync.aligned." instruction " {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"   \
                         : "+" constraint(d[0]), "+" constraint(d[1]), "+" constraint(d[2]), "+" constraint(d[3]) \
                         : "r"(a[0]), "r"(a[1]), "r"(b[0]));                                                      \
        }                                                                                                         \
    }
#define HALFULP_MMA_2_2_1(Name, instruction)                                                           \
    struct Name {                                                                                      \
        using Word = std::uint32_t;                                                                    \
        static constexpr unsigned d_words = 2, a_words = 2, b_words = 1;                               \
        __device__ static void multiply_add(Word* d, const std::uint32_t* a, const std::uint32_t* b) { \
            asm volatile("mma.sync.aligned." instruction " {%0, %1}, {%2, %3}, {%4}, {%0, %1};"        \
                         : "+r"(d[0]), "+r"(d[1])                                                      \
                         : "r"(a[0]), "r"(a[1]), "r"(b[0]));                                           \
        }                                                                                              \
    }
// Of 8 rows.
#define HALFULP_MMA_2_1_1(Name, instruction)                                                           \
    struct Name {                                                                                      \
        using Word = std::int32_t;                                                                     \
        static constexpr unsigned d_words = 2, a_words = 1, b_words = 1;                               \
        __device__ static void multiply_add(Word* d, const std::uint32_t* a, const std::uint32_t* b) { \
            asm volatile("mma.sync.aligned." instruction " {%0, %1}, {%2}, {%3}, {%0, %1};"            \
                         : "+r"(d[0]), "+r"(d[1])                                                      \
                         : "r"(a[0]), "r"(b[0]));                                                      \
        }                                                                                              \
    }

// From sm_75 on.
HALFULP_MMA_4_2_1(M16N8K8_F32_F16, "m16n8k8.row.col.f32.f16.f16.f32", float, "f");
HALFULP_MMA_2_2_1(M16N8K8_F16_F16, "m16n8k8.row.col.f16.f16.f16.f16");
HALFULP_MMA_2_1_1(M8N8K16_S32_S8, "m8n8k16.row.col.s32.s8.s8.s32");
HALFULP_MMA_2_1_1(M8N8K16_S32_U8, "m8n8k16.row.col.s32.u8.u8.s32");
HALFULP_MMA_2_1_1(M8N8K16_S32_S8_Satfinite, "m8n8k16.row.col.satfinite.s32.s8.s8.s32");

// From sm_80 on.
HALFULP_MMA_4_4_2(M16N8K16_F32_F16, "m16n8k16.row.col.f32.f16.f16.f32", float, "f");
HALFULP_MMA_2_4_2(M16N8K16_F16_F16, "m16n8k16.row.col.f16.f16.f16.f16");
HALFULP_MMA_4_4_2(M16N8K16_F32_BF16, "m16n8k16.row.col.f32.bf16.bf16.f32", float, "f");
HALFULP_MMA_4_2_1(M16N8K8_F32_BF16, "m16n8k8.row.col.f32.bf16.bf16.f32", float, "f");
HALFULP_MMA_4_4_2(M16N8K8_F32_TF32, "m16n8k8.row.col.f32.tf32.tf32.f32", float, "f");
HALFULP_MMA_4_2_1(M16N8K4_F32_TF32, "m16n8k4.row.col.f32.tf32.tf32.f32", float, "f");
HALFULP_MMA_4_4_2(M16N8K32_S32_S8, "m16n8k32.row.col.s32.s8.s8.s32", std::int32_t, "r");
HALFULP_MMA_4_4_2(M16N8K32_S32_U8, "m16n8k32.row.col.s32.u8.u8.s32", std::int32_t, "r");
HALFULP_MMA_4_4_2(M16N8K32_S32_S8_U8, "m16n8k32.row.col.s32.s8.u8.s32", std::int32_t, "r");
HALFULP_MMA_4_4_2(M16N8K32_S32_U8_S8, "m16n8k32.row.col.s32.u8.s8.s32", std::int32_t, "r");
HALFULP_MMA_4_4_2(M16N8K32_S32_S8_Satfinite, "m16n8k32.row.col.satfinite.s32.s8.s8.s32", std::int32_t, "r");
HALFULP_MMA_4_2_1(M16N8K16_S32_S8, "m16n8k16.row.col.s32.s8.s8.s32", std::int32_t, "r");

// From sm_89 on.
HALFULP_MMA_4_4_2(M16N8K32_F32_E4M3, "m16n8k32.row.col.f32.e4m3.e4m3.f32", float, "f");
HALFULP_MMA_4_4_2(M16N8K32_F32_E5M2, "m16n8k32.row.col.f32.e5m2.e5m2.f32", float, "f");
HALFULP_MMA_4_4_2(M16N8K32_F32_E4M3_E5M2, "m16n8k32.row.col.f32.e4m3.e5m2.f32", float, "f");
HALFULP_MMA_4_4_2(M16N8K32_F32_E5M2_E4M3, "m16n8k32.row.col.f32.e5m2.e4m3.f32", float, "f");
HALFULP_MMA_2_4_2(M16N8K32_F16_E4M3, "m16n8k32.row.col.f16.e4m3.e4m3.f16");
HALFULP_MMA_2_4_2(M16N8K32_F16_E5M2, "m16n8k32.row.col.f16.e5m2.e5m2.f16");

#undef HALFULP_MMA_4_4_2
#undef HALFULP_MMA_2_4_2
#undef HALFULP_MMA_4_2_1
#undef HALFULP_MMA_2_2_1
#undef HALFULP_MMA_2_1_1

/// Do two numbers of D share a word?
template <class Mma>
inline constexpr bool shares_words = Mma::d_words == 2 && Mma::a_words > 1;

/// Number i of the lane's part of D.
template <class Mma>
__device__ auto number_of(const typename Mma::Word* d, unsigned i) {
    if constexpr (shares_words<Mma>)
        return static_cast<std::uint16_t>(d[i / 2] >> i % 2 * 16);
    else
        return d[i];
}

/// Sets number i of D, in ascending order of i.
template <class Mma>
__device__ void set_number(typename Mma::Word* d, unsigned i, auto x) {
    if constexpr (shares_words<Mma>)
        d[i / 2] = i % 2 == 0 ? x : d[i / 2] | typename Mma::Word{x} << 16;
    else
        d[i] = x;
}

}  // namespace halfulp::device
