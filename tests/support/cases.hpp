#pragma once

// How many cases are enough.

namespace halfulp::test {

#if defined(__has_feature)
inline constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool is_sanitized = false;
#endif

/// Of `all` random cases a tenth under AddressSanitizer: what code does wrong with memory and integers shows in few.
constexpr int cases(int all) { return is_sanitized ? all / 10 : all; }

}  // namespace halfulp::test
