#include "fuzz/compare/draws.hpp"

#include <sstream>

#include <halfulp/lib/kernel/gemv.hpp>

#include "support/gemm_case.hpp"
#include "support/reductions.hpp"

namespace halfulp::fuzz {
namespace {

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

}  // namespace

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

namespace {

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

}  // namespace

Problem sum(SplitMix& bits) { return reduced(Reducer::Sum, bits); }
Problem dot(SplitMix& bits) { return reduced(Reducer::Dot, bits); }
Problem gemv(SplitMix& bits) { return reduced(Reducer::Gemv, bits); }

}  // namespace halfulp::fuzz
