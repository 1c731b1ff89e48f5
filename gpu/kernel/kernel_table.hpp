#pragma once

#include <halfulp/lib/report/table.hpp>

namespace halfulp::gpu {

/// Every kernel: name, file, least target, what it computes, parameters, launch.
Table kernel_table();

}  // namespace halfulp::gpu
