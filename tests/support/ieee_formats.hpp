#pragma once

#include <algorithm>
#include <halfulp/lib/truth/mpfr.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <iterator>
#include <vector>

#include "support/print.hpp"

namespace halfulp::test {

/// The formats that MPFR can be asked about.
inline std::vector<NamedFormat> ieee_formats() {
    std::vector<NamedFormat> some;
    std::copy_if(formats.begin(), formats.end(), std::back_inserter(some),
                 [](const NamedFormat& row) { return truth::is_ieee(row.format); });
    return some;
}

}  // namespace halfulp::test
