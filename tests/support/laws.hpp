#pragma once

#include <rapidcheck/gtest.h>

#include <halfulp/lib/property/laws.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <ostream>

// How RapidCheck asks the laws of lib/property.

namespace halfulp::property {

inline std::ostream& operator<<(std::ostream& out, const Counterexample& c) {
    return out << c.law << std::hex << ": 0x" << c.operands[0] << ", 0x" << c.operands[1] << " gave 0x" << c.got
               << " against 0x" << c.against;
}

/// Uniform, unlike RapidCheck's own integers; the operands are drawn from it, so that it need not shrink.
struct Seed {
    std::uint64_t value;
};
inline std::ostream& operator<<(std::ostream& out, Seed seed) { return out << seed.value; }

inline void expect_holds(const Verdict& verdict, const Format& f, std::string_view rounding) {
    if (verdict) RC_LOG() << name_of(f) << ' ' << rounding << ' ' << *verdict << '\n';
    RC_ASSERT(!verdict);
}

/// Twenty times each format with a sign.
template <class Law>
void for_each_format(Law law) {
    constexpr int draws = 20;
    for (const auto& f : formats)
        for (int draw = 0; draw < draws && f.format.is_signed; ++draw) law(f.format);
}

template <class Law>
void for_each_format_and_rounding(Law law) {
    for_each_format([&](const Format& f) {
        for (const auto& r : deterministic_roundings) law(f, r);
    });
}

}  // namespace halfulp::property

template <>
struct rc::Arbitrary<halfulp::property::Seed> {
    static Gen<halfulp::property::Seed> arbitrary() {
        return [](Random random, int) { return shrinkable::just(halfulp::property::Seed{random.next()}); };
    }
};
