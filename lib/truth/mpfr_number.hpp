#pragma once

#include <mpfr.h>

namespace halfulp::truth {

/// An MPFR number and its memory, NaN until it is set. Up to 128 bits are in the object itself: oracles are asked
/// millions of times, and allocation would be a third of theirs. Neither mpfr_swap nor mpfr_set_prec may take one.
class MpfrNumber {
  public:
    explicit MpfrNumber(int precision) {
        if (precision <= 2 * GMP_NUMB_BITS)
            mpfr_custom_init_set(x_, MPFR_NAN_KIND, 0, precision, limbs_);
        else
            mpfr_init2(x_, precision);
    }
    MpfrNumber(const MpfrNumber&) = delete;
    MpfrNumber& operator=(const MpfrNumber&) = delete;
    ~MpfrNumber() {
        if (mpfr_custom_get_significand(x_) != limbs_) mpfr_clear(x_);
    }
    operator mpfr_ptr() { return x_; }
    operator mpfr_srcptr() const { return x_; }

  private:
    mp_limb_t limbs_[2];
    mpfr_t x_;
};

}  // namespace halfulp::truth
