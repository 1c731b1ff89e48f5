#include <halfulp/gpu/kernel/table.hpp>

#include <algorithm>
#include <iterator>

#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/gpu/kernel/ptx_text.hpp>

namespace halfulp::gpu {

const std::vector<Kernel>& kernels() {
    static const std::vector<Kernel> all = [] {
        std::vector<Kernel> joined;
        for (auto make : {rows::conversions, rows::arithmetic, rows::ordered_sums, rows::lane_sums, rows::products,
                          rows::instructions, rows::quantisation, rows::ceilings}) {
            std::vector<Kernel> part = make();
            std::move(part.begin(), part.end(), std::back_inserter(joined));
        }
        return joined;
    }();
    return all;
}

const Kernel* find_kernel(std::string_view name) {
    const auto found =
        std::find_if(kernels().begin(), kernels().end(), [=](const Kernel& k) { return k.name == name; });
    return found == kernels().end() ? nullptr : &*found;
}

std::string_view ptx_text(std::string_view file) {
    const auto found =
        std::find_if(ptx_texts().begin(), ptx_texts().end(), [=](const PtxText& text) { return text.file == file; });
    return found == ptx_texts().end() ? std::string_view{} : found->text;
}

}  // namespace halfulp::gpu
