#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/folder.hpp"
#include "support/program.hpp"

// halfulp train as a process of its own, in a folder with data.

namespace halfulp::test {

class TrainProgramTest : public FolderTest {
  protected:
    void SetUp() override {
        std::string rows;  // of two classes, which a line divides
        for (int i = 0; i < 100; ++i) {
            const int x = i * 37 % 100, y = i * 61 % 100;
            rows += std::to_string(x) + "," + std::to_string(y) + "," + (x + y > 100 ? "1" : "0") + "\n";
        }
        file("two.csv", rows);
    }

    Outcome run(const std::string& arguments) const {
        return shell("cd '" + folder.string() + "' && '" + HALFULP_PROGRAM + "' " + arguments);
    }
    void expect_refused(const std::string& arguments, const std::string& message) const {
        const Outcome outcome = run("train " + arguments);
        EXPECT_EQ(outcome.status, 2) << arguments << '\n' << outcome.output;
        EXPECT_THAT(outcome.output, ::testing::StartsWith("halfulp: "));
        EXPECT_THAT(outcome.output, ::testing::HasSubstr(message));
        EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    }
};

}  // namespace halfulp::test
