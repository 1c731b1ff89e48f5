#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/plan/flag.hpp>
#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/report/plot.hpp>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/workload/workload.hpp>

// The predictions held against runs whose results are compared with the exact ones.

namespace halfulp::plan {

/// Problems of one kind, by one policy.
struct Cell {
    workload::Kind kind;    ///< of the workload
    Policy policy;          ///< by which it is computed
    std::size_t size;       ///< as make_problem takes it
    std::string_view data;  ///< of workload::data_rows or, of dot products, "gendot"
    double kappa = 0;       ///< that GenDot aims at
    std::size_t rows = 0;   ///< of A, and columns of B, where matrices are not square
};

/// What became of one, over all seeds. Errors are roots of mean squares over seeds and places, relative to the results'.
struct Calibrated {
    Cell cell;                ///< which one
    double kappa;             ///< the sums of magnitudes over the results
    double rms, expected;     ///< predicted
    double bound, probable;   ///< predicted
    double measured;          ///< infinite where a result was
    double of_bound;          ///< the largest error in a place over its bound
    std::size_t saturated;    ///< pairs, as predicted in the places
    std::size_t counted;      ///< pairs that did saturate there
    std::size_t everywhere;   ///< pairs that did in all results
    std::vector<Flag> flags;  ///< raised for a seed

    bool is_flagged() const { return !flags.empty(); }  ///< for any seed?
    /// measured / expected; 1 where they are equal, as where there is no error.
    double ratio() const;
};

/// All cells: workloads, policies of each, sizes and data, of the tables in calibration.cpp.
std::vector<Cell> calibration_cells();

/// Of sums and dot products with 8 seeds, of others with 2, and 256 places of each.
Calibrated calibrated(const Cell& cell);

/// One thing that calibration has to show.
struct Criterion {
    std::string claim;      ///< a sentence
    std::size_t holds, of;  ///< cells
    double wanted;          ///< the least share; 0 where cells are only counted

    /// by enough of the cells?
    bool is_met() const { return static_cast<double>(holds) >= wanted * static_cast<double>(of); }
};

/// A cell is clean if what was measured is within 3 times what independent errors would come to.
std::vector<Criterion> criteria(const std::vector<Calibrated>& cells);

/// A row a cell.
Table to_table(const std::vector<Calibrated>& cells);
/// A row a policy of a kind: the ratios of its unflagged cells, and how near an error came to its bound.
Table to_summary(const std::vector<Calibrated>& cells);
/// A row a criterion.
Table to_table(const std::vector<Criterion>& criteria);
/// All numbers of all cells.
std::string to_json(const std::vector<Calibrated>& cells);

/// Measured against predicted, the flagged cells apart.
Plot to_plot(const std::vector<Calibrated>& cells);

}  // namespace halfulp::plan
