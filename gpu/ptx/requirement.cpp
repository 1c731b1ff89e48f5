#include <halfulp/gpu/ptx/requirement.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/execute/memory_access.h>
#include <halfulp/gpu/ptx/opcode.hpp>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::ptx {
namespace {

/// A target by its number, and the versions, times ten, that first had it: as it is, with an a behind it, with an f.
struct TargetRow {
    int number, version, specific = 0, family = 0;
};

/// Targets with an a have what later ones may lack, those with an f what a family has.
constexpr TargetRow targets[] = {
    {50, 60},          {52, 60},          {53, 60},         {60, 60},          {61, 60},          {62, 60},
    {70, 60},          {72, 61},          {75, 63},         {80, 70},          {86, 71},          {87, 74},
    {88, 90},          {89, 78},          {90, 78, 80},     {100, 86, 86, 88}, {101, 86, 86, 88}, {103, 88, 88, 88},
    {110, 90, 90, 90}, {120, 87, 87, 88}, {121, 88, 88, 88}};

/// The last minor version of each major one; of 9 it is not known.
constexpr struct { int major, last; } versions[] = {{6, 65}, {7, 78}, {8, 88}, {9, 99}};

/// What a modifier needs, of this opcode or, if that is empty, of any.
struct Requirement {
    std::string_view base, word;
    int target, version;
};

constexpr Requirement requirements[] = {
    {"", "shared::cta", 50, 78},     {"bar", "cta", 50, 78},           {"barrier", "cta", 50, 78},
    {"cvta", "param", 50, 77},       {"isspacep", "param", 50, 77},    {"", "param::entry", 50, 83},
    {"", "param::func", 50, 83},     {"", "L1::evict_normal", 70, 74}, {"", "L1::evict_unchanged", 70, 74},
    {"", "L1::evict_first", 70, 74}, {"", "L1::evict_last", 70, 74},   {"", "L1::no_allocate", 70, 74},
    {"", "L2::64B", 75, 74},         {"", "L2::128B", 75, 74},         {"", "L2::256B", 80, 74},
};

constexpr std::size_t usual_access = 16;  // bytes; wider ones are of sm_100 and PTX 8.8

void check(const Code& code, int target, int version, std::string_view what) {
    if (code.target < target)
        throw InputError(fmt::format("{}needs .target sm_{} or higher, found sm_{}", what, target, code.target));
    if (code.version < version)
        throw InputError(fmt::format("{}needs .version {}.{} or higher, found {}.{}", what, version / 10, version % 10,
                                     code.version / 10, code.version % 10));
}

/// PTX ISA, ld and st: vectors of more than 16 bytes.
void check_width(const Code& code, const Instruction& x) {
    const Access access = access_of(x);
    const std::size_t bytes = std::size_t{access.bytes} * access.count;
    if (bytes <= usual_access && access.count < 8) return;
    const bool may_be_wide = access.space == Space::Global || access.space == Space::Generic;
    if (!may_be_wide || x.modifiers.front() == "ldu" || bytes != widest_access)
        throw InputError(fmt::format("expected at most {} bytes at once, or {} of global memory, found {}",
                                     usual_access, widest_access, bytes));
    check(code, 100, 88, fmt::format("an access of {} bytes ", bytes));
}

}  // namespace

int target_number(std::string_view target, int version) {
    int number = 0;
    const std::size_t digits = std::min(target.size(), target.find_first_of("0123456789"));
    const char* const end = target.data() + target.size();
    const std::string_view letters(std::from_chars(target.data() + digits, end, number).ptr, end);
    const TargetRow* const row = std::find_if(std::begin(targets), std::end(targets),
                                              [&](const TargetRow& each) { return each.number == number; });
    const bool is_known = target.starts_with("sm_") && digits == 3 && row != std::end(targets);
    const int first = !is_known         ? 0
                      : letters.empty() ? row->version
                      : letters == "a"  ? row->specific
                      : letters == "f"  ? row->family
                                        : 0;
    if (first == 0) throw InputError("expected a target of PTX from sm_50 to sm_121, found " + shown(target));
    if (version < first)
        throw InputError(fmt::format("{} needs .version {}.{} or higher, found {}.{}", target, first / 10, first % 10,
                                     version / 10, version % 10));
    return number;
}

void check_version(int version) {
    for (const auto& [major, last] : versions)
        if (version / 10 == major && version <= last) return;
    throw InputError(
        fmt::format("expected a version of PTX, 6.0 to 6.5, 7.0 to 7.8, 8.0 to 8.8 or from 9.0 on, found {}.{}",
                    version / 10, version % 10));
}

void check_requirements(const Code& code, const Instruction& x) {
    check(code, x.opcode->target, x.opcode->version, "");
    for (const Requirement& row : requirements)
        for (const std::string& word : x.modifiers)
            if (word == row.word && (row.base.empty() || x.modifiers.front() == row.base))
                check(code, row.target, row.version, fmt::format(".{} ", word));
    check_width(code, x);
}

}  // namespace halfulp::ptx
