#include <halfulp/gpu/ptx/access_history.h>

#include <algorithm>
#include <array>

namespace halfulp::ptx {

void Ordering::reset(std::size_t warps) {
    now_ = 1;
    warps_ = warps;
    met_.assign(warps * warps, 0);
    lanes_.assign(warps, {});
    fenced_.assign(warps, 0);
}

void Ordering::come(std::uint32_t warp, Knowledge& barrier) {
    barrier.resize(warps_);
    for (std::size_t i = 0; i < warps_; ++i) barrier[i] = std::max(barrier[i], met_[warp * warps_ + i]);
    barrier[warp] = ++now_;
}

void Ordering::leave(std::uint32_t warp, const Knowledge& barrier) {
    for (std::size_t i = 0; i < warps_; ++i) met_[warp * warps_ + i] = std::max(met_[warp * warps_ + i], barrier[i]);
}

void Ordering::meet(std::uint32_t warp, std::uint32_t lanes, std::uint32_t members) {
    ++now_;
    std::vector<std::uint32_t>& known = lanes_[warp];
    known.resize(std::size_t{32} * 32);
    std::array<std::uint32_t, 32> joint{};
    for (std::size_t lane = 0; lane < 32; ++lane)
        for (std::size_t other = 0; (lanes >> lane & 1) != 0 && other < 32; ++other)
            joint[other] = (members >> other & 1) != 0 ? now_ : std::max(joint[other], known[32 * lane + other]);
    for (std::size_t lane = 0; lane < 32; ++lane)
        if ((lanes >> lane & 1) != 0)
            std::copy(joint.begin(), joint.end(), known.begin() + static_cast<std::ptrdiff_t>(32 * lane));
}

}  // namespace halfulp::ptx
