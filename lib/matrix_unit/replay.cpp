#include <halfulp/lib/matrix_unit/replay.hpp>

#include <span>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>

namespace halfulp {

Replay replay(const Recording& recording, const MmaSpec& spec) {
    Replay result{.rows = recording.d.size()};
    for (std::size_t row = 0; row < result.rows; ++row) {
        const auto a = std::span(recording.a).subspan(row * recording.k, recording.k);
        const auto b = std::span(recording.b).subspan(row * recording.k, recording.k);
        const bool match = mma_dot(spec, a, b, recording.c[row]) == recording.d[row];
        if (!match && result.matches == row) result.first_mismatch = row;
        result.matches += match ? 1 : 0;
    }
    return result;
}

std::uint64_t replay(const DirectedVector& vector) { return mma_dot(*vector.spec, vector.a, vector.b, vector.c); }

}  // namespace halfulp
