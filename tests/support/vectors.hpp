#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

/// Where recorded vectors lie, from the environment; empty without it.
inline std::filesystem::path vectors_folder() {
    const char* folder = std::getenv("HALFULP_VECTORS");
    return folder == nullptr ? std::filesystem::path{} : std::filesystem::path{folder};
}

/// Ends a test as skipped, visibly, if there are no recorded vectors.
#define REQUIRE_VECTORS()                                                                    \
    if (vectors_folder().empty())                                                            \
    GTEST_SKIP() << "HALFULP_VECTORS is not set: it names the folder with recorded results " \
                    "(tensor-core-recordings/, tensor-core-directed.tsv, onnx/)"
