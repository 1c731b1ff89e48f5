#pragma once

#include <halfulp/lib/matrix_unit/table.hpp>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "support/row_instructions.hpp"

// A row of the table with one field changed, again and again. mma_changes.hpp has the changes.

namespace halfulp::test {

struct Change {
    std::string field, change;
    MmaSpec row;       ///< changed
    std::string moot;  ///< why no result can tell, if none can
};

class ChangeList {
  public:
    const std::vector<Change>& all() const { return all_; }

  protected:
    /// Pre: a row of mma_specs().
    explicit ChangeList(const MmaSpec& row) : row_(row), longest_k_(longest_k(row)) {}

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
    /// Is an instruction's k a single block?
    bool is_whole() const { return static_cast<std::size_t>(row_.group) >= longest_k_; }
    bool aligns() const { return row_.family == Family::AlignedSum || row_.family == Family::ScaledGroups; }
    bool floors() const { return row_.family == Family::FlooredSum || row_.family == Family::FlooredHalves; }

    /// Does the NaN of an operand show in the result?
    bool propagates(NanPolicy nan) const {
        return (nan == NanPolicy::X86Sse || nan == NanPolicy::Arm) && (row_.c_last || !(aligns() || floors()));
    }

    const MmaSpec& row_;
    std::size_t longest_k_;

  private:
    std::vector<Change> all_;
};

}  // namespace halfulp::test
