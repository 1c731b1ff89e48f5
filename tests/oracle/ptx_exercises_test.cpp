// Claim: what the exercises predict is what the library's kernels observe, executed from their PTX.
// Oracle: the predictions, which are exact rationals (see lib/exercise). Shared: softfloat runs the kernels' instructions.
#include <gtest/gtest.h>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/device_observer.hpp>
#include <halfulp/lib/exercise/report.hpp>

namespace halfulp {
namespace {

class ExercisesOnPtx : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Architectures, ExercisesOnPtx, testing::Values("sm_80", "sm_90", "sm_100"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(ExercisesOnPtx, AllThatIsAskedMatches) {
    Observers observers;
    observers.push_back(gpu::make_device_observer(gpu::open_ptx(GetParam())));
    for (const ExerciseEntry& entry : exercises()) {
        const ExerciseReport report = run(entry.make(), observers);
        EXPECT_EQ(report.count(Verdict::Mismatch), 0U) << entry.name;
        // Only the questions about another GPU's unit are none of this one's.
        for (const AskedQuestion& asked : report.asked) {
            if (!asked.question.gpus.empty()) continue;
            const Observation& seen = asked.observations.front();
            EXPECT_EQ(seen.verdict, Verdict::Match) << asked.question.text << ": " << seen.text;
        }
    }
}

}  // namespace
}  // namespace halfulp
