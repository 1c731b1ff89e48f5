#pragma once

#include <array>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/name.hpp>

// The choices of an Env by name, as `roundings` has those of Rounding: rows in the order of the enumerators.

namespace halfulp {

/// The rules by name, as the program takes them.
inline constexpr std::array overflows = {
    Named<Overflow>{"ByRounding", Overflow::ByRounding, {"ieee", "by_rounding"}},
    Named<Overflow>{"Saturate", Overflow::Saturate, {"saturate", "satfinite", "sat"}},
    Named<Overflow>{"ToInfinity", Overflow::ToInfinity, {"to_infinity", "inf"}},
};

/// The rules by name, as the program takes them.
inline constexpr std::array tininess_rules = {
    Named<Tininess>{"AfterRounding", Tininess::AfterRounding, {"after", "tininessafter"}},
    Named<Tininess>{"BeforeRounding", Tininess::BeforeRounding, {"before", "tininessbefore"}},
};

/// The rules by name, as the program takes them.
inline constexpr std::array flushes = {
    Named<Flush>{"Never", Flush::Never, {"never", "off"}},
    Named<Flush>{"BeforeRounding", Flush::BeforeRounding, {"before", "arm"}},
    Named<Flush>{"AfterRounding", Flush::AfterRounding, {"after", "x86"}},
};

/// The policies by name, as the program takes them.
inline constexpr std::array nan_policies = {
    Named<NanPolicy>{"ieee_default", NanPolicy::IeeeDefault, {"ieee", "default"}},
    Named<NanPolicy>{"x86_sse", NanPolicy::X86Sse, {"x86", "sse", "8086-SSE"}},
    Named<NanPolicy>{"arm", NanPolicy::Arm, {"ARM-VFPv2"}},
    Named<NanPolicy>{"arm_default_nan", NanPolicy::ArmDefaultNan, {"arm_dn", "ARM-VFPv2-defaultNaN"}},
    Named<NanPolicy>{"riscv", NanPolicy::Riscv, {"RISCV"}},
    Named<NanPolicy>{"cuda", NanPolicy::Cuda, {"ptx"}},
};

}  // namespace halfulp
