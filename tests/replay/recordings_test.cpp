// Claim: the models of matrix units give every bit that GPUs gave.
// Oracle: recorded results of the GPUs (Khattak & Mikaitis, BSD-2-Clause) and directed vectors from publications.
// Shared: nothing; the recordings come from hardware.
#include <gtest/gtest.h>

#include <halfulp/lib/matrix_unit/replay.hpp>

#include "support/vectors.hpp"

namespace halfulp {
namespace {

TEST(Recordings, EveryRowOfEveryGpu) {
    REQUIRE_VECTORS();
    const auto files = find_recordings(vectors_folder() / "tensor-core-recordings");
    EXPECT_GE(files.size(), 22U);
    for (const RecordingFiles& recorded : files) {
        const Recording recording = read_recording(recorded);
        const Replay result = replay(recording, *recording.spec);
        EXPECT_EQ(result.rows, 5000U);
        EXPECT_EQ(result.matches, result.rows) << recorded.gpu << " " << recorded.input << "->" << recorded.output
                                               << ": row " << result.first_mismatch + 1;
    }
}

TEST(Recordings, EveryDirectedVector) {
    REQUIRE_VECTORS();
    const auto vectors = read_directed(vectors_folder() / "tensor-core-directed.tsv");
    EXPECT_EQ(vectors.size(), 168U);
    for (const DirectedVector& vector : vectors)
        EXPECT_EQ(replay(vector), vector.d) << vector.id << " " << vector.gpu << " " << vector.formats;
}

}  // namespace
}  // namespace halfulp
