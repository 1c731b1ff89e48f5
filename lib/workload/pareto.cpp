#include <halfulp/lib/workload/pareto.hpp>

#include <algorithm>
#include <utility>

namespace halfulp::workload {

std::vector<const Measurement*> pareto_set(const Benched& problem) {
    std::vector<const Measurement*> right;
    for (const Measurement& m : problem.measurements)
        if (m.wrong == 0) right.push_back(&m);
    const auto key = [](const Measurement* m) { return std::pair(m->seconds, m->against_truth.relative_norm); };
    std::stable_sort(right.begin(), right.end(), [&](auto* a, auto* b) { return key(a) < key(b); });
    std::vector<const Measurement*> set;
    for (const Measurement* m : right) {
        const bool is_equal = !set.empty() && key(m) == key(set.back());
        if (set.empty() || is_equal || m->against_truth.relative_norm < set.back()->against_truth.relative_norm)
            set.push_back(m);
    }
    return set;
}

}  // namespace halfulp::workload
