#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What a browser silently mends, found in a page or an SVG: elements that are not closed in order, loose marks of HTML, ids
// given twice, references to ids that are not there.

namespace halfulp::test {

/// The values of that attribute, in single or double quotes.
inline std::vector<std::string> attributes(std::string_view html, const std::string& name) {
    std::vector<std::string> values;
    for (const char quote : {'"', '\''}) {
        const std::string begin = " " + name + "=" + quote;
        for (std::size_t at = 0; (at = html.find(begin, at)) != std::string_view::npos;) {
            at += begin.size();
            values.emplace_back(html.substr(at, html.find(quote, at) - at));
        }
    }
    return values;
}

/// The first element that is not closed in its turn; empty if there is none.
inline std::string unbalanced(std::string_view html) {
    constexpr std::array void_elements = {"!DOCTYPE", "meta", "?xml"};
    std::vector<std::string> open;
    for (std::size_t at = 0; (at = html.find('<', at)) != std::string_view::npos;) {
        const std::size_t end = html.find('>', at);
        if (end == std::string_view::npos) return "a < without a >";
        const std::string_view tag = html.substr(at + 1, end - at - 1);
        const std::string name(tag.substr(0, std::min(tag.find_first_of(" \n\t/", 1), tag.size())));
        at = end;
        if (tag.find('<') != std::string_view::npos) return "< within " + name;
        if (name.starts_with('/')) {
            if (open.empty() || open.back() != name.substr(1)) return name;
            open.pop_back();
        } else if (!tag.ends_with('/') &&
                   std::find(void_elements.begin(), void_elements.end(), name) == void_elements.end()) {
            open.push_back(name);
        }
    }
    return open.empty() ? "" : open.back();
}

/// An id that is there twice, or is referred to and not there; empty if there is none.
inline std::string bad_id(std::string_view html) {
    std::set<std::string> ids;
    for (const std::string& id : attributes(html, "id"))
        if (!ids.insert(id).second) return id;
    for (const char* name : {"href", "xlink:href"})
        for (const std::string& reference : attributes(html, name))
            if (reference.starts_with('#') && !ids.contains(reference.substr(1))) return reference;
    return "";
}

/// What a page would load from elsewhere, or run; empty if there is nothing.
inline std::string outside(std::string_view html) {
    for (const char* part :
         {"http:", "https:", "//", " src", "<link", "<script", "<iframe", "url(", "@import", "javascript:"})
        if (html.find(part) != std::string_view::npos) return part;
    for (const char* name : {"href", "xlink:href"})
        for (const std::string& reference : attributes(html, name))
            if (!reference.starts_with('#')) return reference;
    return "";
}

}  // namespace halfulp::test
