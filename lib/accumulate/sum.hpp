#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/accumulate/accumulator.hpp>
#include <halfulp/lib/accumulate/order.hpp>

// The sum of codes, or of products of two, in an order of the table, by any adder. All codes are of the adder's format.

namespace halfulp {

/// One accumulator, here an empty one, takes all terms.
template <Accumulator Acc, class Term>
constexpr std::uint64_t sum_in_sequence(Acc accumulator, std::span<const Term> terms) {
    for (const Term& term : terms) accumulator.add(term);
    return accumulator.sum();
}

/// Up to `last` terms in sequence; of more, the first half (the larger one, if they differ) plus the second.
template <Accumulator Acc, Adder A, class Term>
constexpr std::uint64_t sum_in_halves(const Acc& empty, const A& adder, std::size_t last, std::span<const Term> terms) {
    if (terms.size() <= last) return sum_in_sequence(empty, terms);
    const std::size_t half = (terms.size() + 1) / 2;
    return adder.add(sum_in_halves(empty, adder, last, terms.first(half)),
                     sum_in_halves(empty, adder, last, terms.subspan(half)));
}

/// The sums of blocks of so many terms, added one after another.
template <Accumulator Acc, class Term>
constexpr std::uint64_t sum_in_blocks(const Acc& empty, std::size_t length, std::span<const Term> terms) {
    Acc total = empty;
    for (std::size_t start = 0; start < terms.size(); start += length)
        total.add(sum_in_sequence(empty, terms.subspan(start, std::min(length, terms.size() - start))));
    return total.sum();
}

/// Term i goes to lane i mod count; the lanes' sums are then added in halves.
template <Accumulator Acc, Adder A, class Term>
std::uint64_t sum_in_lanes(const Acc& empty, const A& adder, std::size_t count, std::span<const Term> terms) {
    if (count == 1) return sum_in_sequence(empty, terms);
    std::vector<Acc> lanes(count, empty);
    for (std::size_t i = 0; i < terms.size(); ++i) lanes[i % count].add(terms[i]);
    std::vector<std::uint64_t> sums;
    sums.reserve(count);
    for (const Acc& lane : lanes) sums.push_back(lane.sum());
    return sum_in_halves(Plain{adder}, adder, 1, std::span<const std::uint64_t>(sums));
}

/// Terms shared out as the order says, each share by a copy of the empty accumulator.
template <Accumulator Acc, Adder A, class Term>
std::uint64_t sum_in_groups(const Order& order, const Acc& empty, const A& adder, std::span<const Term> terms) {
    assert(order.count > 0);
    switch (order.grouping) {
        case Grouping::Lanes: return sum_in_lanes(empty, adder, order.count, terms);
        case Grouping::Blocks: return sum_in_blocks(empty, order.count, terms);
        case Grouping::Halves: return sum_in_halves(empty, adder, order.count, terms);
        case Grouping::MatrixUnit: break;
    }
    __builtin_unreachable();
}

/// The sum of the terms in this order, as a code of the adder's format.
template <Adder A, class Term>
std::uint64_t sum_of_terms(const Order& order, const A& adder, std::span<const Term> terms) {
    assert(order.grouping != Grouping::MatrixUnit);
    switch (order.accumulation) {
        case Accumulation::Plain: return sum_in_groups(order, Plain{adder}, adder, terms);
        case Accumulation::Kahan: return sum_in_groups(order, Kahan{adder}, adder, terms);
        case Accumulation::TwoSum: return sum_in_groups(order, TwoSum{adder}, adder, terms);
    }
    __builtin_unreachable();
}

/// The sum of the terms in that order; 0 of none. Pre: the order's grouping is not MatrixUnit, which no adder walks.
template <Adder A>
std::uint64_t sum(const Order& order, const A& adder, std::span<const std::uint64_t> terms) {
    return sum_of_terms(order, adder, terms);
}

/// The same of products: a dot product.
template <Multiplier A>
std::uint64_t sum(const Order& order, const A& adder, std::span<const Product> terms) {
    return sum_of_terms(order, adder, terms);
}

/// All partial sums, one term after another: of the first term, of the first two, ...
template <Adder A>
std::vector<std::uint64_t> running_sums(const A& adder, std::span<const std::uint64_t> terms) {
    std::vector<std::uint64_t> sums;
    Plain accumulator{adder};
    for (const std::uint64_t term : terms) {
        accumulator.add(term);
        sums.push_back(accumulator.sum());
    }
    return sums;
}

}  // namespace halfulp
