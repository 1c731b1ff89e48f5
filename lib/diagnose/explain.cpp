#include <halfulp/lib/diagnose/explain.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

constexpr std::size_t closest_shown = 5;

/// Evenly spread places, at most `most` of `size`.
std::vector<std::size_t> spread(std::size_t size, std::size_t most) {
    const std::size_t count = std::min(size, most);
    std::vector<std::size_t> places(count);
    for (std::size_t i = 0; i < count; ++i) places[i] = i * size / count;
    return places;
}

/// A product and its result, or some rows and columns of them.
struct Case {
    Gemm gemm;
    Matrix d;
};

Case sample(const Gemm& gemm, const Matrix& d, std::size_t most) {
    const auto rows = spread(d.rows, most), columns = spread(d.columns, most), depth = spread(gemm.b.rows, gemm.b.rows);
    Case chosen{{part(gemm.a, rows, depth), part(gemm.b, depth, columns)}, part(d, rows, columns)};
    if (gemm.c) chosen.gemm.c = part(*gemm.c, rows, columns);
    if (!gemm.a_scales) return chosen;
    const auto blocks = spread(gemm.b_scales->rows, gemm.b_scales->rows);
    chosen.gemm.a_scales = part(*gemm.a_scales, rows, blocks);
    chosen.gemm.b_scales = part(*gemm.b_scales, blocks, columns);
    return chosen;
}

bool is_nan(const Element& e, std::uint64_t code) { return !e.integer && e.format.is_nan(code); }

bool is_complete(const Candidate& candidate, const Matrix& d) {
    return candidate.matches == d.codes.size() && candidate.nans == 0;
}

/// Which elements a hypothesis gives, NaNs for NaNs.
std::vector<bool> reproduced(const Hypothesis& hypothesis, const Gemm& gemm, const Matrix& d, unsigned threads) {
    const Matrix expected = predict(hypothesis.unit, hypothesis.plan, gemm, threads);
    std::vector<bool> which;
    for (std::size_t i = 0; i < d.codes.size(); ++i) {
        const std::uint64_t x = expected.codes[i], y = d.codes[i];
        which.push_back(x == y || (is_nan(d.element, x) && is_nan(d.element, y)));
    }
    return which;
}

/// The walk over the hypotheses: by samples of growing size those that lag behind are dropped, the others are held against
/// everything.
class Search {
  public:
    Search(const Gemm& gemm, const Matrix& d, const ExplainOptions& options)
        : whole_{gemm, d},
          options_(options),
          question_(question_of(gemm, d, options.alpha, options.beta, options.zero_point)) {}

    std::vector<Candidate> asked() const {
        std::vector<Candidate> all;
        for (const Hypothesis& h : options_.asked) all.push_back(held(h, whole_));
        return all;
    }

    /// Best first. If some match everything, only these; else up to five.
    std::vector<Candidate> run() {
        std::vector<Candidate> left;
        for (Hypothesis& h : hypotheses(question_, options_.asked)) left.push_back({std::move(h)});
        for (const std::size_t size : {2U, 4U, 16U, 64U}) {
            if (size >= std::max(whole_.d.rows, whole_.d.columns)) break;
            const Case data = sample(whole_.gemm, whole_.d, size);
            left = graded(std::move(left), data);
            // Faults may spoil some of the sample even for the truth.
            const std::size_t spoilt = std::max(std::size_t{2}, data.d.codes.size() / 8);
            const std::size_t needed = left.front().matches - std::min(left.front().matches, spoilt);
            std::erase_if(left, [&](const Candidate& c) { return c.matches < needed; });
        }
        left = confirmed(std::move(left));
        const std::size_t all = whole_.d.codes.size();
        const std::size_t nans = left.front().nans;
        if (left.front().matches == all)
            std::erase_if(left, [&](const Candidate& c) { return c.matches < all || c.nans > nans; });
        else
            left = first_of_equals(left);
        return left;
    }

  private:
    static void sort(std::vector<Candidate>& candidates) {
        std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& x, const Candidate& y) {
            return x.matches != y.matches ? x.matches > y.matches : x.nans < y.nans;
        });
    }

    /// What differs in the same elements as something more usual does says nothing more.
    static std::vector<Candidate> first_of_equals(const std::vector<Candidate>& candidates) {
        std::vector<Candidate> some;
        for (const Candidate& c : candidates) {
            const bool told = std::any_of(some.begin(), some.end(), [&](const Candidate& other) {
                return other.matches == c.matches && other.first == c.first &&
                       other.hypothesis.usage < c.hypothesis.usage;
            });
            if (!told && some.size() < closest_shown) some.push_back(c);
        }
        return some;
    }

    Candidate held(const Hypothesis& hypothesis, const Case& data) const {
        return held_against(hypothesis, data.gemm, data.d, options_.nans, options_.threads);
    }

    std::vector<Candidate> graded(std::vector<Candidate> candidates, const Case& data) const {
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            candidates[i] = held(candidates[i].hypothesis, data);
            if (options_.show) options_.show(i + 1, candidates.size());
        }
        sort(candidates);
        return candidates;
    }

    /// Held against everything: first those that the last sample likes best and, if none of them matches everything, a few
    /// of the others.
    std::vector<Candidate> confirmed(std::vector<Candidate> candidates) const {
        const std::size_t most = candidates.front().matches;
        const auto second =
            std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.matches < most; });
        std::vector<Candidate> others(second, candidates.end());
        candidates.erase(second, candidates.end());
        candidates = graded(std::move(candidates), whole_);
        if (candidates.front().matches == whole_.d.codes.size() || others.empty()) return candidates;
        if (others.size() > closest_shown) others.erase(others.begin() + closest_shown, others.end());
        for (Candidate& c : graded(std::move(others), whole_)) candidates.push_back(std::move(c));
        sort(candidates);
        return candidates;
    }

    Case whole_;
    ExplainOptions options_;
    GemmQuestion question_;
};

}  // namespace

bool Explanation::holds() const {
    const auto complete = [&](const Candidate& c) { return is_complete(c, d); };
    return asked.empty() ? conclusion == Conclusion::Reproduced : std::any_of(asked.begin(), asked.end(), complete);
}

Candidate held_against(const Hypothesis& hypothesis, const Gemm& gemm, const Matrix& d, NanBits nans,
                       unsigned threads) {
    const Matrix expected = predict(hypothesis.unit, hypothesis.plan, gemm, threads);
    Candidate candidate{hypothesis};
    for (std::size_t i = 0; i < expected.codes.size(); ++i) {
        const std::uint64_t wanted = expected.codes[i], got = d.codes[i];
        const Mismatch here{i / expected.columns, i % expected.columns, wanted, got};
        const bool both_nan = is_nan(d.element, wanted) && is_nan(d.element, got);
        if (wanted == got || both_nan)
            ++candidate.matches;
        else if (!candidate.first)
            candidate.first = here;
        if (wanted == got || !both_nan || nans == NanBits::Alike) continue;
        if (candidate.nans++ == 0) candidate.first_nan = here;
    }
    return candidate;
}

Explanation explain(const Gemm& gemm, const Matrix& d, const ExplainOptions& options) {
    check_shapes(gemm);
    if (!std::isfinite(options.alpha) || !std::isfinite(options.beta))
        throw InputError(fmt::format("expected finite alpha and beta, found {} and {}", options.alpha, options.beta));
    if (d.rows != gemm.a.rows || d.columns != gemm.b.columns)
        throw InputError(
            fmt::format("expected D of {} x {}, found {} x {}", gemm.a.rows, gemm.b.columns, d.rows, d.columns));
    if (d.codes.empty() || gemm.a.columns == 0) throw InputError("expected a result with elements, found none");
    Search search(gemm, d, options);
    Explanation e{gemm, d, Conclusion::Reproduced, search.asked(), search.run(), {}, {}};
    if (e.reproducing.front().matches == d.codes.size()) {
        if (e.reproducing.front().nans > 0) e.conclusion = Conclusion::ButForNaNs;
        return e;
    }
    std::swap(e.reproducing, e.closest);
    const std::size_t misses = d.codes.size() - e.closest.front().matches;
    const bool few = misses * 16 <= d.codes.size();
    // Where few elements differ from the closest hypothesis, only these are in question.
    const auto explained =
        few ? reproduced(e.closest.front().hypothesis, gemm, d, options.threads) : std::vector<bool>{};
    if (d.element.integer) {
        e.conclusion = Conclusion::NotRounding;
        return e;
    }
    e.bounded = check_bounds(gemm, options.alpha, options.beta, d, explained);
    e.conclusion = e.bounded.outlier ? Conclusion::NotRounding : few ? Conclusion::ButForFew : Conclusion::OrderUnknown;
    return e;
}

}  // namespace halfulp
