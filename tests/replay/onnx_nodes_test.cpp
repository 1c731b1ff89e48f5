// Claim: the operators of lib/onnx pass the official node tests of ONNX: integers, casts and quantised values in every bit,
// other floats within the tolerance of ONNX's own runner.
// Oracle: the outputs that the ONNX project published (onnx/backend/test/data/node of v1.22.0, Apache-2.0). Shared: nothing.
#include <gtest/gtest.h>

#include <halfulp/lib/onnx/node_test.hpp>

#include "support/vectors.hpp"

namespace halfulp::onnx {
namespace {

TEST(OnnxNodes, EveryFolderPasses) {
    REQUIRE_VECTORS();
    const auto folders = find_node_tests(vectors_folder() / "onnx");
    EXPECT_GE(folders.size(), 106U);
    for (const auto& folder : folders) {
        const NodeTest test = run_node_test(folder);
        EXPECT_EQ(test.verdict, Verdict::Pass) << folder.filename() << " (" << test.operators << "): " << test.reason;
    }
}

}  // namespace
}  // namespace halfulp::onnx
