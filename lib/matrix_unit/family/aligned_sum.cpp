#include <halfulp/lib/matrix_unit/family/terms.hpp>

namespace halfulp {

// MMA-Sim's T-FDPA (algorithm 7) and, with scales, ST-FDPA (algorithm 8). The running value is a term like the others.
std::uint64_t aligned_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    TermRoom room;
    std::pmr::vector<Term> terms = products_of(spec, group, room);
    terms.push_back(term_of(spec.accumulator.format, d.value_or(0)));
    return cut_and_round(spec, terms);
}

}  // namespace halfulp
