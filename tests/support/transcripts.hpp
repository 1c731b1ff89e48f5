#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "support/folder.hpp"
#include "support/program.hpp"

// Pages of docs/ that show what the program prints.

namespace halfulp::test {

/// Every block ```console of the page must hold, below its lines "$ halfulp ARGUMENTS", what `run` of these prints; with
/// another prompt, below all lines that begin with it, of what follows it. With HALFULP_UPDATE_README set, the page is
/// rewritten instead.
inline void expect_current(const std::string& path, int transcripts,
                           const std::function<Outcome(const std::string& arguments)>& run,
                           const std::string& prompt = "$ halfulp ") {
    const std::string page = content(path);
    std::istringstream lines(page);
    std::string again;
    int count = 0;
    bool skipping = false;
    for (std::string line; std::getline(lines, line);) {
        const bool command = line.starts_with(prompt);
        if (command || line.starts_with("```")) skipping = false;
        if (!skipping) again += line + '\n';
        if (!command) continue;
        skipping = true;
        again += run(line.substr(prompt.size())).output;
        ++count;
    }
    EXPECT_EQ(count, transcripts);
    if (std::getenv("HALFULP_UPDATE_README") != nullptr)
        std::ofstream(path) << again;
    else
        EXPECT_EQ(page, again) << "run again with HALFULP_UPDATE_README=1";
}

}  // namespace halfulp::test
