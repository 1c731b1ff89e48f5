#pragma once

#include <cstddef>
#include <functional>

namespace halfulp::kernel {

/// Calls work(part) once for every part below `count`, on at most so many threads of OpenMP, this one among them. Which
/// thread takes which part is open: the bits of a result must not depend on it. What work throws ends the rest and is
/// thrown here, the first of several.
void for_each_part(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work);

}  // namespace halfulp::kernel
