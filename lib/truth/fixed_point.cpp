#include <halfulp/lib/truth/fixed_point.hpp>

#include <cassert>
#include <cstddef>

#include <boost/multiprecision/cpp_int.hpp>

namespace halfulp::truth {
namespace {

namespace mp = boost::multiprecision;
__extension__ typedef __int128 Int128;
using Int1024 = mp::number<mp::cpp_int_backend<1024, 1024, mp::signed_magnitude, mp::unchecked, void>>;

template <class Int>
int bit_length(Int x) {
    if constexpr (sizeof(Int) == sizeof(Int128)) {
        int bits = 0;
        for (; x >= (Int{1} << 32); x >>= 32) bits += 32;
        for (; x != 0; x >>= 1) ++bits;
        return bits;
    } else {
        return x == 0 ? 0 : static_cast<int>(msb(x)) + 1;
    }
}

/// The integer part of a square root, by Newton's method from above.
template <class Int>
Int integer_root(const Int& x) {
    if (x == 0) return 0;
    Int root = Int{1} << (bit_length(x) + 1) / 2;
    for (;;) {
        const Int next = (root + x / root) / 2;
        if (next >= root) return root;
        root = next;
    }
}

/// -log2 of the least number.
int least_bits(const Format& f) { return f.precision + f.bias - 2; }

/// How many bits the radicand of the largest root has.
int widest(const Format& f) {
    const int largest = f.precision + static_cast<int>(f.max_code() >> (f.precision - 1));
    return largest + 3 * least_bits(f) + 4;
}

enum class Special { Number, Infinity, NaN };

/// An extended real number: of a finite one the magnitude is (units + theta) * 2^-(2 * least_bits + 2), theta in (0, 1) if
/// there is `more`, else 0.
template <class Int>
struct Fixed {
    Special kind = Special::Number;
    bool negative = false;
    Int units = 0;
    bool more = false;
    Status raised = {};
    bool cancelled = false;  ///< a zero whose sign the rounding chooses
};

/// An operand; the magnitude of a finite one in units of the least number.
template <class Int>
Fixed<Int> fixed_operand(const Format& f, std::uint64_t code) {
    const std::uint64_t sign = std::uint64_t{1} << (f.width - 1), magnitude = code & (sign - 1);
    const bool negative = (code & sign) != 0;
    const bool unsigned_nan = negative && magnitude == 0 && !f.has_negative_zero;
    if (magnitude > f.max_code() && f.has_inf && magnitude == f.max_code() + 1) return {Special::Infinity, negative};
    if (magnitude > f.max_code() || unsigned_nan) {
        const bool quiet = f.nan_codes <= 1 || (code >> (f.precision - 2) & 1) != 0;
        return {.kind = Special::NaN, .raised = {.invalid = !quiet}};
    }
    const std::uint64_t hidden = std::uint64_t{1} << (f.precision - 1);
    const std::uint64_t field = magnitude / hidden, fraction = magnitude % hidden;
    if (field == 0) return {Special::Number, negative, Int{fraction}};
    return {Special::Number, negative, Int{hidden + fraction} << static_cast<int>(field - 1)};
}

template <class Int>
Fixed<Int> not_a_number(Status raised) {
    return {.kind = Special::NaN, .raised = raised};
}

template <class Int>
Fixed<Int> infinity(bool negative, Status raised = {}) {
    return {.kind = Special::Infinity, .negative = negative, .raised = raised};
}

template <class Int>
Fixed<Int> number(bool negative, const Int& units, bool more = false) {
    return {.negative = negative, .units = units, .more = more};
}

/// a + b in units of both.
template <class Int>
Fixed<Int> sum(const Fixed<Int>& a, const Fixed<Int>& b) {
    using enum Special;
    if (a.kind == NaN || b.kind == NaN) return not_a_number<Int>(a.raised | b.raised);
    if (a.kind == Infinity && b.kind == Infinity && a.negative != b.negative)
        return not_a_number<Int>({.invalid = true});
    if (a.kind == Infinity || b.kind == Infinity) return infinity<Int>(a.kind == Infinity ? a.negative : b.negative);
    const Int total = (a.negative ? Int{-a.units} : a.units) + (b.negative ? Int{-b.units} : b.units);
    if (total != 0) return number<Int>(total < 0, total < 0 ? Int{-total} : total);
    return {.negative = a.negative && b.negative, .cancelled = a.negative != b.negative};
}

/// a * b in units of a times units of b.
template <class Int>
Fixed<Int> fixed_product(const Fixed<Int>& a, const Fixed<Int>& b) {
    using enum Special;
    const auto is_zero = [](const Fixed<Int>& x) { return x.kind == Number && x.units == 0; };
    if (a.kind == NaN || b.kind == NaN) return not_a_number<Int>(a.raised | b.raised);
    if ((a.kind == Infinity && is_zero(b)) || (is_zero(a) && b.kind == Infinity))
        return not_a_number<Int>({.invalid = true});
    if (a.kind == Infinity || b.kind == Infinity) return infinity<Int>(a.negative != b.negative);
    return number<Int>(a.negative != b.negative, a.units * b.units);
}

/// a / b, in units of 2^-bits.
template <class Int>
Fixed<Int> quotient(const Fixed<Int>& a, const Fixed<Int>& b, int bits) {
    using enum Special;
    const bool negative = a.negative != b.negative;
    if (a.kind == NaN || b.kind == NaN) return not_a_number<Int>(a.raised | b.raised);
    if (a.kind == Infinity) return b.kind == Infinity ? not_a_number<Int>({.invalid = true}) : infinity<Int>(negative);
    if (b.kind == Infinity) return number<Int>(negative, 0);
    if (b.units == 0)
        return a.units == 0 ? not_a_number<Int>({.invalid = true}) : infinity<Int>(negative, {.divide_by_zero = true});
    const Int dividend = a.units << bits;
    return number<Int>(negative, dividend / b.units, dividend % b.units != 0);
}

/// The square root of a in units of 2^-unit, in units of 2^-bits.
template <class Int>
Fixed<Int> root(const Fixed<Int>& a, int unit, int bits) {
    using enum Special;
    if (a.kind == NaN || (a.kind == Number && a.units == 0)) return a;
    if (a.negative) return not_a_number<Int>({.invalid = true});
    if (a.kind == Infinity) return a;
    const Int radicand = a.units << (2 * bits - unit), whole = integer_root(radicand);
    return number<Int>(false, whole, whole * whole != radicand);
}

template <class Int>
Fixed<Int> scaled(Fixed<Int> x, int bits) {
    x.units <<= bits;
    return x;
}

/// The result in units of 2^-(2 * least_bits + 2).
template <class Int>
Fixed<Int> result_of(Operation operation, const Format& f, const Operands& codes) {
    const int least = least_bits(f), bits = 2 * least + 2;
    const auto x = [&](std::size_t i) { return fixed_operand<Int>(f, codes[i]); };
    const auto negated = [](Fixed<Int> y) {
        y.negative = !y.negative;
        return y;
    };
    switch (operation) {
        case Operation::Add: return scaled(sum(x(0), x(1)), least + 2);
        case Operation::Sub: return scaled(sum(x(0), negated(x(1))), least + 2);
        case Operation::Mul: return scaled(fixed_product(x(0), x(1)), 2);
        case Operation::Div: return quotient(x(0), x(1), bits);
        case Operation::Sqrt: return root(x(0), least, bits);
        case Operation::Fma: {
            const Fixed<Int> c = scaled(x(2), least), ab = fixed_product(x(0), x(1));
            if (ab.kind == Special::NaN) return not_a_number<Int>(ab.raised | c.raised);
            return scaled(sum(ab, c), 2);
        }
        default: assert(false); return {};
    }
}

/// Is a magnitude that lies between two neighbours, the lower one odd or not, rounded to the upper one? `middle`: its
/// order to their middle.
bool takes_upper(Rounding rounding, bool negative, bool lower_is_odd, int middle) {
    switch (rounding) {
        case Rounding::NearestEven: return middle > 0 || (middle == 0 && lower_is_odd);
        case Rounding::NearestAway: return middle >= 0;
        case Rounding::TowardZero: return false;
        case Rounding::AwayFromZero: return true;
        case Rounding::Down: return negative;
        case Rounding::Up: return !negative;
        case Rounding::ToOdd: return !lower_is_odd;
        case Rounding::Stochastic: break;
    }
    assert(false);
    return false;
}

/// A finite magnitude that is not 0, in units of 2^-bits, `least` of which are the least number.
template <class Int>
class Delivery {
  public:
    Delivery(const Format& f, const Fixed<Int>& x) : f_(f), x_(x), unit_(least_bits(f) + 2) {}

    Rounded operator()(const Env& env) const {
        const int spacing = std::max(bit_length(x_.units) - f_.precision, unit_);
        bool exact = false;
        const Int rounded = rounded_to(spacing, env.rounding, exact) >> unit_;  // in least numbers
        const std::uint64_t sign = x_.negative ? std::uint64_t{1} << (f_.width - 1) : 0;
        if (rounded > fixed_operand<Int>(f_, f_.max_code()).units)
            return {sign | overflow(env), {.overflow = true, .inexact = true}};
        const bool tiny = !exact && is_tiny(env);
        const std::uint64_t code = encode(rounded);
        return {code == 0 && !f_.has_negative_zero ? 0 : sign | code, {.underflow = tiny, .inexact = !exact}};
    }

  private:
    /// x to a multiple of 2^spacing units.
    Int rounded_to(int spacing, Rounding rounding, bool& exact) const {
        const Int gap = Int{1} << spacing, count = x_.units >> spacing, rest = x_.units - (count << spacing);
        exact = rest == 0 && !x_.more;
        if (exact) return x_.units;
        const Int twice = 2 * rest;
        const int middle = twice > gap || (twice == gap && x_.more) ? 1 : twice == gap ? 0 : -1;
        return (count + (takes_upper(rounding, x_.negative, count % 2 != 0, middle) ? 1 : 0)) << spacing;
    }

    /// Below the smallest normal number, as it is or rounded to the precision?
    bool is_tiny(const Env& env) const {
        const Int smallest_normal = Int{1} << (unit_ + f_.precision - 1);
        if (x_.units >= smallest_normal) return false;
        if (env.tininess == Tininess::BeforeRounding) return true;
        const int spacing = std::max(bit_length(x_.units) - f_.precision, 0);
        bool exact = false;
        return rounded_to(spacing, env.rounding, exact) < smallest_normal;
    }

    /// The magnitude whose value is so many least numbers.
    std::uint64_t encode(const Int& count) const {
        const int field = std::max(bit_length(count) - f_.precision + 1, 0);
        const auto significand = static_cast<std::uint64_t>(field == 0 ? count : Int{count >> (field - 1)});
        const std::uint64_t hidden = std::uint64_t{1} << (f_.precision - 1);
        return field == 0 ? significand : static_cast<std::uint64_t>(field) * hidden + (significand - hidden);
    }

    std::uint64_t overflow(const Env& env) const {
        const bool inward = env.rounding == Rounding::TowardZero || env.rounding == Rounding::ToOdd ||
                            env.rounding == (x_.negative ? Rounding::Up : Rounding::Down);
        const bool finite = env.overflow == Overflow::Saturate || (env.overflow == Overflow::ByRounding && inward);
        if (finite || (!f_.has_inf && !f_.has_nan())) return f_.max_code();
        return f_.has_inf ? f_.max_code() + 1 : f_.nan_code();
    }

    const Format& f_;
    const Fixed<Int>& x_;
    int unit_;  // log2 of the least number in units of x
};

template <class Int>
Rounded delivered(const Format& f, const Fixed<Int>& x, const Env& env) {
    using enum Special;
    const std::uint64_t sign = std::uint64_t{1} << (f.width - 1);
    Rounded r{};
    if (x.kind == NaN) {
        r = f.has_nan() ? Rounded{f.nan_code(), {}} : Rounded{f.max_code(), {.invalid = true}};
    } else if (x.kind == Infinity) {
        const bool finite = env.overflow == Overflow::Saturate || (!f.has_inf && !f.has_nan());
        const bool lost = finite || !f.has_inf;
        const std::uint64_t magnitude = finite ? f.max_code() : f.has_inf ? f.max_code() + 1 : f.nan_code();
        r = {(x.negative ? sign : 0) | magnitude, {.overflow = lost, .inexact = lost}};
    } else if (x.units == 0 && !x.more) {
        const bool negative = x.cancelled ? env.rounding == Rounding::Down : x.negative;
        r.code = negative && f.has_negative_zero ? sign : 0;
    } else {
        r = Delivery<Int>{f, x}(env);
    }
    return {r.code, r.status | x.raised};
}

template <class Int>
void deliver_all(Operation operation, const Format& f, const Operands& operands, std::span<const Env> envs,
                 std::span<Rounded> results) {
    const Fixed<Int> x = result_of<Int>(operation, f, operands);
    for (std::size_t i = 0; i < envs.size(); ++i) results[i] = delivered(f, x, envs[i]);
}

}  // namespace

bool has_fixed_point(const Format& f) { return f.is_signed && f.has_subnormals && widest(f) <= 1023; }

void fixed_point_results(Operation operation, const Format& f, const Operands& operands, std::span<const Env> envs,
                         std::span<Rounded> results) {
    assert(has_fixed_point(f) && envs.size() == results.size());
    if (widest(f) <= 126) {
        deliver_all<Int128>(operation, f, operands, envs, results);
    } else {
        deliver_all<Int1024>(operation, f, operands, envs, results);
    }
}

}  // namespace halfulp::truth
