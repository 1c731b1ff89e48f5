#include "fuzz/compare/draws.hpp"

#include <variant>

#include <halfulp/lib/kernel/elementwise.hpp>
#include <halfulp/lib/verify/engine.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/narrow_engine.hpp"

namespace halfulp::fuzz {
namespace {

/// An operation, its formats and rules.
struct Question {
    NamedOperation operation;
    Format from, to;
    Env env;
    kernel::Draws draws;

    std::string text() const {
        return fmt::format("{} {} to {} {} overflow {} tininess {} flush {} {} nan {} seed {}", operation.name,
                           short_name(from), short_name(to), name_of(env.rounding), static_cast<int>(env.overflow),
                           static_cast<int>(env.tininess), env.flush_inputs, static_cast<int>(env.flush_outputs),
                           static_cast<int>(env.nan), draws.seed);
    }
};

Question any_question(SplitMix& bits) {
    Question q{any_of(operations, bits), any_of(formats, bits).format, {}, {}, {bits(), bits() % 2}};
    q.to = bits() % 2 == 0 || q.operation.kind != OperationKind::Arithmetic ? q.from : any_of(formats, bits).format;
    if (q.operation.operation == Operation::Convert) q.to = any_of(formats, bits).format;
    q.env = test::any_environment(any_of(roundings, bits).rounding, bits);
    if (bits() % 2 == 0) q.env.nan = NanPolicy::IeeeDefault;
    return q;
}

Problem operands_for(const Question& q, std::string_view by, SplitMix& bits) {
    Problem p{fmt::format("{} {}", by, q.text()), {any_size(300, bits)}, {1}, {}, {}};
    for (unsigned i = 0; i < q.operation.operands; ++i) {
        const bool is_number = i + 1 < q.operation.operands || q.operation.last_operand == Domain::Number;
        p.operands.push_back({{"abc"[i]}, is_number ? std::optional(q.from) : std::nullopt, {{0}}, {}});
    }
    for (std::size_t i = 0; i < p.sizes[0]; ++i) {
        halfulp::Operands drawn = property::edge_operands(q.from, bits);
        if (q.operation.operation == Operation::Convert) drawn[0] = property::edge_to_convert(q.to, q.from, bits);
        for (unsigned j = 0; j < q.operation.operands; ++j) p.operands[j].codes.push_back(drawn[j]);
    }
    return p;
}

std::vector<Rounded> answers(const Engine& engine, const Question& q, const Problem& p) {
    std::vector<halfulp::Operands> operands(p.sizes[0]);
    for (std::size_t i = 0; i < p.sizes[0]; ++i)
        for (std::size_t j = 0; j < p.operands.size(); ++j) operands[i][j] = p.codes(j)[i];
    std::vector<Rounded> results(p.sizes[0]);
    engine.run({{q.operation.operation, q.from, q.to}, {&q.env, 1}, operands, q.draws}, results);
    return results;
}

const Engine& engine_named(std::string_view name) { return *std::ranges::find(engines(), name, &Engine::name); }

/// An engine against the exact one, with flags.
Problem by_engine(std::string_view name, SplitMix& bits) {
    const Engine &engine = engine_named(name), &exact = engine_named("exact");
    for (;;) {
        const Question q = any_question(bits);
        const Subject subject{q.operation.operation, q.from, q.to};
        if (!engine.lacks(subject, q.env).empty() || !exact.lacks(subject, q.env).empty()) continue;
        Problem p = operands_for(q, name, bits);
        p.difference = [q, &engine, &exact](const Problem& x) -> std::string {
            const auto expected = answers(exact, q, x);
            std::string difference;
            test::on_every_target([&] {
                const auto found = answers(engine, q, x);
                for (std::size_t i = 0; i < found.size() && difference.empty(); ++i)
                    if (found[i] != expected[i])
                        difference =
                            fmt::format("element {} is {:x}, expected {:x}; flags {}", i, found[i].code,
                                        expected[i].code, found[i].status == expected[i].status ? "equal" : "differ");
            });
            return difference;
        };
        return p;
    }
}

}  // namespace

Problem narrow(SplitMix& bits) { return by_engine("narrow", bits); }
Problem batch(SplitMix& bits) { return by_engine("batch", bits); }

namespace {

/// Codes in words of the width that they need.
class Words {
  public:
    Words(int width, const Codes& codes) {
        if (width <= 8) words_ = std::vector<std::uint8_t>(codes.begin(), codes.end());
        if (width > 8 && width <= 16) words_ = std::vector<std::uint16_t>(codes.begin(), codes.end());
        if (width > 16 && width <= 32) words_ = std::vector<std::uint32_t>(codes.begin(), codes.end());
        if (width > 32) words_ = codes;
    }
    kernel::CodeArray read() const {
        return std::visit([](auto& words) { return kernel::CodeArray(std::span(words)); }, words_);
    }
    kernel::ResultArray written() {
        return std::visit([](auto& words) { return kernel::ResultArray(std::span(words)); }, words_);
    }
    Codes codes() const {
        return std::visit([](auto& words) { return Codes(words.begin(), words.end()); }, words_);
    }

  private:
    std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::uint32_t>, Codes> words_;
};

}  // namespace

/// Every operation on arrays of any formats, against `compute` on each element.
Problem elementwise(SplitMix& bits) {
    const Question q = any_question(bits);
    Problem p = operands_for(q, "elementwise", bits);
    p.difference = [q](const Problem& x) {
        Codes expected;
        for (std::size_t i = 0; i < x.sizes[0]; ++i) {
            Env env = q.env;
            if (env.rounding == Rounding::Stochastic) env.random = kernel::draw(q.draws, i);
            std::vector<halfulp::Operand> operands;
            operands.reserve(x.operands.size());
            for (const Operand& operand : x.operands) operands.push_back({q.from, operand.codes[i]});
            expected.push_back(compute(q.operation.operation, q.to, operands, env).code);
        }
        return first_difference_of_targets(expected, [&] {
            std::vector<Words> words;
            for (const Operand& operand : x.operands)
                words.emplace_back(operand.format ? q.from.width : 64, operand.codes);
            std::vector<kernel::NumberArray> arrays;
            arrays.reserve(words.size());
            for (const Words& each : words) arrays.push_back({q.from, each.read()});
            Words results(q.operation.result == Domain::Number ? q.to.width : 64, Codes(x.sizes[0]));
            kernel::elementwise(q.operation.operation, q.to, arrays, results.written(), q.env, {}, q.draws);
            return results.codes();
        });
    };
    return p;
}

}  // namespace halfulp::fuzz
