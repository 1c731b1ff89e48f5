#pragma once

#include <initializer_list>
#include <vector>

#include <halfulp/lib/matrix_unit/spec.hpp>

// The rows of the table of matrix units, a file a vendor, in the order in which the table lists them.
//
// What has no row, and why:
//   c and d of different formats (wmma; mma.m8n8k4): where they are converted is not published. If c is widened before all
//     else, which is exact, the row into binary32 has the result.
//   b1 (xor, and, popcount): counts of bits, exact, in which no unit differs from another.
//   Sparse instructions: they would be the dense rows of the elements that the metadata selects, which nobody has tested.
//   TCMMRLFP16PS, TCMMIMFP16PS (complex): TDPFP16PS, in which k counts real and imaginary parts, with the imaginary parts of
//     B negated, and with both parts of B exchanged (Bochs; tests/unit/mma_families_test.cpp), but for the signs of NaNs.
//   TMMULTF32PS (AMX with tf32): what is published does not say in which order it adds.
//   CDNA4 and RDNA: no model of them is published.

namespace halfulp {

/// Rows as they are collected.
using Rows = std::vector<MmaSpec>;

/// NVIDIA's GPUs.
void add_nvidia_rows(Rows& rows);
/// AMD's GPUs.
void add_amd_rows(Rows& rows);
/// AVX-512 and AMX.
void add_x86_rows(Rows& rows);
/// Arm's dot and matrix instructions.
void add_arm_rows(Rows& rows);

/// For each of which there is a row.
using Elements = std::initializer_list<Element>;

/// The row for these elements.
inline void add_row(Rows& rows, MmaSpec row, const Element& a, const Element& b) {
    row.a = a;
    row.b = b;
    rows.push_back(row);
}

/// The row for each of the elements: a and b are of the same one.
inline void add_each(Rows& rows, const MmaSpec& row, Elements elements) {
    for (const Element& input : elements) add_row(rows, row, input, input);
}

/// The row for every two different elements.
inline void add_mixed(Rows& rows, const MmaSpec& row, Elements elements) {
    for (const Element& a : elements)
        for (const Element& b : elements)
            if (a != b) add_row(rows, row, a, b);
}

/// The row for each a with each b.
inline void add_product(Rows& rows, const MmaSpec& row, Elements as, Elements bs) {
    for (const Element& a : as)
        for (const Element& b : bs) add_row(rows, row, a, b);
}

/// The row for every two elements, equal ones among them.
inline void add_any(Rows& rows, const MmaSpec& row, Elements elements) { add_product(rows, row, elements, elements); }

}  // namespace halfulp
