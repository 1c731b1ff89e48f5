#include <algorithm>
#include <cassert>

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// The model of a GPU's matrix unit, as mma.sync reaches it.
class UnitObserver final : public Observer {
  public:
    explicit UnitObserver(std::string_view gpu) : gpu_(gpu) {}

    std::string name() const override { return "unit:" + gpu_; }
    std::string_view gpu() const override { return gpu_; }

    Answer blocked_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        const MmaSpec* spec = find_mma(gpu_, "mma.sync", term, accumulator);
        if (spec == nullptr) return no_unit(term, accumulator);
        const auto group = static_cast<std::size_t>(spec->group);
        const Codes ones(group, from_integer(term, 1).code);
        Answer answer;
        std::uint64_t sum = 0;  // of all blocks before this one
        for (std::size_t start = 0; start < terms.size(); start += group) {
            const std::size_t count = std::min(group, terms.size() - start);
            for (std::size_t n = 1; n <= count; ++n)
                answer.codes.push_back(mma_dot(*spec, terms.subspan(start, n), std::span(ones).first(n), sum));
            sum = answer.codes.back();
        }
        return answer;
    }

    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        if (order.grouping != Grouping::MatrixUnit) return Answer::not_available(cannot());
        Answer answer = blocked_sum(term, accumulator, terms);
        if (answer.unavailable.empty()) answer.codes = {answer.codes.back()};
        return answer;
    }

    Answer dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
               std::span<const std::uint64_t> b, std::uint64_t c) const override {
        const MmaSpec* spec = find_mma(gpu_, "mma.sync", input, accumulator);
        if (spec == nullptr) return no_unit(input, accumulator);
        return {{mma_dot(*spec, a, b, c)}, {}};
    }

  protected:
    std::string cannot() const override { return "a matrix unit neither converts nor adds one number to another"; }

  private:
    Answer no_unit(const Format& input, const Format& accumulator) const {
        return Answer::not_available("no instruction " + std::string(short_name(input)) + "->" +
                                     std::string(short_name(accumulator)));
    }

    std::string gpu_;
};

}  // namespace

std::unique_ptr<Observer> make_unit_observer(std::string_view gpu) {
    assert(find_processor(gpu) && find_processor(gpu)->name == gpu);
    return std::make_unique<UnitObserver>(gpu);
}

}  // namespace halfulp
