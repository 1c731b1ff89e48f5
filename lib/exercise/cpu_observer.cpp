#include <bit>
#include <cmath>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/softfloat/formats.hpp>

#ifdef __FAST_MATH__
#error "halfulp observes the CPU's own rounding: build it without -ffast-math"
#endif

namespace halfulp {
namespace {

#if defined(__x86_64__)
const bool has_f16c = __builtin_cpu_supports("f16c") != 0;
__attribute__((target("f16c"))) float widen_fp16(std::uint16_t code) {
    return _cvtsh_ss(code);
}
__attribute__((target("f16c"))) std::uint16_t narrow_fp16(float x) {
    return _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT);
}
#else
constexpr bool has_f16c = false;
float widen_fp16(std::uint16_t) {
    return 0;
}
std::uint16_t narrow_fp16(float) {
    return 0;
}
#endif

/// x to nearest even in bf16, by the CPU's binary64 adder: beside 1.5 * 2^(52 + k) nothing below 2^k survives. All of it
/// is exact but that one addition.
std::uint16_t narrow_bf16(float x) {
    const int last_bit = std::max(std::ilogb(x), bfloat16.emin()) - bfloat16.fraction_bits();
    const double magic = std::ldexp(1.5, 52 + last_bit);
    const volatile double sum = double{x} + magic;  // volatile: not to be simplified away
    const bool finite = std::isfinite(x) && x != 0;
    const float rounded = finite ? std::copysign(static_cast<float>(sum - magic), x) : x;  // 2^128 becomes infinity
    return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(rounded) >> 16);
}

/// This CPU: binary32 by its adder, fp16 by its conversion instructions (F16C), bf16, for which most have no
/// instruction, as the upper half of binary32. Sums in 16 bits are added in binary32 and rounded again, which gives the
/// same as rounding once: 24 >= 2 * 11 + 2 bits (Figueroa 1995).
class CpuObserver final : public Observer {
  public:
    std::string name() const override { return "cpu"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        if (const std::string reason = lacks({from, to}); !reason.empty()) return Answer::not_available(reason);
        Answer answer;
        for (const std::uint64_t code : codes) answer.codes.push_back(narrow(to, widen(from, code)));
        return answer;
    }

    Answer add(const Format& f, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) const override {
        if (const std::string reason = lacks({f}); !reason.empty()) return Answer::not_available(reason);
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i) answer.codes.push_back(narrow(f, widen(f, a[i]) + widen(f, b[i])));
        return answer;
    }

    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        if (const std::string reason = lacks({term, accumulator}); !reason.empty())
            return Answer::not_available(reason);
        Answer answer;
        std::uint64_t sum = 0;
        for (const std::uint64_t code : terms) {
            sum = narrow(accumulator, widen(accumulator, sum) + widen(term, code));
            answer.codes.push_back(sum);
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it has no matrix unit"; }

  private:
    static std::string lacks(std::initializer_list<Format> formats) {
        for (const Format& f : formats) {
            if (f == binary16 && !has_f16c) return "this CPU has no fp16 conversion (F16C)";
            if (f != binary32 && f != binary16 && f != bfloat16) return "this CPU has no " + std::string(short_name(f));
        }
        return {};
    }

    static float widen(const Format& f, std::uint64_t code) {
        if (f == binary16) return widen_fp16(static_cast<std::uint16_t>(code));
        const auto bits = static_cast<std::uint32_t>(f == bfloat16 ? code << 16 : code);
        return std::bit_cast<float>(bits);
    }

    static std::uint64_t narrow(const Format& f, float x) {
        if (f == binary16) return narrow_fp16(x);
        if (f == bfloat16) return narrow_bf16(x);
        return std::bit_cast<std::uint32_t>(x);
    }
};

}  // namespace

std::unique_ptr<Observer> make_cpu_observer() {
    return std::make_unique<CpuObserver>();
}

}  // namespace halfulp
