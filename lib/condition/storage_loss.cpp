#include <halfulp/lib/condition/storage_loss.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::conditioning {
namespace {

double value(const Format& f, std::uint64_t code) { return std::bit_cast<double>(convert(binary64, f, code).code); }

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {} {}", count, count == 1 ? "number" : "numbers", what);
}

}  // namespace

double StorageLoss::digits(double kappa) const {
    return beyond > 0 ? 0 : std::max(0.0, -std::log10(kappa * unit_roundoff));
}

StorageLoss loss_in(const Format& format, std::span<const double> numbers) {
    StorageLoss s{format, 0, 0, 0, std::ldexp(1, -format.precision)};
    const double least_normal = value(format, format.min_normal_code());
    for (const double x : numbers) {
        const Rounded r = convert(format, binary64, std::bit_cast<std::uint64_t>(x));
        const double stored = std::abs(value(format, r.code));
        s.beyond += r.status.overflow ? 1 : 0;
        s.lost += stored == 0 && x != 0 ? 1 : 0;
        s.subnormal += stored != 0 && stored < least_normal && r.status.inexact ? 1 : 0;
    }
    return s;
}

std::vector<std::string> against(const StorageLoss& s, double kappa) {
    std::vector<std::string> reasons;
    if (s.beyond > 0)
        reasons.push_back(counted(s.beyond, fmt::format("beyond {:g}", value(s.format, s.format.max_code()))));
    if (!(kappa * s.unit_roundoff < 1)) reasons.push_back(fmt::format("kappa u = {:.2g}", kappa * s.unit_roundoff));
    return reasons;
}

std::vector<std::string> warnings(const StorageLoss& s) {
    std::vector<std::string> words;
    if (s.lost > 0) words.push_back(counted(s.lost, "become 0"));
    if (s.subnormal > 0) words.push_back(counted(s.subnormal, "lose digits as subnormal"));
    return words;
}

}  // namespace halfulp::conditioning
