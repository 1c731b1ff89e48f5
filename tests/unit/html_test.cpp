// Claim: a page shows any text as it is, is well-formed, loads nothing, and holds several pictures whose parts do not mix.
// Oracle: HTML's rules, as literals and by a checker of nesting, ids and references. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/lib/report/html.hpp>

#include "support/html.hpp"

namespace halfulp {
namespace {

using testing::HasSubstr;

TEST(Html, EscapesWhatHasAMeaning) {
    EXPECT_EQ(escaped("a<b> & \"c\" 'd' \xc2\xb5"), "a&lt;b&gt; &amp; &quot;c&quot; 'd' \xc2\xb5");
    EXPECT_EQ(escaped("&lt;"), "&amp;lt;");
    EXPECT_EQ(paragraph("<p>"), "<p>&lt;p&gt;</p>\n");
    EXPECT_EQ(heading("<p>"), "<h3>&lt;p&gt;</h3>\n");
}

TEST(Html, HasARowOfATableForEachOfItsRows) {
    const std::string html = to_html({{"<head>"}, {"a & b"}, {std::string(50, 'x')}});
    EXPECT_THAT(html, HasSubstr("<thead><tr><th>&lt;head&gt;</th></tr>"));
    EXPECT_THAT(html, HasSubstr("<tr><td>a &amp; b</td></tr>"));
    EXPECT_THAT(html, HasSubstr("<td class=\"long\">xxx"));
    EXPECT_EQ(test::unbalanced(html), "");
}

TEST(Html, HidesWhatIsAskedForSeldom) {
    EXPECT_EQ(details("a & b", "<p>c</p>\n"), "<details><summary>a &amp; b</summary>\n<p>c</p>\n</details>\n");
}

TEST(Table, GivesItsColumnsInAnyOrder) {
    const Table table{{"a", "b", "c"}, {"1", "2", "3"}, {"4", "5", "6"}};
    EXPECT_EQ(columns(table, {"c", "a"}), (Table{{"c", "a"}, {"3", "1"}, {"6", "4"}}));
    EXPECT_THROW(columns(table, {"a", "d"}), std::out_of_range);
}

std::string picture() {
    Series both{"", Colour::Blue, Mark::Triangle, Stroke::Dashed, {{1, 1, "<a>"}, {2, 2, ""}}};
    const Plot plot{"t", {"x", 0.5, 4}, {"y", 0.5, 4}, {both}, ""};
    return run_gnuplot(gnuplot_script(plot, desktop, Image::Svg));
}

TEST(Html, HoldsSeveralPicturesWithIdsOfTheirOwn) {
    const std::string svg = picture(), one = inline_svg(svg, "one", "<label>"), two = inline_svg(svg, "two", "");
    EXPECT_TRUE(one.starts_with("<svg viewBox=\"0 0 960 600\" role=\"img\" aria-label=\"&lt;label&gt;\">"))
        << one.substr(0, 200);
    EXPECT_THAT(one, HasSubstr("<text>&lt;a></text>"));
    EXPECT_EQ(test::unbalanced(one), "");
    EXPECT_EQ(test::bad_id(one + two), "");
    EXPECT_NE(test::bad_id(one + one), "");  // the checker sees it
    EXPECT_EQ(test::outside(one), "");
    EXPECT_NE(test::outside(svg), "");
}

TEST(Html, IsAWholePageThatLoadsNothing) {
    const std::string svg = inline_svg(picture(), "one", "");
    const std::string html = page("a <title>", {{"first", "First & only", figure(svg, "", "<caption>")}});
    EXPECT_TRUE(html.starts_with("<!DOCTYPE html>"));
    for (const char* part :
         {"<title>a &lt;title&gt;</title>", "<h1>a &lt;title&gt;</h1>", "<a href=\"#first\">First &amp; only</a>",
          "<section id=\"first\">", "<figcaption>&lt;caption&gt;</figcaption>", "width=device-width",
          "prefers-color-scheme: dark"})
        EXPECT_THAT(html, HasSubstr(part));
    EXPECT_EQ(test::unbalanced(html), "");
    EXPECT_EQ(test::bad_id(html), "");
    EXPECT_EQ(test::outside(html), "");
}

TEST(HtmlChecker, FindsWhatIsWrong) {
    EXPECT_EQ(test::unbalanced("<p><b>x</p></b>"), "/p");
    EXPECT_EQ(test::unbalanced("<p>"), "p");
    EXPECT_EQ(test::unbalanced("a < b"), "a < without a >");
    EXPECT_EQ(test::bad_id("<a href=\"#x\">"), "#x");
    EXPECT_EQ(test::outside("<img src=\"x\">"), " src");
    EXPECT_EQ(test::outside("<a href=\"x.html\">"), "x.html");
}

}  // namespace
}  // namespace halfulp
