#pragma once

#include <cstdint>
#include <halfulp/gpu/ptx/machine.hpp>
#include <string>
#include <vector>

#include "support/ptx.hpp"

// Bodies of kernels between two arrays, and what running them leaves or says.

namespace halfulp::test {

using Words = std::vector<std::uint32_t>;

inline const std::string start =
    R"(.reg .b64 %o, %i, %q<9>; .reg .b32 %t, %c, %r, %x<9>; .reg .b16 %h<4>; .reg .pred %p<9>;
mov.u32 %t, %tid.x; mov.u32 %c, %ctaid.x; ld.param.u64 %o, [out]; ld.param.u64 %i, [in];
)";

struct Run {
    std::uint32_t threads = 64, ctas = 1;
    std::size_t dynamic_shared = 0;
    std::string architecture = "sm_90";
    ptx::MachineOptions options = {.step_limit = 1 << 20};
    std::string before = {};
};

/// 256 words that hold 1000 + i in, 256 words of 0 out.
inline Words run(const std::string& body, const Run& how = {}) {
    const ptx::Module module = kernel_module(".param .u64 out, .param .u64 in", start + body, "sm_90", how.before);
    ptx::Machine machine(how.architecture, how.options);
    Words values;
    for (std::uint32_t i = 0; i < 256; ++i) values.push_back(1000 + i);
    const ptx::Address in = put(machine, values), out = put(machine, Words(256));
    machine.launch(module, "k", {{how.ctas, 1, 1}, {how.threads, 1, 1}, how.dynamic_shared},
                   Arguments{argument(out), argument(in)});
    return get<std::uint32_t>(machine, out, 256);
}

inline std::string fault(const std::string& body, const Run& how = {}) {
    return message_of([&] { run(body, how); });
}

/// Each thread writes its word, and reads the one of a thread of another warp.
inline std::string exchange(const std::string& between) {
    return ".shared .align 4 .b8 s[256]; mov.u32 %x0, s; mad.lo.u32 %x1, %t, 4, %x0; st.shared.u32 [%x1], %t;\n" +
           between + "\nxor.b32 %x2, %t, 32; mad.lo.u32 %x2, %x2, 4, %x0; ld.shared.u32 %r, [%x2];\n";
}
inline const std::string store_result = "mad.wide.u32 %q0, %t, 4, %o; st.global.u32 [%q0], %r;";

}  // namespace halfulp::test
