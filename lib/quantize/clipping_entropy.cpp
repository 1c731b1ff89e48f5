#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <halfulp/lib/quantize/clipping.hpp>

namespace halfulp::quantize {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// KL divergence of the first `used` bins and all that is beyond from `levels` levels.
double divergence(std::span<const std::uint64_t> counts, std::uint64_t beyond, std::size_t used, std::size_t levels) {
    std::vector<double> spread(levels);
    std::vector<std::size_t> occupied(levels);
    double inside = 0;
    for (std::size_t i = 0; i < used; ++i) {
        if (counts[i] == 0) continue;
        spread[i * levels / used] += static_cast<double>(counts[i]);
        ++occupied[i * levels / used];
        inside += static_cast<double>(counts[i]);
    }
    const double all = inside + static_cast<double>(beyond);
    double sum = 0;
    for (std::size_t i = 0; i < used; ++i) {
        const double p = static_cast<double>(counts[i] + (i + 1 == used ? beyond : 0)) / all;
        if (p == 0) continue;
        if (counts[i] == 0) return infinite;
        const std::size_t level = i * levels / used;
        sum += p * std::log(p * inside * static_cast<double>(occupied[level]) / spread[level]);
    }
    return sum;
}

/// The same from sums over bins, in a logarithm a level: right but for rounding.
class RoughDivergence {
  public:
    RoughDivergence(const std::vector<std::uint64_t>& counts, std::size_t levels)
        : counts_(counts), levels_(levels), sums_(counts.size() + 1), logs_(sums_.size()), occupied_(sums_.size()) {
        for (std::size_t i = 0; i < counts.size(); ++i) {
            sums_[i + 1] = sums_[i] + static_cast<double>(counts[i]);
            logs_[i + 1] = logs_[i] + x_log_x(static_cast<double>(counts[i]));
            occupied_[i + 1] = occupied_[i] + (counts[i] == 0 ? 0 : 1);
        }
    }

    double operator()(std::size_t used) const {
        const double all = sums_.back(), inside = sums_[used], beyond = all - inside;
        const double last = static_cast<double>(counts_[used - 1]);
        if (last == 0 && beyond > 0) return infinite;
        double sum = logs_[used - 1] + x_log_x(last + beyond) - all * std::log(all / inside);
        std::size_t from = 0;
        for (std::size_t level = 1; level <= levels_; ++level) {
            const std::size_t to = (level * used + levels_ - 1) / levels_;  // the first bin of the next level
            const double count = sums_[to] - sums_[from];
            if (count > 0)
                sum -= (count + (level == levels_ ? beyond : 0)) * std::log(count / (occupied_[to] - occupied_[from]));
            from = to;
        }
        return sum / all;
    }

  private:
    static double x_log_x(double x) { return x == 0 ? 0 : x * std::log(x); }

    const std::vector<std::uint64_t>& counts_;
    std::size_t levels_;
    std::vector<double> sums_, logs_, occupied_;  ///< of the bins before each
};

}  // namespace

double entropy_reach(const Histogram& magnitudes, std::size_t levels) {
    std::vector<std::uint64_t> counts = magnitudes.counts;
    if (counts.size() > 1) counts[0] = counts[1];
    const RoughDivergence rough(counts, levels);
    std::vector<double> about(counts.size() + 1, infinite);
    for (std::size_t used = levels; used <= counts.size(); ++used) about[used] = rough(used);
    // Which of those that are about as small is the least, is for the definition to say.
    const double small = *std::ranges::min_element(about) + 1e-9;
    const std::uint64_t total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
    double least = infinite, reach = magnitudes.edge(counts.size());
    for (std::size_t used = levels; used <= counts.size(); ++used) {
        if (about[used] > small) continue;
        const auto end = counts.begin() + static_cast<std::ptrdiff_t>(used);
        const std::uint64_t inside = std::accumulate(counts.begin(), end, std::uint64_t{0});
        const double d = divergence(counts, total - inside, used, levels);
        if (d <= least && d < infinite) {
            least = d;
            reach = magnitudes.edge(used);
        }
    }
    return reach;
}

}  // namespace halfulp::quantize
