#include <halfulp/lib/report/html.hpp>

#include <fmt/format.h>

#include <utility>

#include <halfulp/lib/report/style.h>

namespace halfulp {
namespace {

void replace_all(std::string& text, std::string_view from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
}

std::string row(const std::vector<std::string>& cells, std::string_view element) {
    std::string text = "<tr>";
    constexpr std::size_t longest = 32;  // that stays in one line
    for (const std::string& cell : cells)
        text +=
            fmt::format("<{0}{1}>{2}</{0}>", element, cell.size() > longest ? " class=\"long\"" : "", escaped(cell));
    return text + "</tr>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            default: result += c;
        }
    }
    return result;
}

std::string to_html(const Table& table) {
    std::string text =
        "<div class=\"table\" tabindex=\"0\"><table>\n<thead>" + row(table.at(0), "th") + "</thead>\n<tbody>\n";
    for (std::size_t i = 1; i < table.size(); ++i) text += row(table[i], "td");
    return text + "</tbody></table></div>\n";
}

std::string paragraph(std::string_view text) { return fmt::format("<p>{}</p>\n", escaped(text)); }

std::string heading(std::string_view text) { return fmt::format("<h3>{}</h3>\n", escaped(text)); }

std::string details(std::string_view summary, std::string_view html) {
    return fmt::format("<details><summary>{}</summary>\n{}</details>\n", escaped(summary), html);
}

std::string inline_svg(std::string_view svg, const std::string& name, std::string_view label) {
    const std::size_t canvas = svg.find("viewBox"), content = svg.find("<g id=\"gnuplot_canvas\"");
    const std::size_t quote = svg.find('"', svg.find('"', canvas) + 1);
    std::string text = fmt::format("<svg {} role=\"img\" aria-label=\"{}\">\n{}",
                                   svg.substr(canvas, quote + 1 - canvas), escaped(label), svg.substr(content));
    // What has an id, or refers to one.
    for (const auto& [from, to] : {std::pair{"id='", "id='{}-"}, {"id=\"", "id=\"{}-"}, {"href='#", "href='#{}-"}})
        replace_all(text, from, fmt::format(fmt::runtime(to), name));
    return text;
}

std::string figure(const std::string& wide, const std::string& narrow, std::string_view caption) {
    const std::string below = caption.empty() ? "" : fmt::format("<figcaption>{}</figcaption>\n", escaped(caption));
    return fmt::format("<figure>\n<div class=\"wide\">{}</div>\n<div class=\"narrow\">{}</div>\n{}</figure>\n", wide,
                       narrow, below);
}

std::string page(std::string_view title, const std::vector<Section>& sections) {
    std::string links, body;
    for (const Section& s : sections) {
        links += fmt::format("<a href=\"#{}\">{}</a>\n", escaped(s.name), escaped(s.title));
        body +=
            fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", escaped(s.name), escaped(s.title), s.body);
    }
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{0}</title>\n"
        "<style>\n{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n<nav>\n{2}</nav>\n{3}</main>\n</body>\n</html>\n",
        escaped(title), page_style, links, body);
}

}  // namespace halfulp
