#include <halfulp/lib/matrix_unit/codes.h>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp {

void expect_codes(std::string_view name, std::span<const std::uint64_t> codes, int width) {
    std::uint64_t bits = 0;
    for (const std::uint64_t code : codes) bits |= code;
    if (bits >> (width - 1) <= 1) return;
    for (std::size_t i = 0; i < codes.size(); ++i)
        if (codes[i] >> (width - 1) > 1)
            throw InputError(fmt::format("{}[{}]: expected a code of {} bits, found 0x{:x}", name, i, width, codes[i]));
}

}  // namespace halfulp
