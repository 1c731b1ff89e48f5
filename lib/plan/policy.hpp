#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/matrix_unit/spec.hpp>
#include <halfulp/lib/workload/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>

namespace halfulp::plan {

/// A way to compute a workload: how its numbers are stored, what sums them and in which order.
struct Policy {
    std::string name;               ///< as plans print it
    workload::Policy by;            ///< formats and, without a unit, kernel and order
    const MmaSpec* unit = nullptr;  ///< a row of the table of matrix units, which takes K block by block
    bool scaled = false;     ///< each operand is first multiplied by a power of two, and the result divided by them
    bool saturates = false;  ///< of bytes: their products are added as pair_sums.hpp says
};

/// The order of its sums, if it has no unit: that of a vector's or a row's reduction by name; products of matrices are chains.
const Reduction& order_of(workload::Kind kind, const Policy& policy);

/// "lanes", "sequential", "blocks of 8": for tables.
std::string order_text(workload::Kind kind, const Policy& policy);

/// A policy of lib/workload by that order. Pre: there are such rows.
Policy cpu_policy(std::string_view policy, std::string_view order);
/// int8 by a kernel that saturates: what other libraries have.
Policy saturating_policy();
/// By a row of a matrix unit, of the processor of that name.
Policy unit_policy(const MmaSpec& spec, std::string_view processor);

/// What this CPU's kernels offer for that kind, products of matrices or reductions.
std::vector<Policy> cpu_policies(workload::Kind kind);

/// What a processor, whose unit has the rows of a processor of the table, offers for products of matrices: fp32 by fused multiply-adds, and its unit's rows whose errors can be
/// predicted. Those are of unscaled operands of one format that are added in blocks in the order of k, either exactly as
/// integers or aligned.
std::vector<Policy> unit_policies(std::string_view rows_of, std::string_view processor);

}  // namespace halfulp::plan
