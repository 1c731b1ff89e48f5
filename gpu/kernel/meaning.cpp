#include <halfulp/gpu/kernel/meaning.hpp>

#include <fmt/format.h>

namespace halfulp::gpu {
namespace {

std::string pair_of(const Element& term, const Element& sum) {
    return term == sum ? halfulp::name_of(term)
                       : fmt::format("{} in {}", halfulp::name_of(term), halfulp::name_of(sum));
}

std::string_view name_of(Grouping grouping) {
    switch (grouping) {
        case Grouping::Lanes: return "in lanes";
        case Grouping::Blocks: return "in blocks";
        case Grouping::Halves: return "in halves";
        case Grouping::MatrixUnit: return "by the matrix unit";
    }
    __builtin_unreachable();
}

std::string_view name_of(Accumulation accumulation) {
    switch (accumulation) {
        case Accumulation::Plain: return "";
        case Accumulation::Kahan: return "Kahan's ";
        case Accumulation::TwoSum: return "two-sum's ";
    }
    __builtin_unreachable();
}

/// m16n8k16 of mma.sync.aligned.m16n8k16.row.col...
std::string_view shape_of(std::string_view instruction) {
    const std::size_t start = instruction.find(".m") + 1;
    return instruction.substr(start, instruction.find('.', start) - start);
}

struct Words {
    std::string operator()(const Conversion& c) const {
        return fmt::format("{} to {}, {}{}{}", short_name(c.from), short_name(c.to), halfulp::name_of(c.rounding),
                           c.overflow == Overflow::Saturate ? ", saturating" : "", c.relu ? ", relu" : "");
    }
    std::string operator()(const UpperHalf&) const { return "bf16 to fp32, bits as they are"; }
    std::string operator()(const AnyConversion& c) const {
        return fmt::format("fp32 to {}, any rounding, by the emulator", short_name(c.to));
    }
    std::string operator()(const Arithmetic& a) const {
        return fmt::format("{} in {}", halfulp::name_of(a.operation), short_name(a.format));
    }
    std::string operator()(const RunningSum& s) const {
        return fmt::format("all partial sums in {}, one after another", short_name(s.format));
    }
    std::string operator()(const OrderedSum& s) const {
        const bool plain = s.accumulation == Accumulation::Plain;
        return fmt::format("{}sum in {}, {}", name_of(s.accumulation), short_name(s.format),
                           plain ? name_of(s.grouping) : "one after another");
    }
    std::string operator()(const LaneSum& s) const {
        return fmt::format("sums of rows, {}, {} lanes {}", pair_of(s.term, s.sum), s.lanes,
                           s.tree == Tree::Halves ? "in halves" : "folded");
    }
    std::string operator()(const LaneDot& d) const {
        return fmt::format("dot products of rows, {}, {} lanes", pair_of(d.term, d.sum), d.lanes);
    }
    std::string operator()(const MatrixVector& v) const {
        return fmt::format("matrix times vector, {}, {} lanes", pair_of(v.term, v.sum), v.lanes);
    }
    std::string operator()(const MatrixProduct& p) const {
        const std::string_view by = p.instruction.empty() ? "fma" : shape_of(p.instruction);
        return fmt::format("D = A B, {}, by {}", pair_of(p.term, p.sum), by);
    }
    std::string operator()(const RequantisedProduct& p) const {
        return fmt::format("D = A B, s8 in s32, requantised to s8, by {}", shape_of(p.instruction));
    }
    std::string operator()(const OneInstruction& i) const { return std::string(i.name); }
    std::string operator()(const OperationChain& c) const {
        const std::string_view by = c.instruction.empty() ? "fma in fp32" : c.instruction;
        return fmt::format("{} operations for each of k, one on the other: {}", c.each, by);
    }
    std::string operator()(const Copy&) const { return "y = x"; }
    std::string operator()(const BlockedSum& s) const {
        return fmt::format("all partial sums, {}, by {}", pair_of(s.term, s.sum), shape_of(s.instruction));
    }
    std::string operator()(const Elimination& e) const {
        return fmt::format("elimination of 2 x 2 in {}", short_name(e.format));
    }
    std::string operator()(const Quantisation& q) const {
        return fmt::format("fp32 quantised to {}, {}", halfulp::name_of(q.code), halfulp::name_of(q.rounding));
    }
    std::string operator()(const Dequantisation& d) const {
        return fmt::format("{} back to fp32", halfulp::name_of(d.code));
    }
    std::string operator()(const FakeQuantisation& f) const {
        return fmt::format("fp32 quantised to s8 and back, by {}", f.reciprocal ? "the reciprocal" : "division");
    }
    std::string operator()(const LossScaling& s) const {
        return fmt::format("fp32 times a factor, stored in {}", short_name(s.stored));
    }
    std::string operator()(const LossUnscaling& s) const {
        return fmt::format("{} times the inverse factor in fp32, and whether all are finite", short_name(s.stored));
    }
};

}  // namespace

std::string describe(const Meaning& meaning) { return std::visit(Words{}, meaning); }

}  // namespace halfulp::gpu
