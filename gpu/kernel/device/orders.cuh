#pragma once

#include <cstdint>

#include <halfulp/gpu/kernel/device/arithmetic.cuh>

// The orders of summation that lib/accumulate/order.hpp names, by one thread each, in the arithmetic of a format. Every
// accumulator starts from +0.

namespace halfulp::device {

template <class F>
using Code = typename F::Code;

/// One rounded addition a term.
template <class F>
struct Plain {
    Code<F> sum = {};

    __device__ void add(Code<F> x) { sum = F::add(sum, x); }
    __device__ Code<F> total() const { return sum; }
};

/// What the sum took of a term beyond the term itself is taken off the next one.
template <class F>
struct Kahan {
    Code<F> sum = {}, excess = {};

    __device__ void add(Code<F> x) {
        const Code<F> wanted = F::sub(x, excess), next = F::add(sum, wanted);
        excess = F::sub(F::sub(next, sum), wanted);
        sum = next;
    }
    __device__ Code<F> total() const { return sum; }
};

/// The errors of all additions, summed beside the sum and added to it at the end.
template <class F>
struct TwoSum {
    Code<F> sum = {}, errors = {};

    __device__ void add(Code<F> x) {
        const Code<F> next = F::add(sum, x), of_x = F::sub(next, sum), of_sum = F::sub(next, of_x);
        errors = F::add(errors, F::add(F::sub(sum, of_sum), F::sub(x, of_x)));
        sum = next;
    }
    __device__ Code<F> total() const { return F::add(sum, errors); }
};

template <class Accumulator, class C>
__device__ C sum_in_sequence(const C* x, std::uint32_t n) {
    Accumulator accumulator;
    for (std::uint32_t i = 0; i < n; ++i) accumulator.add(x[i]);
    return accumulator.total();
}

/// Blocks of `count` terms in sequence, then their sums in sequence.
template <class F>
__device__ Code<F> sum_in_blocks(const Code<F>* x, std::uint32_t n, std::uint32_t count) {
    Plain<F> total;
    for (std::uint32_t start = 0; start < n; start += count)
        total.add(sum_in_sequence<Plain<F>>(x + start, n - start < count ? n - start : count));
    return total.total();
}

/// value(i) for i < n in halves: the first half (the larger one, if they differ) plus the second, down to single ones.
/// The halves that are being summed are on a stack in shared memory. Pre: 0 < n.
template <class F, class Value>
__device__ Code<F> sum_in_halves(std::uint32_t n, Value value) {
    constexpr unsigned most_halvings = 32;
    __shared__ std::uint32_t sizes[most_halvings + 1], second_begun[most_halvings];
    __shared__ Code<F> firsts[most_halvings];
    std::uint32_t next = 0, depth = 0;
    sizes[0] = n;
    while (true) {
        for (; sizes[depth] > 1; ++depth) {
            sizes[depth + 1] = sizes[depth] - sizes[depth] / 2;
            second_begun[depth] = 0;
        }
        Code<F> sum = value(next++);
        for (; depth > 0 && second_begun[depth - 1] != 0; --depth) sum = F::add(firsts[depth - 1], sum);
        if (depth == 0) return sum;
        firsts[depth - 1] = sum;
        second_begun[depth - 1] = 1;
        sizes[depth] = sizes[depth - 1] / 2;
    }
}

/// Term i goes to lane i mod `count`, in sequence; then the lanes in halves.
template <class F>
__device__ Code<F> sum_in_lanes(const Code<F>* x, std::uint32_t n, std::uint32_t count) {
    return sum_in_halves<F>(count, [=](std::uint32_t lane) {
        Plain<F> sum;
        for (std::uint32_t i = lane; i < n; i += count) sum.add(x[i]);
        return sum.total();
    });
}

/// y[i] = x[0] + ... + x[i], one after another.
template <class F>
__device__ void running_sum(const Code<F>* x, Code<F>* y, std::uint32_t n) {
    Plain<F> sum;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum.add(x[i]);
        y[i] = sum.total();
    }
}

}  // namespace halfulp::device
