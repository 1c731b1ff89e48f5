#include <algorithm>
#include <cstdint>

#include <halfulp/lib/accumulate/sum.hpp>
#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp {
namespace {

/// The emulator of this library.
class SoftObserver final : public Observer {
  public:
    std::string name() const override { return "soft"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        Answer answer;
        for (const std::uint64_t code : codes) answer.codes.push_back(halfulp::convert(to, from, code).code);
        return answer;
    }

    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i) answer.codes.push_back(compute(operation, f, {a[i], b[i], 0}).code);
        return answer;
    }

    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        return {running_sums(SoftAdder{accumulator}, convert(term, accumulator, terms).codes), {}};
    }

    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        if (order.grouping == Grouping::MatrixUnit) return Answer::not_available(cannot());
        return {{halfulp::sum(order, SoftAdder{accumulator}, convert(term, accumulator, terms).codes)}, {}};
    }

    Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override {
        Answer answer;
        for (const std::uint64_t code : codes) {
            const Rounded quotient = round_pack(f, div(decode(f, code), decode(f, scale)));
            const auto integer =
                to_integer<std::int64_t>(decode(f, quotient.code), {.rounding = quantiser.rounding}).value;
            const auto clamped = std::clamp(integer, quantiser.least(), quantiser.greatest());
            answer.codes.push_back(static_cast<std::uint64_t>(clamped));
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it has no matrix unit"; }
};

}  // namespace

std::unique_ptr<Observer> make_soft_observer() { return std::make_unique<SoftObserver>(); }

}  // namespace halfulp
