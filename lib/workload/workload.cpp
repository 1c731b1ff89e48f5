#include <halfulp/lib/workload/workload.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <halfulp/softfloat/random.hpp>

namespace halfulp::workload {
namespace {

/// In [0, 1), of 24 bits.
float uniform(std::uint64_t seed, std::uint64_t index) {
    return static_cast<float>(random_bits(seed, index) >> 40) * 0x1p-24F;
}

/// Twelve uniform numbers less 6 (Irwin and Hall): variance 1, close to normal within three deviations, and, unlike
/// logarithms and cosines, the same bits with every library.
float normal(std::uint64_t seed, std::uint64_t index) {
    std::int64_t sum = 0;
    for (std::uint64_t draw = 0; draw < 3; ++draw)
        for (std::uint64_t bits = random_bits(seed, 3 * index + draw), field = 0; field < 4; ++field, bits >>= 16)
            sum += static_cast<std::int64_t>(bits & 0xFFFF);
    return static_cast<float>(sum - 6L * 0x10000) * 0x1p-16F;
}

/// 2^(2 x) for a normal x, but for straight lines between the powers of two, of a random sign: the same bits with every
/// library, unlike exponentials.
float log_normal(std::uint64_t seed, std::uint64_t index) {
    const float exponent = 2 * normal(seed, index), whole = std::floor(exponent);
    const float magnitude = std::ldexp(1 + (exponent - whole), static_cast<int>(whole));
    return (random_bits(seed + (std::uint64_t{1} << 32), index) & 1) != 0 ? -magnitude : magnitude;
}

float outlier(std::uint64_t seed, std::uint64_t index) {
    const bool is_large = (random_bits(seed + (std::uint64_t{1} << 32), index) & 255) == 0;
    return normal(seed, index) * (is_large ? 64 : 1);
}

float number(Data data, std::uint64_t seed, std::uint64_t index) {
    switch (data) {
        case Data::Uniform: return uniform(seed, index);
        case Data::LogNormal: return log_normal(seed, index);
        case Data::Outliers: return outlier(seed, index);
        default: return normal(seed, index);
    }
}

std::vector<float> numbers(std::size_t count, Data data, std::uint64_t seed) {
    std::vector<float> x(count);
    for (std::size_t i = 0; i < count; ++i) x[i] = number(data, seed, i);
    return x;
}

/// Of k terms, every step-th number from the first on, the second half is minus the first, less a part in 2^20; a term in the
/// middle is 0.
void cancel(std::vector<float>& x, std::size_t first, std::size_t step, std::size_t k) {
    const std::size_t half = k / 2;
    if (k % 2 == 1) x[first + half * step] = 0;
    for (std::size_t l = 0; l < half; ++l) x[first + (k - half + l) * step] = -x[first + l * step] * (1 - 0x1p-20F);
}

/// The second half is the first.
void repeat(std::vector<float>& x, std::size_t first, std::size_t step, std::size_t k) {
    const std::size_t half = k / 2;
    for (std::size_t l = 0; l < half; ++l) x[first + (k - half + l) * step] = x[first + l * step];
}

/// Every result's terms, whatever is made of them.
void cancel_terms(Problem& p) {
    for (std::size_t row = 0; row < p.a.size(); row += p.k) cancel(p.a, row, 1, p.k);
    if (p.workload.kind != Kind::LayerGradients) {
        for (std::size_t j = 0; p.workload.has_b && j < p.n; ++j) repeat(p.b, j, p.n, p.k);
        return;
    }
    for (std::size_t j = 0; j < p.n; ++j) {
        cancel(p.a, j, p.n, p.k);
        repeat(p.b, j * p.k, 1, p.k);
        repeat(p.inputs, j, p.k, p.k);
    }
}

/// Throws std::invalid_argument if so many rows of so many numbers are more than there can be.
std::size_t product(std::size_t rows, std::size_t columns) {
    if (columns > std::numeric_limits<std::ptrdiff_t>::max() / sizeof(float) / rows)
        throw std::invalid_argument("expected a size whose matrices fit into memory, found " + std::to_string(rows));
    return rows * columns;
}

}  // namespace

Problem make_problem(const Workload& workload, std::size_t size, Data data, std::uint64_t seed) {
    if (size == 0) throw std::invalid_argument("expected a size of at least 1, found 0");
    const bool is_backward = workload.kind == Kind::LayerGradients;
    const std::size_t rows = workload.is_vector ? 1 : size;
    Problem p{workload, is_backward ? 2 * size + 1 : rows, workload.has_columns ? size : 1, size, {}, {}, {}};
    p.a = numbers(product(rows, p.k), data, seed);
    if (workload.has_b) p.b = numbers(product(p.k, p.n), data, seed + 1);
    if (workload.kind == Kind::Layer) p.bias = numbers(p.n, data, seed + 2);
    if (is_backward) p.inputs = numbers(product(rows, p.k), data, seed + 2);
    if (data == Data::Gradients)
        for (float& x : p.a) x *= 0x1p-28F;
    if (data == Data::Cancelling) cancel_terms(p);
    return p;
}

double operations(const Problem& p) {
    const auto results = static_cast<double>(p.m) * static_cast<double>(p.n), terms = static_cast<double>(p.k);
    const double epilogue = p.workload.kind == Kind::Layer ? 2 * results : 0;
    return results * terms * (p.workload.has_b ? 2 : 1) + epilogue;
}

}  // namespace halfulp::workload
