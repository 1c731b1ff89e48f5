#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <halfulp/lib/accumulate/sum.hpp>
#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/softfloat/formats.hpp>

#ifdef __FAST_MATH__
#error "the CPU's rounding is observed here: build without -ffast-math"
#endif

namespace halfulp {
namespace {

std::uint64_t cpu_result(Operation operation, const Format& f, std::uint64_t a, std::uint64_t b) {
    return truth::cpu_result(operation, f, {a, b, 0}, Env{}).code;
}

/// A binary32 number to nearest even in bf16, by the CPU's binary64 adder: beside 1.5 * 2^(52 + k) nothing below 2^k
/// survives. All of it is exact but that one addition.
std::uint64_t narrow_bf16(std::uint64_t code) {
    const float x = std::bit_cast<float>(static_cast<std::uint32_t>(code));
    if (!std::isfinite(x) || x == 0) return code >> 16;
    const int last_bit = std::max(std::ilogb(x), bfloat16.emin()) - bfloat16.fraction_bits();
    const double magic = std::ldexp(1.5, 52 + last_bit);
    const auto bits = [](double d) { return std::bit_cast<std::uint64_t>(d); };
    const double sum = std::bit_cast<double>(cpu_result(Operation::Add, binary64, bits(x), bits(magic)));
    const float rounded = std::copysign(static_cast<float>(sum - magic), x);  // 2^128 becomes infinity
    return std::bit_cast<std::uint32_t>(rounded) >> 16;
}

/// To and from codes of binary32.
std::uint64_t widen(const Format& f, std::uint64_t code) {
    if (f == binary16) return truth::cpu_binary16_to_binary32(code).code;
    return f == bfloat16 ? code << 16 : code;
}

std::uint64_t narrow(const Format& f, std::uint64_t code) {
    if (f == binary16) return truth::cpu_binary32_to_binary16(code, Rounding::NearestEven).code;
    return f == bfloat16 ? narrow_bf16(code) : code;
}

std::uint64_t cpu_arithmetic(Operation operation, const Format& f, std::uint64_t a, std::uint64_t b) {
    if (f == binary64) return cpu_result(operation, f, a, b);
    return narrow(f, cpu_result(operation, binary32, widen(f, a), widen(f, b)));
}

/// For the orders of lib/accumulate.
struct CpuAdder {
    Format format;

    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return cpu_arithmetic(Operation::Add, format, a, b); }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return cpu_arithmetic(Operation::Sub, format, a, b); }
};

/// This CPU: binary32 and binary64 by its own instructions, fp16 by its conversions (F16C), bf16, for which most have no
/// instruction, as the upper half of binary32. What is computed in 16 bits is computed in binary32 and rounded again,
/// which gives the same as rounding once: 24 >= 2 * 11 + 2 bits (Figueroa 1995; Roux 2014 with subnormal numbers).
class CpuObserver final : public Observer {
  public:
    std::string name() const override { return "cpu"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        if (const std::string reason = lacks({from, to}); !reason.empty()) return Answer::not_available(reason);
        Answer answer;
        for (const std::uint64_t code : codes) answer.codes.push_back(narrow(to, widen(from, code)));
        return answer;
    }

    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        const bool native = f == binary32 || f == binary64;
        std::string reason(truth::cpu_lacks(operation));
        if (reason.empty() && !native) reason = lacks({f});
        if (!reason.empty()) return Answer::not_available(reason);
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i) answer.codes.push_back(cpu_arithmetic(operation, f, a[i], b[i]));
        return answer;
    }

    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        const Answer converted = convert(term, accumulator, terms);
        if (!converted.unavailable.empty()) return converted;
        return {running_sums(CpuAdder{accumulator}, converted.codes), {}};
    }

    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        if (order.grouping == Grouping::MatrixUnit) return Answer::not_available(cannot());
        const Answer converted = convert(term, accumulator, terms);
        if (!converted.unavailable.empty()) return converted;
        return {{halfulp::sum(order, CpuAdder{accumulator}, converted.codes)}, {}};
    }

    /// Clamped before it becomes an integer, as the conversion has no answer out of range. The limits are integers, so
    /// that rounding takes nothing across them: the order of the two makes no difference.
    Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override {
        std::string reason = lacks({f});
        if (reason.empty() && !truth::cpu_has(quantiser.rounding))
            reason = "this CPU does not round by " + std::string(name_of(quantiser.rounding));
        if (!reason.empty()) return Answer::not_available(reason);
        Answer answer = arithmetic(Operation::Div, f, codes, Codes(codes.size(), scale));
        const auto least = static_cast<float>(quantiser.least()), greatest = static_cast<float>(quantiser.greatest());
        for (std::uint64_t& code : answer.codes) {
            const auto quotient = std::bit_cast<float>(static_cast<std::uint32_t>(widen(f, code)));
            const auto bits = std::bit_cast<std::uint32_t>(std::clamp(quotient, least, greatest));
            code = truth::cpu_to_integer(64, binary32, bits, {.rounding = quantiser.rounding}).code;
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it has no matrix unit"; }

  private:
    static std::string lacks(std::initializer_list<Format> formats) {
        std::string reason(truth::cpu_lacks(Operation::Add));
        for (const Format& f : formats) {
            if (f == binary16 && reason.empty()) reason = truth::cpu_lacks_binary16();
            if (f != binary32 && f != binary16 && f != bfloat16)
                reason = "this CPU has no " + std::string(short_name(f));
        }
        return reason;
    }
};

}  // namespace

std::unique_ptr<Observer> make_cpu_observer() { return std::make_unique<CpuObserver>(); }

}  // namespace halfulp
