#include <halfulp/lib/report/anatomy.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include <halfulp/lib/report/exceptions_text.hpp>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/neighbours.hpp>
#include <halfulp/softfloat/print.hpp>

namespace halfulp {
namespace {

std::string code_text(const Format& f, std::uint64_t code) { return fmt::format("0x{:0{}x}", code, (f.width + 3) / 4); }

/// Bits first to first + count - 1 of a code, counted from the last.
std::string bits(std::uint64_t code, int first, int count) {
    std::string text;
    for (int i = first + count; i-- > first;) text += (code >> i & 1) != 0 ? '1' : '0';
    return text;
}

std::string kind_of(const Format& f, std::uint64_t code) {
    const Exact x = decode(f, code);
    switch (x.kind) {
        case Kind::Zero:
        case Kind::Cancelled: return "zero";
        case Kind::Inf: return "infinity";
        case Kind::NaN: return f.is_signaling(code) ? "signaling NaN" : f.nan_codes > 1 ? "quiet NaN" : "NaN";
        case Kind::Finite: break;
    }
    return (code & f.magnitude_mask()) < f.min_normal_code() ? "subnormal number" : "normal number";
}

std::string neighbour(const Format& f, std::uint64_t code) {
    return code_text(f, code) + " = " + shortest_text(f, code);
}

/// Members and their captions, in the order of the sheet.
struct Row {
    const char* name;
    std::string Anatomy::*member;
};
constexpr Row rows[] = {
    {"kind", &Anatomy::kind},         {"formula", &Anatomy::formula},
    {"exact", &Anatomy::decimal},     {"hexadecimal", &Anatomy::hexadecimal},
    {"shortest", &Anatomy::shortest}, {"ulp", &Anatomy::ulp},
    {"below", &Anatomy::below},       {"above", &Anatomy::above},
};

std::string joined(const std::vector<std::string_view>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

}  // namespace

Anatomy anatomy(const Format& f, std::uint64_t code) {
    code &= f.code_mask();
    const Exact x = decode(f, code);
    const int sign_bits = f.is_signed ? 1 : 0;
    Anatomy a{.format = std::string(name_of(f)),
              .code = code_text(f, code),
              .sign = bits(code, f.width - 1, sign_bits),
              .exponent = bits(code, f.fraction_bits(), f.width - sign_bits - f.fraction_bits()),
              .fraction = bits(code, 0, f.fraction_bits()),
              .kind = kind_of(f, code)};
    if (x.kind == Kind::NaN) return a;
    a.below = neighbour(f, next_down(f, code));
    a.above = neighbour(f, next_up(f, code));
    a.shortest = shortest_text(f, code);
    if (x.kind == Kind::Inf) return a;
    const int top = x.is_zero() ? f.emin() : std::max(x.top(), f.emin());
    a.ulp = fmt::format("2^{}", top - f.fraction_bits());
    a.decimal = exact_text(x);
    a.hexadecimal = hex_text(x);
    if (!x.is_zero())
        a.formula = fmt::format("{}{} * 2^{}", x.negative ? "-" : "", static_cast<std::uint64_t>(x.sig), x.exp);
    return a;
}

std::string to_text(const Anatomy& a) {
    std::string heads, fields;
    for (const auto& [name, field] :
         {std::pair{"sign", &a.sign}, {"exponent", &a.exponent}, {"fraction", &a.fraction}}) {
        if (field->empty()) continue;
        const std::size_t width = std::max(std::string_view(name).size(), field->size()) + 2;
        heads += fmt::format("{:<{}}", name, width);
        fields += fmt::format("{:<{}}", *field, width);
    }
    std::string text = fmt::format("{} {}\n", a.format, a.code);
    for (const std::string& line : {heads, fields})
        text += "  " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    for (const Row& row : rows)
        if (const std::string& cell = a.*row.member; !cell.empty())
            text += fmt::format("  {:<12} {}\n", row.name, cell);
    return text;
}

std::string to_json(const Anatomy& a) {
    nlohmann::ordered_json json{
        {"format", a.format}, {"code", a.code}, {"sign", a.sign}, {"exponent", a.exponent}, {"fraction", a.fraction}};
    for (const Row& row : rows) json[row.name] = a.*row.member;
    return json.dump(2);
}

std::vector<RoundedAlike> roundings_of(const Format& f, const Sticky& x) {
    std::vector<RoundedAlike> all;
    for (const NamedRounding& row : deterministic_roundings) {
        const Rounded rounded = round_pack(f, x, {.rounding = row.rounding});
        const auto same = std::find_if(all.begin(), all.end(), [&](auto& alike) { return alike.rounded == rounded; });
        if (same == all.end())
            all.push_back({{row.name}, rounded});
        else
            same->roundings.push_back(row.name);
    }
    // NaN, which is in no order, stands last.
    std::stable_sort(all.begin(), all.end(), [&](auto& a, auto& b) {
        if (f.is_nan(a.rounded.code)) return false;
        return f.is_nan(b.rounded.code) || compare(decode(f, a.rounded.code), decode(f, b.rounded.code)) < 0;
    });
    return all;
}

std::string to_text(const Format& f, const std::vector<RoundedAlike>& alike) {
    Table table;
    for (const auto& [names, rounded] : alike) {
        const std::string exceptions = exceptions_text(rounded.status);
        const bool all = names.size() == deterministic_roundings.size();
        table.push_back({"  " + code_text(f, rounded.code), shortest_text(f, rounded.code),
                         exceptions.empty() ? "exact" : exceptions, "by " + (all ? "every rounding" : joined(names))});
    }
    return to_columns(table);
}

}  // namespace halfulp
