// Claim: what is recorded of a device reads back, and is what the table of matrix units says, row for row.
// Oracle: the reader of recordings and mma_dot. Shared: mma_dot with the interpreter, so that this tests files, not units.
#include <gtest/gtest.h>

#include <filesystem>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/record.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/recordings.hpp>
#include <halfulp/lib/matrix_unit/replay.hpp>

#include "support/folder.hpp"

namespace halfulp::gpu {
namespace {

namespace fs = std::filesystem;

class GpuRecord : public test::FolderTest, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Architectures, GpuRecord, testing::Values("sm_75", "sm_80", "sm_89", "sm_90", "sm_100"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(GpuRecord, ReadsBackAsTheUnitsOfTheTable) {
    const auto device = open_ptx(GetParam());
    const fs::path place = folder / "made";
    const auto recorded = record(*device, place, 3, 1);
    const auto found = find_recordings(place);
    EXPECT_EQ(found.size(), recorded.size());
    for (const RecordingFiles& files : found) {
        const Recording recording = read_recording(files);
        const Replay result = replay(recording, *recording.spec);
        EXPECT_EQ(result.rows, 3U * 128) << files.input << "->" << files.output;
        EXPECT_EQ(result.matches, result.rows) << files.input << "->" << files.output;
    }
    EXPECT_TRUE(fs::exists(place / ("provenance-" + found.front().gpu + ".json")));
    EXPECT_THROW(record(*device, place, 3, 1), InputError) << "nothing is overwritten";
}

}  // namespace
}  // namespace halfulp::gpu
