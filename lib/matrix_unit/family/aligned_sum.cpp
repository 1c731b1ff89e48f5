#include <halfulp/lib/matrix_unit/family/terms.h>

namespace halfulp {
namespace {

/// The running value is a term like the others.
template <class W>
std::uint64_t sum_in_words(const MmaSpec& spec, const Group& group, const Running& d) {
    TermRoom<W> room;
    auto terms = products_of(spec, group, room);
    terms.push_back(running_term<W>(spec, d));
    return cut_and_round<W>(spec, terms);
}

}  // namespace

// MMA-Sim's T-FDPA (algorithm 7) and, with scales, ST-FDPA (algorithm 8).
std::uint64_t aligned_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    return fits_64_bits(spec) ? sum_in_words<std::uint64_t>(spec, group, d) : sum_in_words<u128>(spec, group, d);
}

}  // namespace halfulp
