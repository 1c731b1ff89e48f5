#pragma once

#include <cstddef>
#include <type_traits>

#include <halfulp/lib/adapter/stored.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

// Matrices of other libraries as the kernels take them, where they lie.

namespace halfulp {

/// A matrix of Eigen, a map, or a block of either, in any order of storage, that outlives the view. Elements are float,
/// int8 or codes, as the kernels have them.
template <class Matrix>
auto view_of(Matrix&& x) {
    const auto elements = [](auto* data) {
        if constexpr (requires { codes_at(data); })
            return codes_at(data);
        else
            return data;
    };
    const auto size = [](auto n) { return static_cast<std::size_t>(n); };
    auto* data = elements(x.data());
    return kernel::MatrixView<std::remove_pointer_t<decltype(data)>>{data, size(x.rows()), size(x.cols()),
                                                                     size(x.rowStride()), size(x.colStride())};
}

}  // namespace halfulp
