#pragma once

#include <cfenv>

#include <halfulp/softfloat/env.hpp>

namespace halfulp::kernel {

/// For its lifetime the CPU rounds to nearest, keeps subnormal numbers and has raised no flag, whatever the caller has
/// set; afterwards that is set again. The calls are opaque to compilers, which therefore keep kernels called by pointer
/// between them.
class DefaultEnvironment {
  public:
    DefaultEnvironment() {
        std::fegetenv(&saved_);
        std::fesetenv(FE_DFL_ENV);
        std::feclearexcept(FE_ALL_EXCEPT);
    }
    ~DefaultEnvironment() { std::fesetenv(&saved_); }
    DefaultEnvironment(const DefaultEnvironment&) = delete;
    DefaultEnvironment& operator=(const DefaultEnvironment&) = delete;

    Status raised() const {
        const int flags = std::fetestexcept(FE_ALL_EXCEPT);
        return {.invalid = (flags & FE_INVALID) != 0,
                .divide_by_zero = (flags & FE_DIVBYZERO) != 0,
                .overflow = (flags & FE_OVERFLOW) != 0,
                .underflow = (flags & FE_UNDERFLOW) != 0,
                .inexact = (flags & FE_INEXACT) != 0};
    }

  private:
    std::fenv_t saved_{};
};

}  // namespace halfulp::kernel
