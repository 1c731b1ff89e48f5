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
        Answer answer;
        std::uint64_t sum = 0;
        for (const std::uint64_t code : terms) {
            sum = round_pack(accumulator, add(decode(accumulator, sum), decode(term, code))).code;
            answer.codes.push_back(sum);
        }
        return answer;
    }

  protected:
    std::string cannot() const override { return "it has no matrix unit"; }
};

}  // namespace

std::unique_ptr<Observer> make_soft_observer() { return std::make_unique<SoftObserver>(); }

}  // namespace halfulp
