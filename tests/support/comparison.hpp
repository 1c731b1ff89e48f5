#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/print.hpp>
#include <iostream>
#include <span>
#include <sstream>
#include <string>
#include <utility>

namespace halfulp::test {

inline std::string flags_text(const Status& s) {
    std::string text;
    if (s.invalid) text += " invalid";
    if (s.divide_by_zero) text += " divide_by_zero";
    if (s.overflow) text += " overflow";
    if (s.underflow) text += " underflow";
    if (s.inexact) text += " inexact";
    if (s.input_denormal) text += " input_denormal";
    return text.empty() ? " no flags" : text;
}

/// 0x3c01 = 0x1.004p+0
inline std::string code_text(const Format& f, std::uint64_t code) {
    std::ostringstream text;
    text << "0x" << std::hex << code << " = " << hex_text(decode(f, code));
    return text.str();
}

inline std::string text(const Format& f, const Rounded& r) { return code_text(f, r.code) + ',' + flags_text(r.status); }

/// Compares bits and flags, counts, explains the first few that differ, and fails at its end if any did.
class Comparison {
  public:
    explicit Comparison(std::string what) : what_(std::move(what)) {}
    Comparison(const Comparison&) = delete;
    Comparison& operator=(const Comparison&) = delete;
    ~Comparison() {
        std::cout << what_ << ": " << checks_ << " results, " << mismatches_ << " wrong\n";
        EXPECT_EQ(mismatches_, 0U) << what_;
    }

    void expect(const Rounded& expected, const Rounded& got, const Format& to, const Format& from,
                std::span<const std::uint64_t> operands, const Env& env) {
        ++checks_;
        if (expected == got || ++mismatches_ > 5) return;
        std::ostringstream explanation;
        explanation << what_ << ' ' << name_of(env.rounding)
                    << (env.tininess == Tininess::AfterRounding ? ", tiny after rounding" : ", tiny before rounding")
                    << (env.flush_inputs ? ", DAZ" : "") << (env.flush_outputs != Flush::Never ? ", FTZ" : "");
        for (const std::uint64_t operand : operands) explanation << "\n  operand  " << code_text(from, operand);
        explanation << "\n  expected " << text(to, expected) << "\n  got      " << text(to, got);
        ADD_FAILURE() << explanation.str();
    }

  private:
    std::string what_;
    std::uint64_t checks_ = 0, mismatches_ = 0;
};

}  // namespace halfulp::test
