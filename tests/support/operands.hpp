#pragma once

#include <halfulp/lib/property/operands.hpp>

namespace halfulp::test {

using property::edge_operands;
using property::edge_to_convert;
using property::SplitMix;

}  // namespace halfulp::test
