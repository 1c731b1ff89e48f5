#include <halfulp/lib/exercise/observer.hpp>

namespace halfulp {

Answer Observer::convert(const Format&, const Format&, std::span<const std::uint64_t>) const {
    return Answer::not_available(cannot());
}

Answer Observer::arithmetic(Operation, const Format&, std::span<const std::uint64_t>,
                            std::span<const std::uint64_t>) const {
    return Answer::not_available(cannot());
}

Answer Observer::running_sum(const Format&, const Format&, std::span<const std::uint64_t>) const {
    return Answer::not_available(cannot());
}

Answer Observer::blocked_sum(const Format&, const Format&, std::span<const std::uint64_t>) const {
    return Answer::not_available(cannot());
}

Answer Observer::sum(const Order&, const Format&, const Format&, std::span<const std::uint64_t>) const {
    return Answer::not_available(cannot());
}

Answer Observer::dot(const Format&, const Format&, std::span<const std::uint64_t>, std::span<const std::uint64_t>,
                     std::uint64_t) const {
    return Answer::not_available(cannot());
}

Answer Observer::quantise(const Quantiser&, const Format&, std::uint64_t, std::span<const std::uint64_t>) const {
    return Answer::not_available(cannot());
}

}  // namespace halfulp
