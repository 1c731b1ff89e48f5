#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <halfulp/gpu/ptx/error.hpp>

namespace halfulp::ptx {

/// Who a lane is.
struct Identity {
    Dim3 thread, threads, cta, ctas;  ///< indices and sizes
    /// numbers of the lane and its warp; how many warps; bytes of dynamic shared memory
    std::uint32_t lane, warp, warps, dynamic_shared;
};

/// A special register that can be read, and its value in a lane. Those that tell time or place of execution are
/// unknown.
struct Special {
    std::string_view name;                    ///< as PTX has it
    std::uint32_t (*value)(const Identity&);  ///< in a lane
};

/// Those that are known.
inline constexpr std::array specials = {
    Special{"%tid.x", [](const Identity& i) { return i.thread.x; }},
    Special{"%tid.y", [](const Identity& i) { return i.thread.y; }},
    Special{"%tid.z", [](const Identity& i) { return i.thread.z; }},
    Special{"%ntid.x", [](const Identity& i) { return i.threads.x; }},
    Special{"%ntid.y", [](const Identity& i) { return i.threads.y; }},
    Special{"%ntid.z", [](const Identity& i) { return i.threads.z; }},
    Special{"%ctaid.x", [](const Identity& i) { return i.cta.x; }},
    Special{"%ctaid.y", [](const Identity& i) { return i.cta.y; }},
    Special{"%ctaid.z", [](const Identity& i) { return i.cta.z; }},
    Special{"%nctaid.x", [](const Identity& i) { return i.ctas.x; }},
    Special{"%nctaid.y", [](const Identity& i) { return i.ctas.y; }},
    Special{"%nctaid.z", [](const Identity& i) { return i.ctas.z; }},
    Special{"%laneid", [](const Identity& i) { return i.lane; }},
    Special{"%warpid", [](const Identity& i) { return i.warp; }},
    Special{"%nwarpid", [](const Identity& i) { return i.warps; }},
    Special{"%dynamic_smem_size", [](const Identity& i) { return i.dynamic_shared; }},
    Special{"%lanemask_eq", [](const Identity& i) { return 1U << i.lane; }},
    Special{"%lanemask_lt", [](const Identity& i) { return (1U << i.lane) - 1; }},
    Special{"%lanemask_le", [](const Identity& i) { return (2U << i.lane) - 1; }},
    Special{"%lanemask_gt", [](const Identity& i) { return ~((2U << i.lane) - 1); }},
    Special{"%lanemask_ge", [](const Identity& i) { return ~((1U << i.lane) - 1); }},
};

/// The row of that name; null if there is none.
constexpr const Special* find_special(std::string_view name) {
    for (const Special& special : specials)
        if (special.name == name) return &special;
    return nullptr;
}

/// "%tid.x, %tid.y, ...".
std::string known_specials();

}  // namespace halfulp::ptx
