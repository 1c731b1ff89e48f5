#pragma once

#include <halfulp/lib/quantize/histogram.hpp>
#include <halfulp/lib/report/plot.hpp>

namespace halfulp::quantize {

/// How often numbers occur, and below, a tooth each, the levels that a quantiser has for them; of more than 512 levels only the
/// first and the last.
Picture histogram_picture(const Affine& by, const Histogram& numbers);

}  // namespace halfulp::quantize
