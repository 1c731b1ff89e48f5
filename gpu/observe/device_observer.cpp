#include <halfulp/gpu/observe/device_observer.hpp>

#include <algorithm>
#include <functional>
#include <utility>

#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp::gpu {
namespace {

Codes copy(std::span<const std::uint64_t> codes) { return {codes.begin(), codes.end()}; }

class DeviceObserver final : public Observer {
  public:
    explicit DeviceObserver(std::unique_ptr<Device> device)
        : device_(std::move(device)), processor_(find_processor("sm_" + std::to_string(device_->target()))) {}

    std::string name() const override { return device_->name(); }

    std::string_view gpu() const override {
        const auto is_it = [&](const Processor& p) { return processor_ && p.name == processor_->name; };
        return std::any_of(gpus.begin(), gpus.end(), is_it) ? processor_->name : std::string_view{};
    }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        if (from == to) return {copy(codes), {}};
        if (from.width < binary32.width && to != binary32) {  // by way of binary32, which has every number of `from`
            const Answer wide = convert(from, binary32, codes);
            return wide.unavailable.empty() ? convert(binary32, to, wide.codes) : wide;
        }
        if (from == bfloat16 && to == binary32)
            return run([](const UpperHalf&) { return true; }, x_of(codes), from, to);
        return run([&](const Conversion& c) { return c.from == from && c.to == to && is_plain(c); }, x_of(codes), from,
                   to);
    }

    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        return run([&](const Arithmetic& k) { return k.operation == operation && k.format == f; },
                   {{.n = size(a)}, {{"a", copy(a)}, {"b", copy(b)}}}, f, f);
    }

    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        const Answer converted = convert(term, accumulator, terms);
        if (!converted.unavailable.empty()) return converted;
        return run([&](const RunningSum& s) { return s.format == accumulator; }, x_of(converted.codes), term,
                   accumulator);
    }

    Answer blocked_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        return run([&](const BlockedSum& s) { return s.term == term && s.sum == accumulator; }, x_of(terms), term,
                   accumulator);
    }

    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        if (order.grouping == Grouping::MatrixUnit) {
            Answer answer = blocked_sum(term, accumulator, terms);
            if (answer.unavailable.empty()) answer.codes = {answer.codes.back()};
            return answer;
        }
        const Answer converted = convert(term, accumulator, terms);
        if (!converted.unavailable.empty()) return converted;
        return run(
            [&](const OrderedSum& s) {
                return s.format == accumulator && s.grouping == order.grouping && s.accumulation == order.accumulation;
            },
            {{.n = size(terms)}, {{"x", converted.codes}}, {{"count", order.count}}}, term, accumulator);
    }

    Answer dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
               std::span<const std::uint64_t> b, std::uint64_t c) const override {
        const Kernel* kernel = find<OneInstruction>([&](const OneInstruction& one) {
            const MmaInstruction i = find_instruction(processor_->name, one.name);
            return i.spec->a == Element{input} && i.spec->b == Element{input} && i.spec->accumulator == accumulator &&
                   static_cast<std::size_t>(i.k) >= a.size();
        });
        if (kernel == nullptr) return no_kernel(input, accumulator);
        const MmaInstruction i = find_instruction(processor_->name, std::get<OneInstruction>(kernel->meaning).name);
        const auto zeros = [](int rows, int columns) { return Codes(static_cast<std::size_t>(rows * columns)); };
        Codes all_a = zeros(i.m, i.k), all_b = zeros(i.n, i.k), all_c = zeros(i.m, i.n);
        std::copy(a.begin(), a.end(), all_a.begin());
        std::copy(b.begin(), b.end(), all_b.begin());
        all_c.front() = c;
        const Arrays d = run_kernel(*device_, *kernel, {{}, {{"a", all_a}, {"b", all_b}, {"c", all_c}}});
        return {{d.at("d").front()}, {}};
    }

    /// In binary32, where the kernel divides too; in another format the quotients of that are quantised with scale 1.
    Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override {
        if (f != binary32) {
            Answer quotients = arithmetic(Operation::Div, f, codes, Codes(codes.size(), scale));
            if (quotients.unavailable.empty()) quotients = convert(f, binary32, quotients.codes);
            if (!quotients.unavailable.empty()) return quotients;
            return quantise(quantiser, binary32, from_integer(binary32, 1).code, quotients.codes);
        }
        const auto end = [](std::int64_t value) { return static_cast<std::uint64_t>(value) & s32.code_mask(); };
        Answer answer =
            run([&](const Quantisation& q) { return q.code == Element{s32} && q.rounding == quantiser.rounding; },
                {{.n = size(codes)},
                 {{"x", copy(codes)}},
                 {{"scale", scale}, {"least", end(quantiser.least())}, {"greatest", end(quantiser.greatest())}}},
                f, f);
        for (std::uint64_t& code : answer.codes)
            code = static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(code)});
        return answer;
    }

  protected:
    std::string cannot() const override { return "no kernel"; }

  private:
    static std::uint32_t size(std::span<const std::uint64_t> codes) { return static_cast<std::uint32_t>(codes.size()); }

    static Call x_of(std::span<const std::uint64_t> codes) { return {{.n = size(codes)}, {{"x", copy(codes)}}}; }

    static bool is_plain(const Conversion& c) {
        return c.rounding == Rounding::NearestEven && c.overflow == Overflow::ByRounding && !c.relu;
    }

    /// Of the kernels with such a meaning that the device can run, the one of the newest target.
    template <class M>
    const Kernel* find(const std::function<bool(const M&)>& is_meant) const {
        const Kernel* best = nullptr;
        for (const Kernel& kernel : kernels()) {
            const M* meaning = std::get_if<M>(&kernel.meaning);
            if (meaning == nullptr || kernel.target > device_->target() || !is_meant(*meaning)) continue;
            if (best == nullptr || kernel.target > best->target) best = &kernel;
        }
        return best;
    }

    template <class IsMeant>
    Answer run(const IsMeant& is_meant, const Call& call, const Format& from, const Format& to) const {
        const Kernel* kernel = find(std::function(is_meant));
        if (kernel == nullptr) return no_kernel(from, to);
        return {run_kernel(*device_, *kernel, call).begin()->second, {}};
    }

    Answer no_kernel(const Format& from, const Format& to) const {
        return Answer::not_available("no kernel " + std::string(short_name(from)) + "->" + std::string(short_name(to)) +
                                     " for sm_" + std::to_string(device_->target()));
    }

    std::unique_ptr<Device> device_;
    std::optional<Processor> processor_;
};

}  // namespace

std::unique_ptr<Observer> make_device_observer(std::unique_ptr<Device> device) {
    return std::make_unique<DeviceObserver>(std::move(device));
}

}  // namespace halfulp::gpu
