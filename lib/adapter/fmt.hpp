#pragma once

#include <string_view>

#include <fmt/format.h>

#include <halfulp/softfloat/print.hpp>

/// Float<F> as fmt formats text: fill, alignment and width count, "{:>12}". The text is the shortest decimal that reads back
/// (shortest_text), and a precision, which would cut it, is refused.
template <halfulp::Format F>
struct fmt::formatter<halfulp::Float<F>> : fmt::formatter<std::string_view> {
    constexpr auto parse(fmt::format_parse_context& context) {
        const auto* const begin = context.begin();
        const auto* const end = fmt::formatter<std::string_view>::parse(context);
        constexpr std::string_view alignments = "<>^";
        const bool has_fill = end - begin > 1 && alignments.find(begin[1]) != std::string_view::npos;
        for (const auto* at = begin + (has_fill ? 2 : 0); at != end; ++at)
            if (*at == '.') throw fmt::format_error("halfulp::Float has no precision to be chosen");
        return end;
    }

    template <class Context>
    auto format(halfulp::Float<F> x, Context& context) const {
        return fmt::formatter<std::string_view>::format(halfulp::shortest_text(F, x.code), context);
    }
};
