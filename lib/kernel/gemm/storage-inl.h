// How elements of matrices become lanes of binary32, and lanes elements.

#if defined(HALFULP_KERNEL_GEMM_STORAGE) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_STORAGE
#undef HALFULP_KERNEL_GEMM_STORAGE
#else
#define HALFULP_KERNEL_GEMM_STORAGE
#endif

#include <halfulp/lib/kernel/binary32-inl.h>
#include <halfulp/lib/kernel/half-inl.h>
#include <halfulp/lib/kernel/operands-inl.h>
#include <halfulp/lib/kernel/round-inl.h>
#include <halfulp/softfloat/formats.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

struct Numbers {
    using Element = float;

    HWY_INLINE Floats load(const float* from) const { return hn::LoadU(FloatTag(), from); }
    HWY_INLINE void store(Floats x, float* to) const { hn::StoreU(canonical(x), FloatTag(), to); }
};

/// Codes of a format of 16 bits; what is stored is rounded to nearest even.
template <Way way>
class Codes16 {
  public:
    using Element = std::uint16_t;

    explicit Codes16(const Format& f) : from_(widening(f, {})), to_(narrowing(f, binary32_layout, {})) {}

    HWY_INLINE Floats load(const std::uint16_t* from) const {
        return numbers<way>(from_, hn::LoadU(hn::Rebind<std::uint16_t, Tag>(), from));
    }
    HWY_INLINE void store(Floats x, std::uint16_t* to) const {
#if HALFULP_KERNEL_F16C
        if constexpr (way == Way::F16c) return store_halves<0>(canonical(x), to);
#endif
        constexpr Shape shape = way == Way::Same ? Shape::Same : Shape::Gradual;
        const Outcome r = round_pack<Addend::Nearest, shape>(to_, bits(x), Binary32<false>{bits(x)}, hn::Zero(Tag()));
        HWY_NAMESPACE::store(r.codes, to);
    }

  private:
    Widening from_;
    Narrowing to_;
};

struct OfBinary16 : Codes16<HALFULP_KERNEL_F16C ? Way::F16c : Way::Gradual> {
    OfBinary16() : Codes16(binary16) {}
};
struct OfBfloat16 : Codes16<Way::Same> {
    OfBfloat16() : Codes16(bfloat16) {}
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
