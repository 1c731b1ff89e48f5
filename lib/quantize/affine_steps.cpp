#include <halfulp/lib/quantize/affine_steps.h>

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace halfulp::quantize {

void require(const Affine& q, std::size_t operands, std::size_t results, const CodeRange& type) {
    const auto& [least, greatest] = q.range;
    if (operands != results)
        throw std::invalid_argument(fmt::format("quantisation: {} numbers, and room for {}", operands, results));
    if (!std::isnormal(q.scale) || q.scale < 0 || (q.quotient == Quotient::Reciprocal && !std::isnormal(1 / q.scale)))
        throw std::invalid_argument(fmt::format("quantisation: expected a positive normal number as scale{}, found {}",
                                                q.quotient == Quotient::Reciprocal ? " and as its reciprocal" : "",
                                                q.scale));
    if (least > greatest || !type.has(least) || !type.has(greatest))
        throw std::invalid_argument(fmt::format("quantisation: expected codes within [{}, {}], found [{}, {}]",
                                                type.least, type.greatest, least, greatest));
    if (!q.range.has(q.zero_point))
        throw std::invalid_argument(fmt::format("quantisation: expected a zero point within [{}, {}], found {}", least,
                                                greatest, q.zero_point));
}

}  // namespace halfulp::quantize
