// Claim: every kernel that converts, interpreted from its PTX, rounds as IEEE 754 defines and treats NaN, infinities and
// zeros as PTX ISA's cvt says: on the numbers where a format's roundings part, beside them, and on random ones.
// Oracle: lib/truth's definitions by exact rationals, and the rules of NaN, .satfinite and .relu written here from PTX ISA.
// Shared with the interpreter: the rows of formats, and no computation.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/kernel/table.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu {
namespace {

using Codes = std::vector<std::uint64_t>;

/// Finite codes of a format, both ends and some between.
Codes some_codes(const Format& f, std::mt19937_64& random) {
    Codes codes = {0, 1, 2, f.min_normal_code() - 1, f.min_normal_code(), f.max_code() - 1};
    while (codes.size() < 60) codes.push_back(random() % f.max_code());
    return codes;
}

/// Codes of `from`, at and beside the numbers of `to`, the ties between them, and what is beyond the largest.
Codes inputs(const Format& from, const Format& to) {
    std::mt19937_64 random(17);
    Codes codes = {0, from.min_code(), from.max_code(), from.magnitude_mask()};
    if (from.has_inf) codes.insert(codes.end(), {from.inf_code(), from.inf_code() + 1});
    const auto add_around = [&](const truth::Rational& x) {
        const auto code = truth::encode(from, x);
        if (!code) return;
        for (const std::uint64_t beside : {*code - (*code > 0 ? 1 : 0), *code, *code + 1})
            if (beside <= from.magnitude_mask()) codes.push_back(beside);
    };
    for (const std::uint64_t code : some_codes(to, random)) {
        const truth::Rational low = *truth::value(to, code), high = *truth::value(to, code + 1);
        add_around(low);
        add_around((low + high) / 2);
    }
    const truth::Rational most = *truth::value(to, to.max_code()), before = *truth::value(to, to.max_code() - 1);
    add_around(most);
    add_around(most + (most - before) / 2);
    add_around(most + (most - before));
    while (codes.size() < 600) codes.push_back(random() & from.magnitude_mask());
    const std::size_t positive = codes.size();
    for (std::size_t i = 0; i < positive; ++i) codes.push_back(codes[i] | from.sign_bit());
    return codes;
}

/// What infinity becomes: OCP FP8 has NaN for it in E4M3, of its sign.
std::uint64_t beyond(const Format& f) { return f.has_inf ? f.inf_code() : f.magnitude_mask(); }

/// PTX ISA, cvt: NaN becomes the positive one with all bits set; .satfinite takes infinity to the largest number;
/// .relu takes what is negative, -0 too, to +0.
std::uint64_t converted(const Conversion& c, std::uint64_t x) {
    const Format& to = c.to;
    if (c.from.is_nan(x)) return to.magnitude_mask();
    const std::uint64_t sign = (x & c.from.sign_bit()) != 0 ? to.sign_bit() : 0;
    if (sign != 0 && c.relu) return 0;
    const auto value = truth::value(c.from, x);
    if (!value) return sign | (c.overflow == Overflow::Saturate ? to.max_code() : beyond(to));
    return truth::round(to, *value, {.rounding = c.rounding, .overflow = c.overflow}).code | sign;
}

void expect_kernel(Device& device, const Kernel& kernel, const Conversion& what,
                   const std::map<std::string, std::uint64_t, std::less<>>& values = {}) {
    const Codes x = inputs(what.from, what.to);
    const Call call{{.n = static_cast<std::uint32_t>(x.size())}, {{"x", x}}, values};
    const Codes y = run_kernel(device, kernel, call).at("y");
    ASSERT_EQ(y.size(), x.size());
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < x.size() && wrong < 3; ++i)
        if (const std::uint64_t wanted = converted(what, x[i]); y[i] != wanted) {
            ++wrong;
            ADD_FAILURE() << fmt::format("{}: {:#x}: {:#x}, not {:#x}", kernel.name, x[i], y[i], wanted);
        }
}

TEST(ConversionKernels, RoundAsIsDefined) {
    const auto device = open_ptx("sm_100");
    std::size_t count = 0;
    for (const Kernel& kernel : kernels())
        if (const auto* what = std::get_if<Conversion>(&kernel.meaning)) {
            expect_kernel(*device, kernel, *what);
            ++count;
        }
    EXPECT_EQ(count, 51U);
}

TEST(ConversionKernels, RoundInEveryModeBySoftware) {
    const auto device = open_ptx("sm_100");
    for (const Kernel& kernel : kernels()) {
        const auto* what = std::get_if<AnyConversion>(&kernel.meaning);
        for (const Rounding rounding : {Rounding::NearestEven, Rounding::NearestAway, Rounding::TowardZero,
                                        Rounding::Down, Rounding::Up, Rounding::AwayFromZero, Rounding::ToOdd})
            for (const Overflow overflow : {Overflow::ByRounding, Overflow::Saturate})
                if (what != nullptr)
                    expect_kernel(*device, kernel, {binary32, what->to, rounding, overflow},
                                  {{"rounding", static_cast<std::uint64_t>(rounding)},
                                   {"saturate", overflow == Overflow::Saturate ? 1 : 0},
                                   {"seed", 1}});
    }
}

}  // namespace
}  // namespace halfulp::gpu
