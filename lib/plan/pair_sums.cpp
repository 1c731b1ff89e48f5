#include <halfulp/lib/plan/pair_sums.hpp>

#include <algorithm>

namespace halfulp::plan {
namespace {

constexpr int offset = 128;  // makes signed bytes unsigned

bool fits_16_bits(int x) { return x >= INT16_MIN && x <= INT16_MAX; }

/// Of a column of A, raised.
struct Range {
    int least = 255, most = 0;
};

std::vector<Range> ranges_of(const ByteMatrices& x) {
    std::vector<Range> ranges(x.k);
    for (std::size_t i = 0; i < x.a.size(); ++i) {
        Range& range = ranges[i % x.k];
        range.least = std::min(range.least, x.a[i] + offset);
        range.most = std::max(range.most, x.a[i] + offset);
    }
    return ranges;
}

}  // namespace

PairSum pair_sum(const ByteMatrices& x, std::size_t row, std::size_t column) {
    PairSum s;
    for (std::size_t l = 0; l < x.k; l += 2) {
        int pair = 0, weights = 0;
        for (std::size_t i = l; i < std::min(l + 2, x.k); ++i) {
            const int weight = x.b[i * x.n + column];
            pair += (x.a[row * x.k + i] + offset) * weight;
            weights += weight;
        }
        const int kept = std::clamp<int>(pair, INT16_MIN, INT16_MAX), lost = pair - kept;
        s.sum += kept - offset * weights;
        s.lost += lost;
        s.squares += static_cast<double>(lost) * lost;
        s.saturated += lost != 0 ? 1 : 0;
    }
    return s;
}

bool may_saturate(const ByteMatrices& x) {
    const std::vector<Range> ranges = ranges_of(x);
    for (std::size_t l = 0; l + 1 < x.k; l += 2)
        for (std::size_t j = 0; j < x.n; ++j) {
            int least = 0, most = 0;
            for (const std::size_t i : {l, l + 1}) {
                const int weight = x.b[i * x.n + j];
                least += weight * (weight < 0 ? ranges[i].most : ranges[i].least);
                most += weight * (weight < 0 ? ranges[i].least : ranges[i].most);
            }
            if (!fits_16_bits(least) || !fits_16_bits(most)) return true;
        }
    return false;
}

}  // namespace halfulp::plan
