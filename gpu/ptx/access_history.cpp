#include <halfulp/gpu/ptx/access_history.hpp>

#include <algorithm>

namespace halfulp::ptx {

void Ordering::reset(std::size_t warps) {
    now_ = 1;
    warps_ = warps;
    met_.assign(warps * warps, 0);
    fenced_.assign(warps, 0);
}

void Ordering::meet(std::span<const std::uint32_t> warps) {
    ++now_;
    std::vector<std::uint32_t> joint(warps_, 0);
    for (const std::uint32_t warp : warps)
        for (std::size_t i = 0; i < warps_; ++i) joint[i] = std::max(joint[i], met_[warp * warps_ + i]);
    for (const std::uint32_t warp : warps) joint[warp] = now_;
    for (const std::uint32_t warp : warps)
        std::copy(joint.begin(), joint.end(), met_.begin() + static_cast<std::ptrdiff_t>(warp * warps_));
}

}  // namespace halfulp::ptx
