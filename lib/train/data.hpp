#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <halfulp/lib/train/loss.hpp>
#include <halfulp/lib/train/numbers.hpp>

// Labelled examples: a row an example, the last column what is to be learnt.

namespace halfulp::train {

/// Rows of inputs, each with what a network should make of it.
struct Examples {
    std::size_t columns;  ///< of x, row-major
    Numbers x, targets;   ///< inputs; a label or a number a row

    std::size_t rows() const { return targets.size(); }  ///< how many examples
};

/// What the last column of a file is.
struct CsvOptions {
    Loss loss = Loss::CrossEntropy;  ///< cross-entropy: labels; else numbers
    std::size_t classes = 0;         ///< labels are below it; 0: as many as there are
};

/// Labels are below it where no number of classes was asked for.
inline constexpr std::size_t most_classes = 4096;

/// Numbers separated by commas, as finite binary32; a first line without any number is a head, where one out of range, an
/// infinity and a NaN are numbers, too. Labels of cross-entropy are whole numbers from 0 on, and there are at least two.
/// Throws InputError with the line.
Examples read_csv(const std::filesystem::path& path, const CsvOptions& options);

/// Labels: one more than the greatest, or as many as were asked for; of mean squares one output.
std::size_t outputs_of(const Examples& examples, const CsvOptions& options);

/// Examples to train with, and those that only judge.
struct Split {
    Examples training, test;  ///< four rows of five; the fifth
};

/// Every fifth row is a test. Both are standardised by the rows of training: mean 0 and deviation 1 of every column that is not
/// constant, in binary64, and so are the targets of mean squares, whose loss is then that part of the variance which is left.
/// Throws InputError if a test row is then too large for fp32. Pre: at least five rows.
Split split(const Examples& examples, Loss loss);

/// The numbers below `count` in the order of an epoch: Fisher and Yates, the i-th choice by random_bits(seed, epoch * count + i).
std::vector<std::size_t> order_of_epoch(std::size_t count, std::uint64_t seed, std::uint64_t epoch);

/// The rows of these numbers.
Examples rows_of(const Examples& examples, std::span<const std::size_t> rows);

}  // namespace halfulp::train
