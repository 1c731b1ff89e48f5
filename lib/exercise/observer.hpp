#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/accumulate/order.hpp>
#include <halfulp/lib/exercise/quantiser.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp {

/// Of one format, which the question names.
using Codes = std::vector<std::uint64_t>;

/// What an observer answers: codes, or why it cannot be asked.
struct Answer {
    Codes codes;              ///< as many as were asked for
    std::string unavailable;  ///< empty where there is an answer

    /// No answer, for that reason.
    static Answer not_available(std::string reason) { return {{}, std::move(reason)}; }
};

/// A backend that exercises put their questions to: the emulator, this CPU, the model of a matrix unit, a GPU.
/// Everything is asked in codes. An observer overrides what it can do; the rest is n/a with the reason it gives.
class Observer {
  public:
    virtual ~Observer() = default;

    /// What --backend calls it: soft, cpu, unit:A100.
    virtual std::string name() const = 0;

    /// The GPU of `gpus` whose matrix unit it has, or nothing.
    virtual std::string_view gpu() const { return {}; }

    /// Each code of `from` as a code of `to`, rounded to nearest even.
    virtual Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const;

    /// a[i] op b[i] in format f, rounded to nearest even. Pre: the operation takes two operands; as many a as b.
    virtual Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                              std::span<const std::uint64_t> b) const;

    /// All partial sums of the terms, each converted to the accumulator's format, added one after another to an
    /// accumulator that starts from 0: answer[i] is the sum of the first i + 1 terms.
    virtual Answer running_sum(const Format& term, const Format& accumulator,
                               std::span<const std::uint64_t> terms) const;

    /// The same by matrix instructions, which multiply the terms by one and add a block of them at a time. answer[i]
    /// is what the first i + 1 terms give, the last block being filled up with zeros.
    virtual Answer blocked_sum(const Format& term, const Format& accumulator,
                               std::span<const std::uint64_t> terms) const;

    /// The sum of the terms in that order, one code; each term is first converted to the accumulator's format. In the
    /// order of a matrix unit it is the last of the sums of blocked_sum.
    virtual Answer sum(const Order& order, const Format& term, const Format& accumulator,
                       std::span<const std::uint64_t> terms) const;

    /// c + a.b by one matrix instruction. Codes of `input` and `accumulator`.
    virtual Answer dot(const Format& input, const Format& accumulator, std::span<const std::uint64_t> a,
                       std::span<const std::uint64_t> b, std::uint64_t c) const;

    /// The integer code of each number x of format f, as 64 bits in two's complement. Three steps define it: x / scale
    /// rounded to nearest even in f; that quotient rounded to an integer, as the quantiser says; clamped to the
    /// quantiser's codes. The division is a true one: multiplying by 1 / scale gives other codes. It is exact where the
    /// scale is a power of two; elsewhere the first rounding can make a tie of what is none.
    /// Pre: the numbers are finite, and the scale is too and positive.
    virtual Answer quantise(const Quantiser& quantiser, const Format& f, std::uint64_t scale,
                            std::span<const std::uint64_t> codes) const;

  protected:
    /// Why whatever is not overridden cannot be asked.
    virtual std::string cannot() const = 0;
};

/// Backends, in the order in which they are asked.
using Observers = std::vector<std::unique_ptr<Observer>>;

/// The exact engine.
std::unique_ptr<Observer> make_soft_observer();
/// This machine's arithmetic; what it lacks is n/a.
std::unique_ptr<Observer> make_cpu_observer();
/// Pre: gpu is the name of a row of `gpus`.
std::unique_ptr<Observer> make_unit_observer(std::string_view gpu);

}  // namespace halfulp
