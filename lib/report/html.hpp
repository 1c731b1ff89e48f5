#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/report/table.hpp>

// A page of HTML that needs nothing besides itself: no script, no font, no file. Its parts are HTML; what goes into them as
// text is escaped here.

namespace halfulp {

/// Text that is read as it is written, in HTML and in its attributes in double quotes.
std::string escaped(std::string_view text);

/// In a box of its own, which scrolls where it is too wide.
std::string to_html(const Table& table);

/// Text as it is, in a paragraph.
std::string paragraph(std::string_view text);

/// Of a part of a section.
std::string heading(std::string_view text);

/// A part that is shown when its summary is touched.
std::string details(std::string_view summary, std::string_view html);

/// An SVG that gnuplot wrote, as a part of a page: without what only a file needs, and with ids that begin with the name, so
/// that several pictures have different ones. The label is what is read out in its place.
std::string inline_svg(std::string_view svg, const std::string& name, std::string_view label);

/// A picture in two shapes, one for wide screens and one for narrow ones, above its caption.
std::string figure(const std::string& wide, const std::string& narrow, std::string_view caption);

/// The name is what links lead to; the body is HTML.
struct Section {
    std::string name, title, body;  ///< of its anchor; its heading; its HTML
};

/// The whole document: its sections, with links to them before.
std::string page(std::string_view title, const std::vector<Section>& sections);

}  // namespace halfulp
