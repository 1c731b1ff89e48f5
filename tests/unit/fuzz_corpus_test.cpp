// Claim: every parser takes the seeds of its corpus, and what once made it do anything else than take or refuse a file.
// Oracle: whoever crashes, or throws what is not documented, fails. Shared: nothing. libFuzzer goes on from these files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/targets.hpp"

namespace halfulp::fuzz {
namespace {

TEST(FuzzCorpus, IsTakenOrRefused) {
    for (const Target& target : targets()) {
        std::size_t files = 0;
        for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(HALFULP_SOURCE) /
                                                                    "tests/fuzz/corpus" / target.name)) {
            SCOPED_TRACE(file.path());
            std::ifstream stream(file.path(), std::ios::binary);
            const std::string bytes(std::istreambuf_iterator<char>(stream), {});
            EXPECT_NO_THROW(feed(target, bytes));
            ++files;
        }
        EXPECT_GT(files, 0U) << target.name;
    }
}

// Recursion would be out of stack: JSON in JSON, as a value of what is expected to be text, and by itself.
TEST(FuzzCorpus, DeepNesting) {
    const std::string nested = std::string(200000, '[') + std::string(200000, ']');
    for (const Target& target : targets())
        for (const std::string& bytes : {nested, "{\"campaign\":" + nested + "}", std::string(200000, '(')})
            EXPECT_NO_THROW(feed(target, bytes)) << target.name;
}

}  // namespace
}  // namespace halfulp::fuzz
