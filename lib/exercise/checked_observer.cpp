#include <halfulp/lib/exercise/checked_observer.h>

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace halfulp {
namespace {

Answer counted(Answer answer, std::size_t expected) {
    if (answer.unavailable.empty() && answer.codes.size() != expected)
        throw std::length_error(
            fmt::format("an answer of the wrong length: expected {}, found {}", expected, answer.codes.size()));
    return answer;
}

}  // namespace

Answer CheckedObserver::convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const {
    return counted(asked_.convert(from, to, codes), codes.size());
}

Answer CheckedObserver::arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                                   std::span<const std::uint64_t> b) const {
    return counted(asked_.arithmetic(operation, f, a, b), a.size());
}

Answer CheckedObserver::running_sum(const Format& term, const Format& accumulator,
                                    std::span<const std::uint64_t> terms) const {
    return counted(asked_.running_sum(term, accumulator, terms), terms.size());
}

Answer CheckedObserver::blocked_sum(const Format& term, const Format& accumulator,
                                    std::span<const std::uint64_t> terms) const {
    return counted(asked_.blocked_sum(term, accumulator, terms), terms.size());
}

Answer CheckedObserver::sum(const Order& order, const Format& term, const Format& accumulator,
                            std::span<const std::uint64_t> terms) const {
    return counted(asked_.sum(order, term, accumulator, terms), 1);
}

Answer CheckedObserver::dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
                            std::span<const std::uint64_t> b, std::uint64_t c) const {
    return counted(asked_.dot(input, accumulator, a, b, c), 1);
}

Answer CheckedObserver::quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                                 std::span<const std::uint64_t> codes) const {
    return counted(asked_.quantise(quantiser, f, scale, codes), codes.size());
}

}  // namespace halfulp
