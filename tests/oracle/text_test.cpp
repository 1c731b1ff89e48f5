// Claims: a decimal or hexadecimal text is rounded once, with the right flags, in every rounding; exact texts are
// exact; shortest texts are the shortest that read back, and the closest of these.
// Oracles: MPFR (mpfr_strtofr and mpfr_subnormalize) for what and how texts round; lib/truth, which rounds
// rationals by search, for the formats and roundings that MPFR lacks; std::from_chars, std::to_chars and printf for
// binary32 and binary64; the definition of "shortest", by rationals, for every code of the smaller formats.
// Shared: the rows of the format table, and decode, which turns codes into doubles here. Texts are composed by Boost.
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/mpfr_number.hpp>
#include <halfulp/softfloat/print.hpp>

namespace halfulp {
namespace {

using truth::Integer;
using truth::pow2;
using truth::Rational;

std::string flags(const Status& s) {
    return std::string{s.invalid ? "invalid " : ""} + (s.overflow ? "overflow " : "") +
           (s.underflow ? "underflow " : "") + (s.inexact ? "inexact" : "");
}

double to_double(const Format& f, std::uint64_t code) {
    const Exact x = decode(f, code);
    const double magnitude = x.kind == Kind::Inf ? INFINITY : std::ldexp(static_cast<double>(x.sig), x.exp);
    return x.negative ? -magnitude : magnitude;
}

/// integer * 10^exponent
struct Tenths {
    Integer integer;
    int exponent;
};

Rational value(const Tenths& d) {
    const Integer power = pow(Integer{10}, static_cast<unsigned>(std::abs(d.exponent)));
    return d.exponent < 0 ? Rational{d.integer, power} : Rational{d.integer * power};
}

/// Numbers at which rounding to a format changes, numbers next to these, and others; in all notations.
class Texts {
  public:
    Texts(const Format& f, unsigned seed) : f_(f), random_(seed) {}

    /// Not negative.
    Tenths next() {
        if (below(4) == 0) return anywhere();
        Tenths d = in_tenths(breakpoint());
        const int distance = below(40) == 0 ? 850 : 1 + below(40);  // in digits; 850 is behind those that parse keeps
        const int direction = below(3) - 1;
        if (direction == 0) return d;
        d.integer = d.integer * pow(Integer{10}, static_cast<unsigned>(distance)) + direction;
        d.exponent -= distance;
        if (d.integer < 0) d.integer = 1;
        return d;
    }

    std::string write(const Tenths& d, bool negative) {
        const int zeros = below(4) == 0 ? below(12) : 0;
        std::string digits = d.integer.str() + std::string(static_cast<std::size_t>(zeros), '0');
        if (below(4) == 0) digits.insert(0, static_cast<std::size_t>(below(12)), '0');
        int exponent = d.exponent - zeros;
        const bool plain = exponent < 0 && exponent > -60 && below(2) == 0;
        if (plain && -exponent > static_cast<int>(digits.size()))
            digits.insert(0, static_cast<std::size_t>(-exponent) - digits.size(), '0');
        const int size = static_cast<int>(digits.size());
        const int after_point = plain ? -exponent : below(2) == 0 ? below(size + 1) : 0;
        exponent += after_point;
        if (after_point > 0 || below(8) == 0) digits.insert(static_cast<std::size_t>(size - after_point), ".");
        if (exponent != 0 || below(8) == 0) digits += (below(2) == 0 ? "e" : "E") + std::to_string(exponent);
        return (negative ? "-" : "") + digits;
    }

    int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  private:
    Tenths anywhere() {
        const double smallest = std::log10(2) * (f_.emin() - f_.precision), largest = std::log10(2) * f_.emax();
        const int top = static_cast<int>(smallest) - 2 + below(static_cast<int>(largest - smallest) + 5);
        const int size = 1 + below(24);
        Integer integer = 1 + below(9);
        for (int i = 1; i < size; ++i) integer = integer * 10 + below(10);
        return {integer, top - size + 1};
    }

    std::uint64_t magnitude() {
        const std::uint64_t edges[] = {0, f_.min_normal_code(), f_.max_code()};
        if (below(4) != 0) return random_() % (f_.max_code() + 1);
        if (below(2) == 0) return (random_() % (f_.max_code() + 1)) >> f_.fraction_bits() << f_.fraction_bits();
        const std::uint64_t edge = edges[below(3)];
        const auto away = static_cast<std::uint64_t>(below(4));
        return below(2) == 0 ? std::min(edge + away, f_.max_code()) : edge - std::min(edge, away);
    }

    /// A number of the format, the middle to the next one, or the middle below the smallest normal number if there
    /// were no subnormal ones.
    Rational breakpoint() {
        if (below(50) == 0) return pow2(f_.emin()) - pow2(f_.emin() - f_.precision - 1);
        const std::uint64_t code = magnitude();
        const Rational x = truth::value(f_, code).value();
        if (below(4) == 0) return x;
        return x + pow2(std::max(x == 0 ? f_.emin() : truth::floor_log2(x), f_.emin()) - f_.precision);
    }

    /// Pre: the denominator is a power of two.
    static Tenths in_tenths(const Rational& x) {
        const auto twos = static_cast<unsigned>(msb(denominator(x)));
        return {numerator(x) * pow(Integer{5}, twos), -static_cast<int>(twos)};
    }

    Format f_;
    std::mt19937_64 random_;
};

/// The format's numbers in MPFR's variables. Ranges are global in MPFR, so they are set where they matter.
class Mpfr {
  public:
    explicit Mpfr(const Format& f) : f_(f), x_(f.precision) {}

    struct Result {
        double value;
        Status status;
    };
    Result read(const std::string& text, mpfr_rnd_t rounding) {
        mpfr_set_emin(f_.emin() - f_.fraction_bits() + 1);  // MPFR's significands lie in [1/2, 1)
        mpfr_set_emax(f_.emax() + 1);
        mpfr_clear_flags();
        int ternary = mpfr_strtofr(x_, text.c_str(), nullptr, 0, rounding);
        ternary = mpfr_subnormalize(x_, ternary, rounding);
        const bool overflow = mpfr_overflow_p() != 0, inexact = ternary != 0;
        const double value = mpfr_get_d(x_, MPFR_RNDN);
        mpfr_set_emin(mpfr_get_emin_min());
        mpfr_set_emax(mpfr_get_emax_max());
        const bool underflow = inexact && std::fabs(value) <= std::ldexp(1.0, f_.emin()) && tiny(text, rounding);
        return {value, {.overflow = overflow, .underflow = underflow, .inexact = inexact}};
    }

  private:
    /// Below the smallest normal number after rounding with unbounded exponent.
    bool tiny(const std::string& text, mpfr_rnd_t rounding) {
        mpfr_strtofr(x_, text.c_str(), nullptr, 0, rounding);
        return mpfr_zero_p(x_) != 0 || mpfr_get_exp(x_) <= f_.emin();
    }

    Format f_;
    truth::MpfrNumber x_;
};

constexpr std::pair<Rounding, mpfr_rnd_t> mpfr_roundings[] = {{Rounding::NearestEven, MPFR_RNDN},
                                                              {Rounding::TowardZero, MPFR_RNDZ},
                                                              {Rounding::Up, MPFR_RNDU},
                                                              {Rounding::Down, MPFR_RNDD},
                                                              {Rounding::AwayFromZero, MPFR_RNDA}};

::testing::AssertionResult agrees(const Format& f, Mpfr& mpfr, const std::string& text) {
    for (const auto& [rounding, theirs] : mpfr_roundings) {
        const Rounded r = parse(f, text, {.rounding = rounding}).value.value();
        const double value = to_double(f, r.code);
        const auto expected = mpfr.read(text, theirs);
        if (std::bit_cast<std::uint64_t>(value) != std::bit_cast<std::uint64_t>(expected.value) ||
            r.status != expected.status)
            return ::testing::AssertionFailure()
                   << name_of(f) << " " << name_of(rounding) << " of " << text << ": " << std::hexfloat << value << " "
                   << flags(r.status) << ", MPFR " << expected.value << " " << flags(expected.status);
    }
    return ::testing::AssertionSuccess();
}

TEST(TextOracle, DecimalRoundsAsInMpfr) {
    for (const auto& [f, count] : {std::pair{binary16, 350'000},
                                   {bfloat16, 250'000},
                                   {binary32, 200'000},
                                   {binary64, 60'000},
                                   {tf32, 50'000},
                                   {e5m2, 50'000},
                                   {e4m3, 50'000}}) {
        Texts texts{f, 1};
        Mpfr mpfr{f};
        for (int i = 0; i < count; ++i) ASSERT_TRUE(agrees(f, mpfr, texts.write(texts.next(), texts.below(2) == 0)));
    }
}

TEST(TextOracle, HexadecimalRoundsAsInMpfr) {
    for (const Format& f : {binary16, bfloat16, binary32, binary64}) {
        Texts random{f, 2};
        Mpfr mpfr{f};
        for (int i = 0; i < 50'000; ++i) {
            std::string text = random.below(2) == 0 ? "0x" : "-0X";
            const int digits = 1 + random.below(random.below(50) == 0 ? 1000 : 40), zeros_from = random.below(40);
            const int point = random.below(digits);
            for (int j = 0; j < digits; ++j) {
                const int digit = j > zeros_from && j + 1 < digits ? 0 : random.below(16);
                text += "0123456789abcdef"[digit];
                if (j == point) text += ".";
            }
            const int range = f.emax() - f.emin() + f.precision;
            text += "p" + std::to_string(f.emin() - f.precision - 10 - 4 * point + random.below(range + 20));
            ASSERT_TRUE(agrees(f, mpfr, text));
        }
    }
}

TEST(TextOracle, EveryFormatAndRoundingAsDefined) {
    for (const NamedFormat& row : formats) {
        const Format& f = row.format;
        if (!f.has_subnormals) continue;  // truth::round's precondition
        Texts texts{f, 3};
        for (int i = 0; i < (f.width == 64 ? 100 : 1500); ++i) {
            const bool negative = texts.below(2) == 0;
            const Tenths d = texts.next();
            const std::string text = texts.write(d, negative);
            if (d.integer == 0) continue;  // truth::round has no negative zero
            const Rational x = negative ? Rational{-value(d)} : value(d);
            for (const NamedRounding& rounding : deterministic_roundings)
                for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding}) {
                    const Env env{.rounding = rounding.rounding, .tininess = tininess};
                    ASSERT_EQ(parse(f, text, env).value.value(), truth::round(f, x, env))
                        << row.name << " " << rounding.name << " of " << text;
                }
        }
    }
}

template <Format F, class T>
void compare_with_from_chars(int count) {
    Texts texts{F, 4};
    int compared = 0;
    for (int i = 0; i < count; ++i) {
        const std::string text = texts.write(texts.next(), texts.below(2) == 0);
        T expected{};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), expected);
        ASSERT_EQ(end, text.data() + text.size());
        if (error != std::errc{}) continue;  // out of range: it gives no value
        ASSERT_EQ(parse<F>(text).value.value().value.code, std::bit_cast<CodeOf<F>>(expected)) << text;
        ++compared;
    }
    EXPECT_GT(compared, count * 9 / 10);
}

TEST(TextOracle, NearestEvenAsFromChars) {
    compare_with_from_chars<binary32, float>(100'000);
    compare_with_from_chars<binary64, double>(50'000);
}

/// Random codes of finite numbers that are not 0, and of the binades' first numbers.
template <Format F>
std::vector<CodeOf<F>> sample(int count) {
    std::vector<CodeOf<F>> codes;
    for (std::uint64_t binade = 1; binade <= F.max_code() >> F.fraction_bits(); ++binade)
        for (const int away : {-1, 0, 1})
            codes.push_back(static_cast<CodeOf<F>>((binade << F.fraction_bits()) + static_cast<std::uint64_t>(away)));
    for (int bit = 0; bit < F.fraction_bits(); ++bit) codes.push_back(static_cast<CodeOf<F>>(std::uint64_t{1} << bit));
    std::mt19937_64 random{5};
    while (count-- > 0) codes.push_back(static_cast<CodeOf<F>>(1 + random() % F.max_code()));
    return codes;
}

template <Format F, class T>
void compare_with_to_chars(int count) {
    char buffer[400];
    const auto to_chars = [&](T x, std::chars_format layout) {
        return std::string(buffer, std::to_chars(std::begin(buffer), std::end(buffer), x, layout).ptr);
    };
    for (const auto code : sample<F>(count)) {
        const T x = std::bit_cast<T>(code);
        const Decimal d = shortest_decimal(F, code);
        ASSERT_EQ(scientific(d), to_chars(x, std::chars_format::scientific));
        if (d.exponent >= -4 && d.exponent < 16) {
            ASSERT_EQ(shortest_text(F, code), to_chars(x, std::chars_format::fixed));
        }
    }
}

TEST(TextOracle, ShortestAsToChars) {
    compare_with_to_chars<binary32, float>(100'000);
    compare_with_to_chars<binary64, double>(40'000);
}

/// What rounds to a magnitude's number x: between the middles to its neighbours; the middles too if it is even.
struct Interval {
    Rational low, x, high;
    bool closed;

    Interval(const Format& f, std::uint64_t magnitude)
        : x(truth::value(f, magnitude).value()), closed(magnitude % 2 == 0) {
        const Rational below = magnitude == 0 ? Rational{x / 2} : truth::value(f, magnitude - 1).value();
        low = (below + x) / 2;
        // Past the largest number lies what would be next.
        const Rational next = f.precision == 1 ? Rational{2 * x} : Rational{2 * x - below};
        high = (x + (magnitude == f.max_code() ? next : truth::value(f, magnitude + 1).value())) / 2;
    }
    bool holds(const Rational& y) const { return closed ? low <= y && y <= high : low < y && y < high; }
};

TEST(TextOracle, ShortestAsDefined) {
    for (const NamedFormat& row : formats) {
        const Format& f = row.format;
        if (f.width > 16) continue;
        for (std::uint64_t magnitude = f.min_code(); magnitude <= f.max_code(); ++magnitude) {
            const Interval interval{f, magnitude};
            const Decimal d = shortest_decimal(f, magnitude);
            const int size = static_cast<int>(d.digits.size()), unit = d.exponent - size + 1;
            const Rational found = value({Integer{d.digits}, unit});
            ASSERT_TRUE(interval.holds(found)) << row.name << " " << magnitude << " as " << scientific(d);
            // Next to x, none with one digit less is in the interval, and none with as many is closer.
            for (const int place : {unit, unit + 1}) {
                const Integer count = truth::floor(interval.x / value({1, place}));
                for (const Rational& other : {value({count, place}), value({count + 1, place})}) {
                    const bool better = place > unit ? size > 1 : abs(other - interval.x) < abs(found - interval.x);
                    ASSERT_FALSE(better && other != 0 && interval.holds(other))
                        << row.name << " " << magnitude << " as " << scientific(d) << " is also " << other;
                }
            }
        }
    }
}

std::string printed(const char* layout, int digits, double x) {
    char buffer[1500];
    const int size = std::snprintf(buffer, sizeof buffer, layout, digits, x);
    return {buffer, static_cast<std::size_t>(size)};
}

/// Without the zeros at its end, and the point where these were all that followed.
std::string without_last_zeros(std::string text) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

TEST(TextOracle, ExactTextsAsPrintf) {
    for (const auto code : sample<binary64>(10'000)) {
        const double x = std::bit_cast<double>(code);
        ASSERT_EQ(exact_text(decode(binary64, code)), without_last_zeros(printed("%.*f", 1100, x)));
        if (code >= binary64.min_normal_code()) {
            ASSERT_EQ(hex_text(decode(binary64, code)), printed("%.*a", -1, x));
        }
    }
    for (const NamedFormat& row : formats) {
        const Format& f = row.format;
        if (f.width > 16) continue;
        for (std::uint64_t code = 0; code <= f.code_mask(); ++code) {
            if (decode(f, code).kind == Kind::NaN || decode(f, code).kind == Kind::Inf) continue;
            const double x = to_double(f, code);
            ASSERT_EQ(exact_text(decode(f, code)), without_last_zeros(printed("%.*f", 140, x))) << row.name;
            ASSERT_EQ(hex_text(decode(f, code)), printed("%.*a", -1, x)) << row.name;
        }
    }
}

}  // namespace
}  // namespace halfulp
