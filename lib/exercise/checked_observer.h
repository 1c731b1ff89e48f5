#pragma once

#include <halfulp/lib/exercise/observer.hpp>

namespace halfulp {

/// Another observer, whose answers are counted: each method answers as many codes as observer.hpp says, or throws
/// std::length_error. Questions ask through it, so that they can rely on the number.
class CheckedObserver final : public Observer {
  public:
    explicit CheckedObserver(const Observer& asked) : asked_(asked) {}  ///< asked lives as long

    std::string name() const override { return asked_.name(); }
    std::string_view gpu() const override { return asked_.gpu(); }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override;
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override;
    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override;
    Answer blocked_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override;
    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override;
    Answer dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
               std::span<const std::uint64_t> b, std::uint64_t c) const override;
    Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override;

  protected:
    /// Never used: everything is overridden.
    std::string cannot() const override { return {}; }

  private:
    const Observer& asked_;
};

}  // namespace halfulp
