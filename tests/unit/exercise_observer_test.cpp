// Claim: exercises take whatever an observer answers: any code is judged, a wrong number of them or an exception is a
// mismatch, and a backend that comes later plugs in without a change to an exercise.
// Oracle: observers that are made so; the right one delegates to the emulator and to the model of an A100.
// Shared: nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <stdexcept>

#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/exercises.hpp"

namespace halfulp {
namespace {

using testing::HasSubstr;

/// A GPU that answers whatever it is asked with the same codes, as many as are due, or another number.
class ConstantObserver : public Observer {
  public:
    using Length = std::function<std::size_t(std::size_t due)>;
    explicit ConstantObserver(
        std::uint64_t code, std::string_view gpu, Length length = [](std::size_t due) { return due; })
        : code_(code), gpu_(gpu), length_(std::move(length)) {}
    std::string name() const override { return "constant"; }
    std::string_view gpu() const override { return gpu_; }
    Answer convert(const Format&, const Format&, std::span<const std::uint64_t> codes) const override {
        return answer(codes.size());
    }
    Answer arithmetic(Operation, const Format&, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t>) const override {
        return answer(a.size());
    }
    Answer running_sum(const Format&, const Format&, std::span<const std::uint64_t> terms) const override {
        return answer(terms.size());
    }
    Answer blocked_sum(const Format&, const Format&, std::span<const std::uint64_t> terms) const override {
        return answer(terms.size());
    }
    Answer sum(const Order&, const Format&, const Format&, std::span<const std::uint64_t>) const override {
        return answer(1);
    }
    Answer dot(const Format&, const Format&, std::span<const std::uint64_t>, std::span<const std::uint64_t>,
               std::uint64_t) const override {
        return answer(1);
    }
    Answer quantise(const Quantiser&, const Format&, std::uint64_t,
                    std::span<const std::uint64_t> codes) const override {
        return answer(codes.size());
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    Answer answer(std::size_t due) const { return {Codes(length_(due), code_), {}}; }

    std::uint64_t code_;
    std::string_view gpu_;
    Length length_;
};

constexpr std::array generations = {"V100", "A100", "H100"};

TEST(Exercises, SurviveAnyAnswer) {
    for (const ExerciseEntry& entry : exercises()) {
        const Exercise& made = exercise(entry.number);
        for (const std::uint64_t code : {0x00000000ULL, 0x3c00ULL, 0x7fffffffULL, 0xffffffffULL}) {
            Observers observers;
            for (const auto* gpu : generations) observers.push_back(std::make_unique<ConstantObserver>(code, gpu));
            const ExerciseReport report = run(made, observers);
            EXPECT_GT(report.count(Verdict::Mismatch), 0U);
        }
    }
}

TEST(Exercises, CallAnAnswerOfTheWrongLengthAMismatch) {
    const std::vector<ConstantObserver::Length> lengths = {[](std::size_t) { return 0; },
                                                           [](std::size_t due) { return due - 1; },
                                                           [](std::size_t due) { return due + 1; }};
    for (const ExerciseEntry& entry : exercises())
        for (const auto& length : lengths)
            for (const Question& q : exercise(entry.number).questions) {
                const auto* gpu = q.gpus.empty() ? "A100" : q.gpus[0].data();
                const Observation seen = ask(q, std::make_unique<ConstantObserver>(0x3c00, gpu, length));
                EXPECT_EQ(seen.verdict, Verdict::Mismatch) << q.text;
                EXPECT_THAT(seen.text, HasSubstr("an answer of the wrong length: expected ")) << q.text;
            }
}

TEST(Exercises, CallAnExceptionAMismatch) {
    class Throws : public ConstantObserver {
      public:
        Throws() : ConstantObserver(0, "A100", [](std::size_t) -> std::size_t { throw std::runtime_error("lost"); }) {}
    };
    const Observation seen = ask(exercise(1).questions[0], std::make_unique<Throws>());
    EXPECT_EQ(seen.verdict, Verdict::Mismatch);
    EXPECT_EQ(seen.text, "lost");
}

/// Right but for one partial sum.
class OneWrongSum : public Observer {
  public:
    std::string name() const override { return "one wrong sum"; }
    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        Answer answer = make_soft_observer()->running_sum(term, accumulator, terms);
        answer.codes[40000] ^= 1;
        return answer;
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }
};

TEST(Exercises, NameTheFirstWrongCode) {
    const Exercise& absorption = exercise(2);
    const Observation seen = ask(question(absorption, "fp16: the sum of n ones"), std::make_unique<OneWrongSum>());
    EXPECT_EQ(seen.verdict, Verdict::Mismatch);
    EXPECT_THAT(seen.text, HasSubstr(", result 40001 of 65536 is 6801, predicted 6800"));
}

/// A GPU as a later backend will be one: it answers whatever it is asked, here by the emulator and, for its matrix unit,
/// by the model of an A100. The wrong one loses the last bit of what is not 0.
class GpuDouble : public Observer {
  public:
    using Asked = std::map<std::string_view, int>;  ///< how often, by method
    explicit GpuDouble(Asked& asked, bool wrong = false) : asked_(asked), wrong_(wrong) {}
    std::string name() const override { return "gpu:test double"; }
    std::string_view gpu() const override { return "A100"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        return answer("convert", soft_->convert(from, to, codes));
    }
    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        return answer("arithmetic", soft_->arithmetic(operation, f, a, b));
    }
    Answer running_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        return answer("running_sum", soft_->running_sum(term, accumulator, terms));
    }
    Answer blocked_sum(const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const override {
        return answer("blocked_sum", unit_->blocked_sum(term, accumulator, terms));
    }
    Answer sum(const Order& order, const Format& term, const Format& accumulator,
               std::span<const std::uint64_t> terms) const override {
        const Observer& adds = order.grouping == Grouping::MatrixUnit ? *unit_ : *soft_;
        return answer("sum", adds.sum(order, term, accumulator, terms));
    }
    Answer dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
               std::span<const std::uint64_t> b, std::uint64_t c) const override {
        return answer("dot", unit_->dot(input, accumulator, a, b, c));
    }
    Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                    std::span<const std::uint64_t> codes) const override {
        return answer("quantise", soft_->quantise(quantiser, f, scale, codes));
    }

  protected:
    std::string cannot() const override { return "it is a test double"; }

  private:
    Answer answer(std::string_view method, Answer right) const {
        ++asked_[method];
        for (std::uint64_t& code : right.codes) code -= wrong_ && code != 0 ? 1 : 0;
        return right;
    }

    std::unique_ptr<Observer> soft_ = make_soft_observer(), unit_ = make_unit_observer("A100");
    Asked& asked_;
    bool wrong_;
};

TEST(Exercises, TakeALaterBackendWithoutAChange) {
    GpuDouble::Asked asked;
    Observers right, wrong;
    right.push_back(std::make_unique<GpuDouble>(asked));
    wrong.push_back(std::make_unique<GpuDouble>(asked, true));
    for (const ExerciseEntry& entry : exercises()) {
        for (const Question& q : exercise(entry.number).questions) {
            const bool meant = q.gpus.empty() || std::find(q.gpus.begin(), q.gpus.end(), "A100") != q.gpus.end();
            const Observation seen = observe(q, right).at(0);
            EXPECT_EQ(seen.verdict, meant ? Verdict::Match : Verdict::NotAvailable) << q.text << ": " << seen.text;
        }
        const ExerciseReport report = run(exercise(entry.number), wrong);
        EXPECT_GT(report.count(Verdict::Mismatch), 0U);
        EXPECT_THAT(to_text(report, false), HasSubstr("  MISMATCH  by gpu:test double\n"));
    }
    for (const auto method : {"convert", "arithmetic", "running_sum", "blocked_sum", "sum", "dot", "quantise"})
        EXPECT_GT(asked[method], 0) << method;
}

}  // namespace
}  // namespace halfulp
