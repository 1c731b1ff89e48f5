#include <halfulp/lib/kernel/results.h>

#include <fmt/format.h>

#include <stdexcept>

#include <halfulp/lib/kernel/constants.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::kernel {

namespace {

/// Its codes are the leading bits of binary32's, with or without the sign.
bool is_leading_part(const Format& f) {
    Format part = ieee(f.precision + 8, f.precision);
    if (!f.is_signed) part.is_signed = false, --part.width;
    return f == part;
}

}  // namespace

/// Other formats would need a Shape of their own. The 32 binades are for what Stochastic reads below the last number.
bool is_convertible(const Format& f) {
    const int least = f.emin() - f.fraction_bits();
    const bool normal_there = least >= binary32.emin() + 32;
    const bool small_enough = f.has_subnormals ? is_leading_part(f) || normal_there : least >= binary32.emin() - 23;
    return small_enough && f.precision <= binary32.precision - 2 && f.emax() <= binary32.emax();
}

bool is_calculable(Operation operation, const Format& f) {
    const bool narrow = products_within_binary32(f), same = f.emin() == binary32.emin() && f.precision <= 8;
    return kind_of(operation) == OperationKind::Arithmetic && is_convertible(f) && f.width <= 16 && f.is_signed &&
           f.has_subnormals && f.precision <= 11 && (narrow || same);
}

void require_format(const Format& f, std::size_t bytes) {
    if (!is_convertible(f))
        throw std::invalid_argument(
            fmt::format("batch conversion: expected a format within binary32, got {}", name_of(f)));
    if (f.width > static_cast<int>(8 * bytes))
        throw std::invalid_argument(fmt::format(
            "batch conversion: codes of {} have {} bits, got a span of {} bits each", name_of(f), f.width, 8 * bytes));
}

void require_arithmetic(Operation operation, const Format& f) {
    if (kind_of(operation) != OperationKind::Arithmetic)
        throw std::invalid_argument(fmt::format("batch arithmetic: expected one of {}, got {}",
                                                known_names(arithmetic_operations), row_of(operation).name));
    require_format(f, sizeof(std::uint16_t));
    if (!is_calculable(operation, f))
        throw std::invalid_argument(fmt::format(
            "batch arithmetic: expected a signed format with subnormal numbers and at most 11 bits of precision, got {}",
            name_of(f)));
}

void require_env(const Env& env) {
    if (env.nan != NanPolicy::IeeeDefault)
        throw std::invalid_argument("batch functions know the NaN policy ieee_default only");
}

void require_lengths(std::initializer_list<std::size_t> operands, std::size_t codes, std::size_t each) {
    for (const std::size_t length : operands)
        if (length != codes)
            throw std::invalid_argument(fmt::format("batch: {} operands for {} results", length, codes));
    if (each != 0 && each != codes)
        throw std::invalid_argument(fmt::format("batch: room for the flags of {} elements, expected {}", each, codes));
}

}  // namespace halfulp::kernel
