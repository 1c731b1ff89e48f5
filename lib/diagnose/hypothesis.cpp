#include <halfulp/lib/diagnose/hypothesis.hpp>

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/disputed.hpp>
#include <halfulp/softfloat/classify.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// Does D have integers that are not the sums of products?
bool is_requantised(const GemmQuestion& q) { return q.output.integer && q.output.integer->width <= 8; }

/// One thing that may be otherwise. apply() returns false where it makes no sense or changes nothing.
struct Change {
    std::string unit;  ///< what the unit has otherwise; empty if the plan says it all
    std::function<bool(Hypothesis&, const GemmQuestion&)> apply;
};

/// Integers modulo 2^32, whose sums have no order.
bool wraps(const Unit& unit) {
    const auto* spec = std::get_if<MmaSpec>(&unit);
    return spec != nullptr && spec->family == Family::Integers && !spec->saturates;
}

/// Of plain sums only the chains are varied: lanes and the like are variants of their own.
Change of_plan(std::function<bool(GemmPlan&, const GemmQuestion&)> apply) {
    return {"", [apply = std::move(apply)](Hypothesis& h, const GemmQuestion& question) {
                const auto* sum = std::get_if<PlainSum>(&h.unit);
                return (sum == nullptr || sum->is_chain()) && !wraps(h.unit) && apply(h.plan, question);
            }};
}

/// Of the matrix units those are varied that align products: the others follow manuals.
Change of_aligned(std::string name, std::function<bool(MmaSpec&)> apply) {
    return {std::move(name), [apply = std::move(apply)](Hypothesis& h, const GemmQuestion&) {
                auto* spec = std::get_if<MmaSpec>(&h.unit);
                const bool aligns =
                    spec != nullptr && (spec->family == Family::AlignedSum || spec->family == Family::ScaledGroups);
                return aligns && apply(*spec);
            }};
}

/// Of those, the ones whose products are terms of their own.
Change of_products(std::string name, std::function<bool(MmaSpec&)> apply) {
    return of_aligned(std::move(name), [apply = std::move(apply)](MmaSpec& spec) {
        return spec.family == Family::AlignedSum && apply(spec);
    });
}

Change split(std::size_t slices, TileOrder order, Merge merge) {
    return of_plan([=](GemmPlan& plan, const GemmQuestion&) {
        plan.split_k = slices, plan.order = order, plan.merge = merge;
        return true;
    });
}

/// Of chains these are the sums in lanes.
Change interleaved(std::size_t slices, Merge merge) {
    const Change any = split(slices, TileOrder::Interleaved, merge);
    return {"", [any](Hypothesis& h, const GemmQuestion& q) {
                return std::holds_alternative<MmaSpec>(h.unit) && any.apply(h, q);
            }};
}

Change split_in_the_format_of_d(std::size_t slices) {
    return of_plan([=](GemmPlan& plan, const GemmQuestion& q) {
        plan.split_k = slices, plan.accumulator = q.output.format;
        return !q.output.integer && q.output != binary32;
    });
}

/// DeepGEMM promotes fp8 so every 128 elements; the kernels of CPU libraries take panels of K of such lengths.
Change panels(std::size_t length) {
    return of_plan([=](GemmPlan& plan, const GemmQuestion& q) {
        const std::size_t k = q.operands.k;
        plan.tile_k = length, plan.split_k = ceiling_of_ratio(k, length);
        const bool is_split = k % length == 0 && (plan.split_k == 2 || plan.split_k == 4 || plan.split_k == 8);
        return k > length && !is_split;
    });
}

Change blocks(int length) {
    return of_products(fmt::format("blocks of {}", length),
                       [=](MmaSpec& spec) { return std::exchange(spec.group, length) != length; });
}

Change alignment(const char* name, int more) {
    return of_aligned(name, [=](MmaSpec& spec) {
        spec.fraction_bits += more;
        return true;
    });
}

bool accumulates_in_fp16(MmaSpec& spec) {
    if (spec.accumulator != binary32) return false;
    spec.accumulator = spec.kept = binary16;
    spec.rounding = Rounding::NearestEven;
    return true;
}

Change operands_rounded(Rounding rounding) {
    return {"", [=](Hypothesis& h, const GemmQuestion& q) {
                const auto* spec = std::get_if<MmaSpec>(&h.unit);
                h.plan.operands = rounding;
                return spec != nullptr && (spec->a != q.operands.a || spec->b != q.operands.b);
            }};
}

/// Other ways to make integers of scaled sums: gemmlowp's, conversion in C, floor.
Change requantised(Rounding rounding) {
    return {"", [=](Hypothesis& h, const GemmQuestion& q) {
                h.plan.requantised = rounding;
                return is_requantised(q);
            }};
}

/// Where publications differ: the answer that the table has not. The sign of zero shows in zeros alone.
Change answered_otherwise(const DisputedPoint& point) {
    const bool of_zero = point.otherwise.zero_sign != MmaOptions{}.zero_sign;
    return {std::string(point.answer), [=](Hypothesis& h, const GemmQuestion& q) {
                auto* spec = std::get_if<MmaSpec>(&h.unit);
                if (spec == nullptr || (of_zero && !q.has_zero)) return false;
                const auto other = halfulp::answered_otherwise(*spec, point);
                if (other) *spec = *other;
                return other.has_value();
            }};
}

/// What kernels do, and units may.
std::vector<Change> usual_changes() {
    std::vector<Change> all;
    std::transform(disputed_points.begin(), disputed_points.end(), std::back_inserter(all),
                   [](const DisputedPoint& point) { return answered_otherwise(point); });
    for (const std::size_t slices : {2U, 4U, 8U}) all.push_back(split(slices, TileOrder::Ascending, Merge::Forward));
    for (const std::size_t slices : {4U, 8U}) all.push_back(split(slices, TileOrder::Ascending, Merge::Halves));
    for (const std::size_t slices : {2U, 4U, 8U}) all.push_back(interleaved(slices, Merge::Forward));
    for (const std::size_t slices : {4U, 8U}) all.push_back(interleaved(slices, Merge::Halves));
    for (const std::size_t slices : {2U, 4U, 8U}) all.push_back(split_in_the_format_of_d(slices));
    for (const std::size_t length : {128U, 256U, 384U}) all.push_back(panels(length));
    all.push_back(of_plan([](GemmPlan& plan, const GemmQuestion&) {
        plan.order = TileOrder::Descending;
        return true;
    }));
    all.push_back(operands_rounded(Rounding::NearestAway));  // cvt.rna.tf32
    all.push_back(operands_rounded(Rounding::NearestEven));
    for (const Rounding rounding : {Rounding::NearestAway, Rounding::TowardZero, Rounding::Down})
        all.push_back(requantised(rounding));
    return all;
}

/// What only faults, or units that are not in the table, do.
std::vector<Change> unusual_changes() {
    return {
        of_plan([](GemmPlan& plan, const GemmQuestion& q) {
            plan.env.flush_inputs = true, plan.env.flush_outputs = Flush::AfterRounding;
            return q.may_flush;
        }),
        of_aligned(
            "rounded to nearest even instead of towards zero",
            [](MmaSpec& spec) { return std::exchange(spec.rounding, Rounding::NearestEven) == Rounding::TowardZero; }),
        of_products("accumulated in fp16", accumulates_in_fp16),
        of_products("C added after the products", [](MmaSpec& spec) { return !std::exchange(spec.c_last, true); }),
        blocks(4),
        blocks(8),
        blocks(16),
        blocks(32),
        alignment("one alignment bit more", 1),
        alignment("one alignment bit less", -1),
        {"",
         [](Hypothesis& h, const GemmQuestion&) {
             const auto* sum = std::get_if<PlainSum>(&h.unit);
             h.plan.env.rounding = Rounding::TowardZero;
             return sum != nullptr && sum->is_chain();
         }},
    };
}

/// With C in the accumulator and, if there is a C, with it in the epilogue.
void add_with_c(std::vector<Hypothesis>& all, const Hypothesis& h, const GemmQuestion& q) {
    all.push_back(h);
    if (!q.has_c || h.plan.c == CPlace::Epilogue || wraps(h.unit) || (is_requantised(q) && q.integers_start)) return;
    all.push_back(h);
    all.back().plan.c = CPlace::Epilogue;
}

bool accumulator_is_fp16(const Unit& unit) {
    const auto* spec = std::get_if<MmaSpec>(&unit);
    return spec != nullptr && spec->accumulator == binary16;
}

void add_changed(std::vector<Hypothesis>& all, const std::vector<NamedUnit>& units, const std::vector<Change>& changes,
                 Usage usage, const GemmQuestion& q) {
    for (const Change& change : changes)
        for (const NamedUnit& unit : units) {
            Hypothesis h = as_asked(unit, q);
            if (!change.apply(h, q)) continue;
            h.change = change.unit;
            h.usage = usage;
            add_with_c(all, h, q);
        }
}

/// The unit as it is: its NaNs, and where an instruction is named that takes no whole blocks, its K.
GemmPlan plain_plan(const NamedUnit& unit) {
    GemmPlan plan;
    if (const auto* spec = std::get_if<MmaSpec>(&unit.unit)) plan.env.nan = spec->nan;
    if (unit.k % step_of(unit.unit) != 0) plan.tile_k = unit.k;
    return plan;
}

}  // namespace

std::string text_of(const Hypothesis& h) {
    std::string text = h.name;
    for (const std::string& part : {h.change, text_of(h.plan)}) text.append(part.empty() ? "" : ", ").append(part);
    return text;
}

GemmQuestion question_of(const Gemm& gemm, const Matrix& d, double alpha, double beta, std::int32_t zero_point) {
    const bool has_c = gemm.c && beta != 0;
    const auto tiny = [](const Matrix& m, bool zero_too) {
        const Format& f = m.element.format;
        return !m.element.integer && std::any_of(m.codes.begin(), m.codes.end(), [&](std::uint64_t code) {
            return is_subnormal(f, code) || (zero_too && (code & f.magnitude_mask()) == 0);
        });
    };
    const bool may_flush =
        tiny(gemm.a, false) || tiny(gemm.b, false) || tiny(d, true) || (has_c && tiny(*gemm.c, false));
    const bool integers_start = has_c && gemm.c->element.integer && beta == 1;
    GemmQuestion q{operands_of(gemm), d.element, has_c, alpha, beta, zero_point, integers_start, may_flush};
    if (d.element.integer) return q;
    for (const std::uint64_t code : d.codes) {
        q.has_zero = q.has_zero || (code & d.element.format.magnitude_mask()) == 0;
        q.is_fp16 = q.is_fp16 && !convert(binary16, d.element.format, code).status.inexact;
    }
    return q;
}

Hypothesis as_asked(const NamedUnit& unit, const GemmQuestion& q) {
    const bool scaled = q.alpha != 1 || q.beta != 1, requantised = is_requantised(q);
    const bool no_c = !q.has_c && q.beta != 0, starts = no_c || (requantised ? q.integers_start : !scaled);
    GemmPlan plan = plain_plan(unit);
    plan.c = starts ? CPlace::Start : CPlace::Epilogue;
    plan.alpha = q.alpha;
    plan.beta = q.beta;
    plan.output = q.output;
    if (requantised) plan.zero_point = q.zero_point;
    const auto* spec = std::get_if<MmaSpec>(&unit.unit);
    if ((scaled || requantised) && spec != nullptr && spec->accumulator.integer) plan.accumulator = binary32;
    return {unit.name, "", unit.unit, plan};
}

std::vector<Hypothesis> asked_by_name(std::string_view name, const GemmQuestion& q) {
    std::vector<Hypothesis> asked;
    for (const NamedUnit& unit : find_units(name))
        if (takes(unit.unit, q.operands)) asked.push_back(as_asked(unit, q));
    const auto unfit = [&](const Hypothesis& h) { return !q.is_fp16 && accumulator_is_fp16(h.unit); };
    if (!std::all_of(asked.begin(), asked.end(), unfit)) std::erase_if(asked, unfit);
    if (!asked.empty()) return asked;
    throw InputError(fmt::format("expected a unit that takes {}, found {}", text_of(q.operands), shown(name)));
}

Hypothesis asked_alone(std::string_view name, const Gemm& gemm, const std::optional<GemmPlan>& plan) {
    check_shapes(gemm);
    const OperandKinds operands = operands_of(gemm);
    std::vector<NamedUnit> units = find_units(name);
    std::erase_if(units, [&](const NamedUnit& unit) { return !takes(unit.unit, operands); });
    if (units.empty())
        throw InputError(fmt::format("expected a unit that takes {}, found {}", text_of(operands), shown(name)));
    if (units.size() > 1)
        throw InputError(fmt::format("expected one unit that takes these formats, found {} by {}: {}; {}", units.size(),
                                     shown(name), units[0].name, units[1].name));
    const Hypothesis alone{units[0].name, {}, units[0].unit, plan ? *plan : plain_plan(units[0])};
    check(alone.unit, alone.plan, gemm);
    return alone;
}

std::vector<Hypothesis> hypotheses(const GemmQuestion& q, const std::vector<Hypothesis>& asked) {
    std::vector<NamedUnit> units = all_units();
    for (std::size_t i = asked.size(); i-- > 0;) {
        const auto row = row_of(asked[i].unit);
        if (!row) continue;
        std::erase_if(units, [&](const NamedUnit& unit) { return compute_alike(unit.unit, row->unit); });
        units.insert(units.begin(), *row);
    }
    std::erase_if(units, [&](const NamedUnit& unit) { return !takes(unit.unit, q.operands); });
    if (units.empty())
        throw InputError(fmt::format("expected operands that a unit takes, found {}", text_of(q.operands)));
    std::vector<Hypothesis> all;
    for (const NamedUnit& unit : units) add_with_c(all, as_asked(unit, q), q);
    add_changed(all, units, usual_changes(), Usage::Usual, q);
    add_changed(all, units, unusual_changes(), Usage::Unusual, q);
    std::erase_if(all, [&](const Hypothesis& h) { return !fills_slices(h.unit, h.plan, q.operands.k); });
    return all;
}

}  // namespace halfulp
