#include <halfulp/gpu/ptx/error.hpp>

#include <utility>

#include <fmt/format.h>

namespace halfulp::ptx {
namespace {

std::string line_of(const Place& place, const std::string& message) {
    std::string text = place.file;
    if (place.line > 0) text += fmt::format(":{}", place.line);
    if (!place.kernel.empty()) text += fmt::format(": kernel {}", place.kernel);
    if (place.cta) text += ", CTA " + text_of(*place.cta);
    if (place.thread) text += ", thread " + text_of(*place.thread);
    return text + ": " + message;
}

}  // namespace

std::string text_of(const Dim3& d) { return fmt::format("({}, {}, {})", d.x, d.y, d.z); }

Error::Error(Place where, std::string said)
    : InputError(line_of(where, said)), place(std::move(where)), message(std::move(said)) {}

}  // namespace halfulp::ptx
