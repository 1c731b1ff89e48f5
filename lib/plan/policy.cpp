#include <halfulp/lib/plan/policy.hpp>

#include <algorithm>
#include <array>

#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp::plan {
namespace {

struct Offered {
    std::string_view policy, order;
};

constexpr std::array offered_to_vectors = {
    Offered{"fp32", "lanes"},       Offered{"fp32", "pairwise"},    Offered{"fp32", "FABsum"},
    Offered{"fp32", "Kahan"},       Offered{"fp32", "exact"},       Offered{"fp16-fp32", "lanes"},
    Offered{"bf16-fp32", "lanes"},  Offered{"fp16-fused", "lanes"}, Offered{"fp16-fused", "FABsum"},
    Offered{"fp16-fused", "Kahan"}, Offered{"fp16", "lanes"},       Offered{"int8", "exact"},
};

constexpr std::array matrix_rows = {
    Offered{"fp32", ""}, Offered{"fp16-fp32", ""},  Offered{"bf16-fp32", ""}, Offered{"fp16-fused", ""},
    Offered{"fp16", ""}, Offered{"bf16-fused", ""}, Offered{"bf16", ""},      Offered{"int8", ""},
};

/// Has each result an order of its own, which is a policy's, or are they chains?
bool is_reduced(workload::Kind kind) {
    return kind == workload::Kind::Sum || kind == workload::Kind::Dot || kind == workload::Kind::Gemv;
}

bool is_predictable(const MmaSpec& s) {
    const bool exact_integers = s.family == Family::Integers && !s.saturates && s.a.width() == 8;
    const bool aligned = s.family == Family::AlignedSum && !s.scaling && !s.multiplied && !s.c_last;
    return s.a == s.b && s.order == KOrder::Ascending && (exact_integers || aligned) &&
           (s.a.integer ? s.a.integer->is_signed : s.a != e5m2);
}

}  // namespace

const Reduction& order_of(workload::Kind kind, const Policy& policy) {
    return *find_reduction(is_reduced(kind) && !policy.by.reduction.empty() ? policy.by.reduction : "sequential");
}

std::string order_text(workload::Kind kind, const Policy& policy) {
    if (policy.saturates) return "saturating pairs";
    if (policy.by.storage.integer) return "exact";
    if (policy.unit != nullptr) return "blocks of " + std::to_string(policy.unit->group);
    return std::string(order_of(kind, policy).name);
}

Policy cpu_policy(std::string_view policy, std::string_view order) {
    Policy p{std::string(policy), *find_by_name(workload::policies, policy)};
    p.by.reduction = order;
    if (!order.empty() && !p.by.storage.integer) p.name.append(" ").append(order);
    return p;
}

Policy saturating_policy() {
    Policy p = cpu_policy("int8", "");
    p.name = "int8 saturating";
    p.by.arithmetic = "int8 products, a pair in 16 bits";
    p.saturates = true;
    return p;
}

Policy unit_policy(const MmaSpec& spec, std::string_view processor) {
    const Format result = spec.accumulator.integer ? binary32 : spec.accumulator.format;
    const workload::Policy by{"unit", "", spec.a, spec.accumulator, result, true, "", "", ""};
    return {std::string(processor) + " " + formats_of(spec), by, &spec};
}

std::vector<Policy> cpu_policies(workload::Kind kind) {
    std::vector<Policy> policies;
    const auto add = [&](const auto& rows) {
        for (const Offered& row : rows) policies.push_back(cpu_policy(row.policy, row.order));
    };
    if (is_reduced(kind))
        add(offered_to_vectors);
    else
        add(matrix_rows);
    if (kind != workload::Kind::Sum && kind != workload::Kind::Dot) policies.push_back(saturating_policy());
    return policies;
}

std::vector<Policy> unit_policies(std::string_view rows_of, std::string_view processor) {
    std::vector<Policy> policies = {cpu_policy("fp32", "")};
    for (const MmaSpec& spec : mma_specs()) {
        if (spec.processor != rows_of || !is_predictable(spec)) continue;
        Policy policy = unit_policy(spec, processor);
        const bool is_there =
            std::any_of(policies.begin(), policies.end(), [&](const Policy& p) { return p.name == policy.name; });
        if (!is_there) policies.push_back(std::move(policy));
    }
    return policies;
}

}  // namespace halfulp::plan
