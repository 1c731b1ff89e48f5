#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/workload/bench.hpp>

// Whether numbers of half the bytes are read in half the time.

namespace halfulp::workload {

/// One problem by a policy of fewer bytes a number, beside the same in fp32.
struct Halved {
    std::string_view workload;  ///< its name
    std::size_t k;              ///< terms of a sum
    std::string level;          ///< of the memory that holds fp32's numbers
    std::size_t bytes;          ///< of fp32
    std::string_view policy;    ///< of fewer bytes
    double by_bytes;            ///< fp32's bytes over its own: what reading alone would gain
    double predicted;           ///< least time of fp32 by the machine's ceilings over its own least time
    std::string roof;           ///< the ceiling that its own comes from
    double measured;            ///< fp32's time over its own
};

/// Of each sum, dot product and gemv that was measured in fp32, whose sums are the same: fp16, bf16 and int8.
std::vector<Halved> halved(const Bench& bench);

/// For people.
Table halving_table(const std::vector<Halved>& rows);

/// The level of the memory that so many bytes fit into.
std::string level_of(const measure::Machine& machine, std::size_t bytes);

}  // namespace halfulp::workload
