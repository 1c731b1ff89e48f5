#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <halfulp/lib/kernel/targets.hpp>
// After the header that says which targets there are.
#include <hwy/highway.h>

namespace halfulp::test {

/// Runs the test once with each instruction set that the kernels were compiled for and this CPU has; then kernels choose
/// for themselves again.
void on_every_target(auto test) {
    for (std::uint64_t left = static_cast<std::uint64_t>(hwy::SupportedTargets() & HWY_TARGETS); left != 0;
         left &= left - 1) {
        const auto target = static_cast<std::int64_t>(left & (~left + 1));
        hwy::GetChosenTarget().Update(target);
        SCOPED_TRACE(hwy::TargetName(target));
        test();
    }
    hwy::GetChosenTarget().DeInit();
}

}  // namespace halfulp::test
