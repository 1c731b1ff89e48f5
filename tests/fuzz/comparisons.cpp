#include "fuzz/comparisons.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <variant>

#include <halfulp/lib/diagnose/hostile_matrices.hpp>
#include <halfulp/lib/kernel/elementwise.hpp>
#include <halfulp/lib/kernel/gemv.hpp>
#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/lib/verify/engine.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/gemm_case.hpp"
#include "support/narrow_engine.hpp"
#include "support/ptx.hpp"
#include "support/reductions.hpp"

namespace halfulp::fuzz {
namespace {

using property::SplitMix;
using Codes = std::vector<std::uint64_t>;

template <class Row, std::size_t n>
const Row& any_of(const std::array<Row, n>& rows, SplitMix& bits) {
    return rows[bits() % n];
}

/// Mostly short, for the edges of vectors; some as long as `most`.
std::size_t any_size(std::size_t most, SplitMix& bits) { return 1 + bits() % (bits() % 4 == 0 ? most : most / 8 + 1); }

std::string first_difference(const Codes& expected, const Codes& found) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (expected[i] != found[i]) return fmt::format("element {} is {:x}, expected {:x}", i, found[i], expected[i]);
    return {};
}

/// Of a problem that this CPU cannot be asked.
std::string nothing(const Problem&) { return {}; }

/// By every instruction set of this CPU.
template <class Compute>
std::string first_difference_of_targets(const Codes& expected, const Compute& compute) {
    std::string difference;
    test::on_every_target([&] {
        if (difference.empty()) difference = first_difference(expected, compute());
    });
    return difference;
}

// ---- Single operations on arrays ------------------------------------------------------------------------------------

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
Problem narrow(SplitMix& bits) { return by_engine("narrow", bits); }
Problem batch(SplitMix& bits) { return by_engine("batch", bits); }

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

// ---- Matrix units ---------------------------------------------------------------------------------------------------

/// The SIMD twin against the model of one element.
Problem unit(SplitMix& bits) {
    const MmaSpec* spec = nullptr;
    do spec = &mma_specs()[bits() % mma_specs().size()];
    while (!has_twin(*spec));
    const HostileKind& kind = any_of(hostile_kinds, bits);
    const std::size_t block = spec->scaling ? static_cast<std::size_t>(spec->scaling->block) : 1;
    const std::size_t k = any_size(8 * static_cast<std::size_t>(step_of(*spec)), bits);
    const Hostile x(*spec, kind, {any_size(5, bits), any_size(70, bits), (k + block - 1) / block * block}, bits());
    const auto format = [](const Element& e) { return e.integer ? std::nullopt : std::optional(e.format); };
    Problem p{
        fmt::format("{}, {}", name_of(*spec), kind.name), {x.shape.m, x.shape.n, x.shape.k}, {1, 1, block}, {}, {}};
    p.operands = {{"a", format(spec->a), {{0}, {2}}, x.a},
                  {"b", format(spec->b), {{2}, {1}}, x.b},
                  {"c", format(spec->accumulator), {{0}, {1}}, x.c}};
    if (spec->scaling) {
        p.operands.push_back({"scales of a", std::nullopt, {{0}, {2, block}}, x.a_scales});
        p.operands.push_back({"scales of b", std::nullopt, {{2, block}, {1}}, x.b_scales});
    }
    const auto threads = static_cast<unsigned>(1 + bits() % 3);
    p.difference = [spec, x, threads](const Problem& q) {
        Hostile y = x;
        y.shape = {q.sizes[0], q.sizes[1], q.sizes[2]};
        y.a = q.codes(0), y.b = q.codes(1), y.c = q.codes(2);
        if (spec->scaling) y.a_scales = q.codes(3), y.b_scales = q.codes(4);
        Codes expected(y.c.size()), held;
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] = mma_dot(*spec, y.operands(i / y.shape.n, i % y.shape.n, held));
        return first_difference_of_targets(expected, [&] {
            Codes d(expected.size());
            mma_matrix(*spec, y.shape, y.a, y.b, y.c, d, threads, {y.a_scales, y.b_scales});
            return d;
        });
    };
    return p;
}

// ---- Products and sums ----------------------------------------------------------------------------------------------

template <class Element>
test::Stored<Element> laid_out(const Format& f, std::size_t rows, std::size_t columns, test::Layout layout,
                               const Codes& codes) {
    test::Stored<Element> stored(f, rows, columns, layout, test::ordinary_code, 1);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            stored.view()(i, j) = test::element_of<Element>(codes[i * columns + j]);
    return stored;
}

template <class Element, class Result>
std::string gemm_difference(const test::GemmCase& x, unsigned threads, const Problem& p) {
    const auto [m, n, k] = x.shape;
    const auto a = laid_out<Element>(x.policy.storage, m, k, x.a, p.codes(0));
    const auto b = laid_out<Element>(x.policy.storage, k, n, x.b, p.codes(1));
    const auto c = laid_out<Result>(x.policy.result, m, n, x.c, p.codes(2));
    const auto codes = [](const std::vector<Result>& elements) {
        Codes all;
        for (const Result element : elements) all.push_back(test::code_of(element));
        return all;
    };
    return first_difference_of_targets(codes(test::defined(x, a, b, c)), [&] {
        auto got = c;
        kernel::gemm(x.policy, a.view(), b.view(), got.view(), {x.alpha, x.beta, threads});
        return codes(got.elements);
    });
}

/// The product of matrices, and of one by a vector in gemm's order, against the definition.
Problem gemm(SplitMix& bits) {
    test::GemmCase x{any_of(kernel::gemm_policies, bits),
                     {any_size(40, bits), any_size(70, bits), any_size(800, bits)}};
    for (test::Layout* layout : {&x.a, &x.b, &x.c}) *layout = static_cast<test::Layout>(bits() % 5);
    x.alpha = any_of(std::array{1.0F, 0.6F, -1.5F, 0.0F}, bits);
    x.beta = any_of(std::array{0.0F, 1.0F, -0.75F}, bits);
    const bool edges = bits() % 2 == 0;
    const auto draw = [&](const Format& f, std::size_t count) {
        Codes codes;
        for (std::size_t i = 0; i < count; ++i)
            codes.push_back(edges ? property::edge_code(f, bits) : test::ordinary_code(f, bits));
        return codes;
    };
    const auto [m, n, k] = x.shape;
    std::ostringstream what;
    what << "gemm " << x;
    Problem p{what.str(), {m, n, k}, {1, 1, 1}, {}, {}};
    p.operands = {{"a", x.policy.storage, {{0}, {2}}, draw(x.policy.storage, m * k)},
                  {"b", x.policy.storage, {{2}, {1}}, draw(x.policy.storage, k * n)},
                  {"c", x.policy.result, {{0}, {1}}, draw(x.policy.result, m * n)}};
    const auto threads = static_cast<unsigned>(1 + bits() % 3);
    p.difference = [x, threads](const Problem& q) {
        test::GemmCase y = x;
        y.shape = {q.sizes[0], q.sizes[1], q.sizes[2]};
        if (x.policy.storage.width == 32) return gemm_difference<float, float>(y, threads, q);
        if (x.policy.result.width == 32) return gemm_difference<std::uint16_t, float>(y, threads, q);
        return gemm_difference<std::uint16_t, std::uint16_t>(y, threads, q);
    };
    return p;
}

/// A sum, a dot product, or one for each row of a matrix, which is what gemv is with alpha = 1 and beta = 0.
enum class Reducer : std::uint8_t { Sum, Dot, Gemv };

Codes gemv_codes(const Reduction& order, const test::SumFormats& f, const Codes& a, const Codes& x, std::size_t rows) {
    const auto run = [&]<class T, class Y>(std::string_view policy, T, Y) {
        const auto elements = test::stored<T>(a), vector = test::stored<T>(x);
        std::vector<Y> y(rows);
        kernel::gemv(*kernel::find_gemm_policy(policy), order,
                     kernel::row_major<const T>(elements.data(), rows, x.size()), vector, y);
        Codes codes;
        for (const Y each : y) codes.push_back(test::code_of(each));
        return codes;
    };
    if (f.storage == binary32) return run("fp32", float{}, float{});
    if (f.accumulate == binary16) return run(f.fused ? "fp16 fused" : "fp16", std::uint16_t{}, std::uint16_t{});
    return run(f.storage == binary16 ? "fp16/fp32" : "bf16/fp32", std::uint16_t{}, float{});
}

Problem reduced(Reducer reducer, SplitMix& bits) {
    const Reduction& order = any_of(reductions, bits);
    const test::SumFormats& f = any_of(test::sum_formats, bits);
    const test::Elements kind = any_of(test::all_elements, bits);
    const std::size_t rows = reducer == Reducer::Gemv ? any_size(40, bits) : 1, n = any_size(5000 / rows, bits);
    const auto threads = static_cast<unsigned>(1 + bits() % 3);
    Problem p{fmt::format("{} {} {}", std::array{"sum", "dot", "gemv"}[static_cast<std::size_t>(reducer)], order.name,
                          f.name),
              {rows, n},
              {1, 1},
              {},
              {}};
    p.operands.push_back({"a", f.storage, {{0}, {1}}, test::draw_elements(kind, f.storage, rows * n, bits())});
    if (reducer != Reducer::Sum)
        p.operands.push_back({"x", f.storage, {{1}}, test::draw_elements(kind, f.storage, n, bits())});
    p.difference = [reducer, &order, &f, threads](const Problem& q) {
        Codes expected;
        for (std::size_t i = 0; i < q.sizes[0]; ++i) {
            const auto row = q.codes(0).begin() + static_cast<std::ptrdiff_t>(i * q.sizes[1]);
            const Codes a(row, row + static_cast<std::ptrdiff_t>(q.sizes[1]));
            expected.push_back(reducer == Reducer::Sum ? test::defined_sum(order, f, a)
                                                       : test::defined_dot(order, f, a, q.codes(1)));
        }
        return first_difference_of_targets(expected, [&] {
            if (reducer == Reducer::Sum) return Codes{test::kernel_sum(order, f, q.codes(0), threads)};
            if (reducer == Reducer::Dot) return Codes{test::kernel_dot(order, f, q.codes(0), q.codes(1), threads)};
            return gemv_codes(order, f, q.codes(0), q.codes(1), q.sizes[0]);
        });
    };
    return p;
}
Problem sum(SplitMix& bits) { return reduced(Reducer::Sum, bits); }
Problem dot(SplitMix& bits) { return reduced(Reducer::Dot, bits); }
Problem gemv(SplitMix& bits) { return reduced(Reducer::Gemv, bits); }

// ---- PTX ------------------------------------------------------------------------------------------------------------

/// An instruction of PTX, and of this CPU.
struct Instruction {
    std::string_view name;
    Operation operation;
};
constexpr std::array instructions = {Instruction{"add", Operation::Add},   Instruction{"sub", Operation::Sub},
                                     Instruction{"mul", Operation::Mul},   Instruction{"div", Operation::Div},
                                     Instruction{"sqrt", Operation::Sqrt}, Instruction{"fma", Operation::Fma}};
constexpr std::array modes = {Named<Rounding>{"rn", Rounding::NearestEven, {}},
                              Named<Rounding>{"rz", Rounding::TowardZero, {}},
                              Named<Rounding>{"rm", Rounding::Down, {}}, Named<Rounding>{"rp", Rounding::Up, {}}};

std::uint64_t one_nan(const Format& f, std::uint64_t code) { return f.is_nan(code) ? f.nan_code() : code; }

Codes by_cpu(Operation operation, const Format& f, Rounding rounding, const Problem& p) {
    Codes codes;
    for (std::size_t i = 0; i < p.sizes[0]; ++i) {
        halfulp::Operands one{};
        for (std::size_t j = 0; j < p.operands.size(); ++j) one.at(j) = p.codes(j)[i];
        codes.push_back(one_nan(f, truth::cpu_result(operation, f, one, {.rounding = rounding}).code));
    }
    return codes;
}

Codes by_interpreter(const std::string& opcode, const Format& f, const Problem& p) {
    const std::string type = "b" + std::to_string(f.width);
    std::vector<Codes> operands(p.operands.size());
    std::ranges::transform(p.operands, operands.begin(), &Operand::codes);
    Codes codes = test::executed(opcode, type, std::vector(operands.size(), type), operands);
    for (std::uint64_t& code : codes) code = one_nan(f, code);
    return codes;
}

Problem interpreter(SplitMix& bits) {
    const Instruction& row = any_of(instructions, bits);
    const auto& mode = any_of(modes, bits);
    const Format f = bits() % 2 == 0 ? binary32 : binary64;
    if (!truth::cpu_lacks(row.operation).empty() || !truth::cpu_has(mode.value)) return {{}, {}, {}, {}, nothing};
    const std::string opcode = fmt::format("{}.{}.f{}", row.name, mode.name, f.width);
    Problem p{opcode, {1 + bits() % 64}, {1}, {}, {}};
    for (unsigned j = 0; j < row_of(row.operation).operands; ++j) p.operands.push_back({{"abc"[j]}, f, {{0}}, {}});
    for (std::size_t i = 0; i < p.sizes[0]; ++i) {
        const halfulp::Operands drawn = property::edge_operands(f, bits);
        for (std::size_t j = 0; j < p.operands.size(); ++j) p.operands[j].codes.push_back(drawn.at(j));
    }
    p.difference = [opcode, row, rounding = mode.value, f](const Problem& x) {
        return first_difference(by_cpu(row.operation, f, rounding, x), by_interpreter(opcode, f, x));
    };
    return p;
}

constexpr std::array table = {
    Comparison{"narrow", narrow},
    Comparison{"batch", batch},
    Comparison{"unit", unit},
    Comparison{"gemm", gemm},
    Comparison{"gemv", gemv},
    Comparison{"sum", sum},
    Comparison{"dot", dot},
    Comparison{"elementwise", elementwise},
    Comparison{"interpreter", interpreter},
};

}  // namespace

std::span<const Comparison> comparisons() { return table; }

}  // namespace halfulp::fuzz
