#pragma once

#include <array>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow/operation.hpp>
#include <ostream>

#include "support/comparison.hpp"
#include "support/operands.hpp"

namespace halfulp::test {

/// The narrow engine of a format, which is no longer a template argument, beside the format.
struct NarrowEngine {
    Format format;
    Rounded (*compute)(Operation, const Operands&, const Env&);
};

inline void PrintTo(const NarrowEngine& engine, std::ostream* out) {
    *out << engine.format.width << " bits, precision " << engine.format.precision;
}

template <Format F>
constexpr NarrowEngine narrow_engine{F, narrow::compute<F>};

/// Every format of the table that is narrow enough, and three that are made up: many and few bits of exponent among 16,
/// and a width that no integer has.
inline constexpr std::array narrow_engines = {
    narrow_engine<binary16>,     narrow_engine<bfloat16>,    narrow_engine<e5m2>,     narrow_engine<e4m3fn>,
    narrow_engine<e4m3>,         narrow_engine<e5m2fnuz>,    narrow_engine<e4m3fnuz>, narrow_engine<e3m2>,
    narrow_engine<e2m3>,         narrow_engine<e2m1>,        narrow_engine<e8m0>,     narrow_engine<ieee(16, 3)>,
    narrow_engine<ieee(16, 14)>, narrow_engine<ieee(12, 9)>,
};

/// Any rules about everything, in the rounding given.
inline Env any_environment(Rounding rounding, SplitMix& bits) {
    Env env{.rounding = rounding};
    env.overflow = static_cast<Overflow>(bits() % 3);
    env.tininess = static_cast<Tininess>(bits() % 2);
    env.random = bits() >> bits() % 64 << bits() % 64;
    env.flush_inputs = bits() % 4 == 0;
    env.flush_outputs = bits() % 2 == 0 ? Flush::Never : static_cast<Flush>(bits() % 3);
    env.nan = static_cast<NanPolicy>(bits() % 6);
    return env;
}

/// The narrow engine against the exact one, in every rounding with some other rules.
inline void expect_as_exact(const NarrowEngine& engine, const NamedOperation& op, const Operands& operands,
                            SplitMix& bits, Comparison& comparison) {
    const Format& f = engine.format;
    for (const NamedRounding& row : roundings) {
        const Env env = any_environment(row.rounding, bits);
        comparison.expect(compute(op.operation, f, operands, env), engine.compute(op.operation, operands, env), f, f,
                          {operands.data(), op.operands}, env);
    }
}

}  // namespace halfulp::test
