// Claim: `halfulp report` leaves a page that stands alone, with its pictures and numbers beside it, and refuses, in one
// line and before it measures, a folder that cannot be.
// Oracle: HTML's rules by a checker; the promised files, as literals. Shared: nothing; the program is a process of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/folder.hpp"
#include "support/html.hpp"
#include "support/program.hpp"

namespace {

using halfulp::test::content;
using halfulp::test::halfulp;
using halfulp::test::Outcome;
using halfulp::test::shell;
using testing::EndsWith;
using testing::HasSubstr;

using Report = halfulp::test::FolderTest;

TEST_F(Report, LeavesAPageThatStandsAlone) {
    const Outcome outcome = halfulp("report --quick --out '" + (folder / "made").string() + "'");
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 1) << outcome.output;  // times may refute a baseline
    EXPECT_THAT(outcome.output, EndsWith((folder / "made" / "report.html").string() + "\n"));  // peers may warn before
    const std::string html = content(folder / "made" / "report.html");
    EXPECT_EQ(halfulp::test::unbalanced(html), "");
    EXPECT_EQ(halfulp::test::bad_id(html), "");
    EXPECT_EQ(halfulp::test::outside(html), "");
    for (const char* part : {"Machine and ceilings", "Baselines", "Time against error", "Roofline",
                             "Does halving the bytes pay", "Exercise 5", "Matrix units", "VDPBF16PS"})
        EXPECT_THAT(html, HasSubstr(part));
    for (const std::string name :
         {"frontier-gemm-256-normal", "frontier-sum-256-normal", "roofline", "halving-sum", "halving-dot"}) {
        EXPECT_THAT(content(folder / "made" / (name + ".svg")), HasSubstr("</svg>"));
        EXPECT_THAT(content(folder / "made" / (name + ".png")), HasSubstr("PNG"));
        EXPECT_THAT(content(folder / "made" / (name + ".tsv")), HasSubstr("series\t"));
        EXPECT_THAT(html, HasSubstr("<g id=\"" + name + "-gnuplot_canvas\""));
        EXPECT_THAT(html, HasSubstr("<g id=\"" + name + "-narrow-gnuplot_canvas\""));
    }
    EXPECT_THAT(html, HasSubstr("<th>by</th><th>time</th><th>error to truth</th><th>wrong</th>"));
    EXPECT_THAT(html, HasSubstr("<details><summary>Hashes"));
    const auto json = nlohmann::json::parse(content(folder / "made" / "bench.json"));
    EXPECT_GT(json.at("problems").size(), 10U);
}

TEST_F(Report, RefusesAFolderThatCannotBe) {
    std::ofstream(folder / "file") << "kept";
    for (const std::string& place : {(folder / "file").string(), (folder / "file" / "below").string()}) {
        const Outcome outcome = halfulp("report --quick --out '" + place + "'");
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ(outcome.output, "halfulp: " + place + ": expected a folder that can be made\n");
    }
    EXPECT_EQ(content(folder / "file"), "kept");
}

TEST_F(Report, SaysThatGnuplotIsMissingBeforeItMeasures) {
    const std::string place = "'" + (folder / "made").string() + "'";
    const Outcome outcome = shell("PATH=/nowhere '" HALFULP_PROGRAM "' report --out " + place);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, HasSubstr("apt-get install gnuplot-nox"));
}

TEST_F(Report, HelpsWithAnExample) {
    const Outcome help = halfulp("report --help");
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.output, HasSubstr("halfulp report"));
}

}  // namespace
