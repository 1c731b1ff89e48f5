#include <halfulp/lib/diagnose/row_changes.hpp>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/softfloat/nan.hpp>

namespace halfulp {
namespace {

class ChangeList {
  public:
    const std::vector<RowChange>& all() const { return all_; }

  protected:
    explicit ChangeList(const MmaSpec& row) : row_(row) {}

    template <class Apply>
    void change(const std::string& field, const std::string& text, const Apply& apply, const std::string& moot = {}) {
        MmaSpec changed = row_;
        apply(changed);
        if (changed != row_) all_.push_back({field, text, changed, moot});
    }

    /// A field that has no change, and why.
    void nothing(const std::string& field, const std::string& why) { all_.push_back({field, "-", row_, why}); }

    template <class T>
    using Named = std::pair<const char*, T>;

    /// Each of the values, but for the row's own. `moot` says of a value why no result can tell, if so.
    template <class T, class Moot>
    void values(const std::string& field, T MmaSpec::*member, std::initializer_list<Named<T>> all, const Moot& moot) {
        for (const auto& [text, value] : all)
            change(
                field, text, [&, &v = value](MmaSpec& s) { s.*member = v; }, moot(value));
    }
    template <class T>
    void values(const std::string& field, T MmaSpec::*member, std::initializer_list<Named<T>> all) {
        values(field, member, all, [](const T&) { return ""; });
    }

    bool is_integer() const { return row_.a.integer.has_value(); }
    bool wraps() const { return is_integer() && !row_.saturates; }
    std::string only_grows() const {
        const auto is_unsigned = [](const Element& e) { return e.integer && !e.integer->is_signed; };
        return is_unsigned(row_.a) && is_unsigned(row_.b) ? "a sum that only grows saturates once" : "";
    }
    bool aligns() const { return row_.family == Family::AlignedSum || row_.family == Family::ScaledGroups; }
    bool floors() const { return row_.family == Family::FlooredSum || row_.family == Family::FlooredHalves; }

    /// Does the NaN of an operand show in the result?
    bool propagates(NanPolicy nan) const {
        return (nan == NanPolicy::X86Sse || nan == NanPolicy::Arm) && (row_.c_last || !(aligns() || floors()));
    }

    const MmaSpec& row_;

  private:
    std::vector<RowChange> all_;
};

class RowChanges : public ChangeList {
  public:
    RowChanges(const MmaSpec& row, int k) : ChangeList(row), k_(k) {
        for (const char* field : {"processor", "instruction", "evidence"}) nothing(field, "computes nothing");
        nothing("km_floor", "an option for exponent_floor, tried there");
        group();
        order();
        if (is_integer())
            integers();
        else
            numbers();
    }

  private:
    void group() {
        const std::string any = wraps() ? "what wraps has no blocks" : only_grows();
        const int block = std::min(row_.group, k_);
        if (block == 1)
            nothing("group", "half a product is none");
        else
            change(
                "group", "/ 2", [=](MmaSpec& s) { s.group = block / 2; }, any);
        if (row_.order == KOrder::AlternatePairs)
            alternating_blocks(any);
        else if (block == k_)
            nothing("group", "no instruction is longer than a block");
        else
            change(
                "group", "* 2", [](MmaSpec& s) { s.group *= 2; }, any);
    }

    /// An instruction that is two blocks of alternate pairs has none that are longer, but for one of all that it takes.
    void alternating_blocks(const std::string& any) {
        change(
            "group", "* 2", [](MmaSpec& s) { s.group *= 2; },
            step_of(row_) >= k_ ? "no instruction is longer than two blocks" : any);
        change(
            "group", "all", [this](MmaSpec& s) { s.group = k_, s.order = KOrder::Ascending; }, any);
    }

    void order() {
        const std::string any = wraps() ? "what wraps has no order" : only_grows();
        const bool in_pairs = row_.order != KOrder::AlternatePairs && row_.group % 2 == 0 && !propagates(row_.nan);
        values("order", &MmaSpec::order, {{"ascending", KOrder::Ascending}, {"odd first", KOrder::OddFirst}},
               [&](KOrder) { return in_pairs ? "nothing depends on the order within a pair" : any; });
        if (row_.group == 1) return nothing("order", "a block has no pairs to alternate");
        change(
            "order", "pairs alternate", [](MmaSpec& s) { s.order = KOrder::AlternatePairs; },
            row_.group == 2 && !row_.c_last ? "a block is a pair" : any);
    }

    void integers() {
        const auto other_sign = [](Element& e) { e = IntegerType{e.integer->width, !e.integer->is_signed}; };
        change("a", "the other sign", [&](MmaSpec& s) { other_sign(s.a); });
        change("b", "the other sign", [&](MmaSpec& s) { other_sign(s.b); });
        change(
            "accumulator", "the other sign", [&](MmaSpec& s) { other_sign(s.accumulator); },
            wraps() ? "what wraps has the same bits" : "");
        values("saturates", &MmaSpec::saturates, {{"yes", true}, {"no", false}});
        for (const char* field : {"c_last", "family", "kept", "fraction_bits", "exponent_floor", "rounding",
                                  "multiplied", "subnormals", "nan", "zero_sign", "scaling"})
            nothing(field, "of floating-point numbers");
    }

    void numbers() {
        formats();
        alignment();
        multiplied();
        family();
        values("rounding", &MmaSpec::rounding,
               {{"NearestEven", Rounding::NearestEven},
                {"NearestAway", Rounding::NearestAway},
                {"TowardZero", Rounding::TowardZero},
                {"Down", Rounding::Down},
                {"Up", Rounding::Up},
                {"AwayFromZero", Rounding::AwayFromZero},
                {"ToOdd", Rounding::ToOdd}});
        values("c_last", &MmaSpec::c_last, {{"yes", true}, {"no", false}});
        special_values();
        if (row_.scaling)
            change("scaling", "the other format",
                   [](MmaSpec& s) { s.scaling->format = s.scaling->format == e8m0 ? ue4m3 : e8m0; });
        else
            nothing("scaling", "it takes no scales");
        nothing("saturates", "of integers");
    }

    /// The same width, with a bit moved between exponent and fraction where either leaves two; a longer exponent than
    /// binary64's is none that the sums hold.
    template <class Apply>
    void reshape(const char* field, const Format& f, const Apply& apply) {
        const int exponent_bits = f.width - f.precision;
        if (f.precision <= 2 && exponent_bits <= 2) nothing(field, "no bit to move");
        if (f.precision > 2 && exponent_bits < binary64.width - binary64.precision)
            change(field, "an exponent bit more", [&](MmaSpec& s) { apply(s, ieee(f.width, f.precision - 1)); });
        if (exponent_bits > 2)
            change(field, "an exponent bit fewer", [&](MmaSpec& s) { apply(s, ieee(f.width, f.precision + 1)); });
    }

    void formats() {
        reshape("a", row_.a.format, [](MmaSpec& s, const Format& f) { s.a = f; });
        reshape("b", row_.b.format, [](MmaSpec& s, const Format& f) { s.b = f; });
        reshape("accumulator", row_.accumulator.format, [](MmaSpec& s, const Format& f) {
            if (s.kept == s.accumulator.format) s.kept = f;
            s.accumulator = f;
        });
        change(
            "kept", "a bit less", [](MmaSpec& s) { s.kept = ieee(s.kept.width - 1, s.kept.precision - 1); },
            aligns() || floors() ? "" : "the family keeps all bits");
        if (row_.kept != row_.accumulator.format)
            change("kept", "a bit more", [](MmaSpec& s) { s.kept = ieee(s.kept.width + 1, s.kept.precision + 1); });
    }

    void alignment() {
        if (row_.fraction_bits == every_bit) nothing("fraction_bits", "nothing is cut off");
        for (const int more : {-1, 1})
            if (row_.fraction_bits != every_bit)
                change("fraction_bits", more < 0 ? "- 1" : "+ 1", [&](MmaSpec& s) { s.fraction_bits += more; });
        int least = row_.a.format.emin() + row_.b.format.emin();
        if (row_.multiplied) least = 2 * row_.multiplied->emin();
        if (row_.scaling) least += 2 * row_.scaling->format.emin();
        const auto floor = [&](const std::string& text, int other) {
            const int higher = std::max(row_.exponent_floor, other);
            change(
                "exponent_floor", text, [=](MmaSpec& s) { s.exponent_floor = other; },
                !aligns()                                   ? "the family has none"
                : least >= higher                           ? "no product is as small"
                : higher - row_.fraction_bits <= last_bit() ? "no bit is as small as it cuts off"
                                                            : "");
        };
        floor("- 1", row_.exponent_floor - 1);
        floor("+ 1", row_.exponent_floor + 1);
        if (row_.km_floor) floor("KM's", *row_.km_floor);
    }

    void multiplied() {
        const auto have_emin_of = [&](const Format& f) {
            return row_.a.format.emin() == f.emin() && row_.b.format.emin() == f.emin();
        };
        const auto uncut = [&](const std::optional<Format>& other) {
            return cut_nothing_beside(other) ? "aligned by a subnormal number nothing is cut off" : "";
        };
        if (row_.multiplied)
            change(
                "multiplied", "none", [](MmaSpec& s) { s.multiplied.reset(); },
                have_emin_of(*row_.multiplied) ? "the same exponents" : uncut({}));
        const bool exact =
            row_.family == Family::ExactSum && row_.subnormals == Subnormals::Kept && row_.a.width() < 32;
        change(
            "multiplied", "fp32", [](MmaSpec& s) { s.multiplied = binary32; },
            !row_.multiplied && (exact || have_emin_of(binary32)) ? "the same products" : uncut(binary32));
    }

    static int last_bit_of(const Format& f) { return f.emin() - f.fraction_bits(); }
    /// No product, nor c where it is aligned with them, has a bit below that exponent.
    int last_bit() const {
        int last = last_bit_of(row_.a.format) + last_bit_of(row_.b.format);
        if (row_.scaling) last += 2 * last_bit_of(row_.scaling->format);
        return row_.c_last ? last : std::min(last, last_bit_of(row_.accumulator.format));
    }
    /// Multiplied in another format, numbers that are subnormal in either are aligned otherwise. Is no bit cut off beside the
    /// largest product of such a number?
    bool cut_nothing_beside(const std::optional<Format>& other) const {
        if (!aligns() || row_.scaling) return false;
        const auto cuts = [&](const Format& x, const Format& y) {
            const auto emin = [&](const std::optional<Format>& multiplied) { return multiplied.value_or(x).emin(); };
            const int higher = std::max(emin(row_.multiplied), emin(other));
            return last_bit_of(x) < higher && higher + y.emax() - row_.fraction_bits > last_bit();
        };
        return !cuts(row_.a.format, row_.b.format) && !cuts(row_.b.format, row_.a.format);
    }

    /// Families that cut bits off keep 25 below the largest exponent where the row keeps all.
    void family() {
        for (const auto& [text, other] : {Named<Family>{"aligned", Family::AlignedSum},
                                          {"exact", Family::ExactSum},
                                          {"tree", Family::RoundedTree},
                                          {"two chains", Family::TwoChains},
                                          {"floored", Family::FlooredSum},
                                          {"floored halves", Family::FlooredHalves}})
            if (other != row_.family)
                change("family", text, [&, o = other](MmaSpec& s) {
                    s.family = o;
                    s.fraction_bits = std::min(s.fraction_bits, 25);
                });
    }

    void special_values() {
        values("subnormals", &MmaSpec::subnormals,
               {{"kept", Subnormals::Kept},
                {"flushed", Subnormals::Flushed},
                {"flushed to +0", Subnormals::FlushedPositive}});
        values(
            "zero_sign", &MmaSpec::zero_sign,
            {{"MMA-Sim's", ZeroSign::MmaSim}, {"+0", ZeroSign::PositiveZero}, {"+0 if exact", ZeroSign::PositiveSum}},
            [&](ZeroSign) {
                const bool underflows = last_bit() < last_bit_of(row_.accumulator.format);
                return aligns() && row_.c_last && !underflows ? "a sum from +0 on is no -0" : "";
            });
        const auto same_nan = [&](NanPolicy other) {
            const Format& out = row_.accumulator.format;
            const bool same = default_nan(out, other) == default_nan(out, row_.nan);
            return same && !propagates(row_.nan) && !propagates(other) ? "the same NaN" : "";
        };
        values("nan", &MmaSpec::nan,
               {{"ieee_default", NanPolicy::IeeeDefault},
                {"x86_sse", NanPolicy::X86Sse},
                {"arm", NanPolicy::Arm},
                {"arm_default_nan", NanPolicy::ArmDefaultNan},
                {"riscv", NanPolicy::Riscv},
                {"cuda", NanPolicy::Cuda}},
               same_nan);
    }

    int k_;
};

}  // namespace

// A member of MmaSpec more, and this does not compile: it wants changes above.
std::size_t row_field_count(const MmaSpec& row) {
    const auto& [processor, instruction, a, b, accumulator, family, group, rounding, evidence, kept, fraction_bits,
                 exponent_floor, km_floor, multiplied, order, c_last, subnormals, nan, zero_sign, scaling, saturates] =
        row;
    static_cast<void>(processor);
    return 21;
}

std::vector<RowChange> changes_of(const MmaSpec& row, int k) { return RowChanges(row, k).all(); }

}  // namespace halfulp
