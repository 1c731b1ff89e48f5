#include <cstdio>
#include <random>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/softfloat/convert.hpp>

using namespace halfulp;

/// Normal numbers in fp16.
Matrix random_halves(std::size_t rows, std::size_t columns, unsigned seed) {
    std::mt19937_64 bits(seed);
    Matrix matrix{binary16, rows, columns, {}};
    for (std::size_t i = 0; i < rows * columns; ++i)
        matrix.codes.push_back((bits() & 0x83FF) | ((10 + bits() % 10) << 10));  // 2^-5 to 2^5
    return matrix;
}

int main() {
    const Gemm gemm{random_halves(16, 256, 1), random_halves(256, 8, 2)};
    const Unit unit = find_units("A100:fp16-fp32").front().unit;

    // What your kernel must leave: one pass over K, or K in two slices whose sums are added.
    const Matrix whole = predict(unit, {}, gemm);
    const Matrix split = predict(unit, {.tile_k = 16, .split_k = 2}, gemm);
    std::size_t differ = 0;
    for (std::size_t i = 0; i < whole.codes.size(); ++i)
        if (whole.codes[i] != split.codes[i]) ++differ;
    std::printf("split-K changes %zu of %zu elements\n", differ, whole.codes.size());

    // The other way: here `split` stands for what came back from the GPU.
    std::fputs(explanation_text(explain(gemm, split)).c_str(), stdout);
}
