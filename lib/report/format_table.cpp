#include <halfulp/lib/report/format_table.hpp>

#include <fmt/format.h>

#include <bit>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/print.hpp>

namespace halfulp {
namespace {

std::string names(const NamedFormat& row) {
    std::string text(row.name);
    for (const std::string_view alias : row.aliases) text.append(", ").append(alias);
    return text;
}

/// Sign, exponent and fraction bits: 1-5-10.
std::string bits(const Format& f) {
    const int sign = f.is_signed ? 1 : 0;
    return fmt::format("{}-{}-{}", sign, f.width - sign - f.fraction_bits(), f.fraction_bits());
}

std::string specials(const Format& f) {
    std::string text = f.has_inf ? "inf, " : "";
    const std::uint64_t nans = f.has_negative_zero ? f.nan_codes * (f.is_signed ? 2 : 1) : 1;
    text += !f.has_nan() ? "no NaN" : nans == 1 ? fmt::format("NaN {:#x}", f.nan_code()) : fmt::format("{} NaN", nans);
    if (!f.has_subnormals) return text + ", no 0";
    return text + (f.is_signed && f.has_negative_zero ? "" : ", no -0");
}

/// Exact where that is short, else six digits.
std::string decimal(const Format& f, std::uint64_t code) {
    const std::string exact = exact_text(decode(f, code));
    if (exact.size() <= 8) return exact;
    return fmt::format("{:.5e}", std::bit_cast<double>(convert(binary64, f, code).code));
}

std::string power_of_two(const Format& f, std::uint64_t code) { return fmt::format("2^{}", decode(f, code).top()); }

}  // namespace

Table format_table() {
    Table table{
        {"names", "s-e-f bits", "bias", "largest", "smallest normal", "smallest", "epsilon", "special", "source"}};
    for (const NamedFormat& row : formats) {
        const Format& f = row.format;
        const bool subnormals = f.has_subnormals && f.precision > 1;
        table.push_back({names(row), bits(f), fmt::format("{}", f.bias), decimal(f, f.max_code()),
                         power_of_two(f, f.min_normal_code()), subnormals ? power_of_two(f, f.min_code()) : "-",
                         fmt::format("2^{}", 1 - f.precision), specials(f), std::string(row.source)});
    }
    return table;
}

}  // namespace halfulp
