#include <halfulp/gpu/ptx/operand_check.h>

#include <algorithm>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/execute/memory_access.h>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::ptx {
namespace {

InputError error(const std::string& message) { return InputError(message); }

/// Instructions whose result may be _ outside of vectors: ptxas takes it for no others.
bool may_discard(std::string_view base) {
    constexpr std::string_view bases[] = {"atom", "elect", "lop3", "match", "setp"};
    return std::find(std::begin(bases), std::end(bases), base) != std::end(bases);
}

std::string_view name_of(Space space) {
    switch (space) {
        case Space::Global: return "global";
        case Space::Shared: return "shared";
        case Space::Local: return "local";
        case Space::Constant: return "const";
        case Space::Parameter: return "param";
        case Space::Generic: return "global, .shared or .local";
    }
    __builtin_unreachable();
}

}  // namespace

Type OperandCheck::type_of(std::string_view name) const {
    if (name == "t") return x_.types.back();
    if (name.size() == 2 && name[0] == 't') return x_.types.at(static_cast<std::size_t>(name[1] - '0'));
    if (name == "w")
        return *find_type(std::string(x_.types.back().name.substr(0, 1)) + std::to_string(2 * x_.types.back().bits));
    return *find_type(name);
}

/// How many elements a vector must have; 0: it is none.
std::size_t OperandCheck::count_of(std::string_view count) const {
    if (count != "v") return count.empty() ? 0 : static_cast<std::size_t>(std::stoi(std::string(count)));
    return x_.has("v2") ? 2 : x_.has("v4") ? 4 : x_.has("v8") ? 8 : 0;
}

void OperandCheck::operand(const Wanted& wanted, const Operand& x) {
    if (wanted.type.starts_with('@')) return address(wanted, x);
    if (wanted.type == "L") {
        if (x.kind != Operand::Kind::Symbol) throw error("expected a label");
        return;
    }
    const Type type = type_of(wanted.type);
    const std::size_t count = count_of(wanted.count);
    if (x.kind == Operand::Kind::Pair) return pair(wanted, x, type);
    if (wanted.must_have_second) throw error("expected a result and a predicate, as in %r0|%p0");
    const bool is_vector = x.kind == Operand::Kind::Vector;
    if (count == 0 && !is_vector) {
        scalar(wanted, x, type, may_discard(x_.modifiers.front()));
        if (wanted.may_have_second) scalar(wanted, {}, *find_type("pred"), true);
        return;
    }
    if (!is_vector || x.elements.size() != count)
        throw error(fmt::format("expected {}, found {}",
                                count == 0 ? "one element" : fmt::format("{} elements in braces", count),
                                is_vector ? std::to_string(x.elements.size()) : "none"));
    elements(wanted, x, type);
}

void OperandCheck::pair(const Wanted& wanted, const Operand& x, const Type& type) {
    if (!wanted.may_have_second) throw error("expected one result, found two");
    scalar(wanted, x.elements[0], type, may_discard(x_.modifiers.front()));
    scalar(wanted, x.elements[1], *find_type("pred"), !wanted.must_have_second);
}

void OperandCheck::elements(const Wanted& wanted, const Operand& x, const Type& type) {
    if (std::all_of(x.elements.begin(), x.elements.end(),
                    [](const Operand& element) { return element.kind == Operand::Kind::Sink; }))
        throw error("expected a register among the results, found _ alone");
    for (const Operand& element : x.elements) scalar(wanted, element, type, true);
}

Space OperandCheck::space_of(const Operand& x) const {
    if (x.index != Operand::none) return function_.variables[x.index].space;
    const auto found = variables_.find(x.name);
    if (found == variables_.end())
        throw error(fmt::format("expected a variable that has a place here, found {}", shown(x.name)));
    return found->second;
}

/// In the space that the row names behind @, or that the instruction has among its modifiers.
void OperandCheck::address(const Wanted& wanted, const Operand& x) {
    if (x.kind != Operand::Kind::Address) throw error("expected an address in brackets");
    const Space space = wanted.type == "@shared"   ? Space::Shared
                        : wanted.type == "@global" ? Space::Global
                                                   : access_of(x_).space;
    const Operand& base = x.elements.front();
    if (base.kind == Operand::Kind::Register) {
        const Type& type = function_.registers[base.index].type;
        const bool may_be_narrow = space != Space::Global && space != Space::Generic;
        if (type.is_real() || (type.bits != 64 && (type.bits != 32 || !may_be_narrow)))
            throw error(fmt::format("expected an address in {}64 bits, found {} of .{}", may_be_narrow ? "32 or " : "",
                                    base.name, type.name));
    } else if (base.kind == Operand::Kind::Symbol) {
        address_of_variable(base, space);
    } else if (base.kind != Operand::Kind::Integer || space != Space::Local) {
        throw error("expected an address: a register, a variable, or a number in .local");
    }
    x_.arguments.push_back({x, *find_type("b64")});
}

void OperandCheck::address_of_variable(const Operand& x, Space space) const {
    const Space found = space_of(x);
    const bool is_generic = found == Space::Global || found == Space::Shared || found == Space::Local;
    if (space == Space::Generic ? !is_generic : found != space)
        throw error(fmt::format("expected a variable of .{}, found {} of .{}", name_of(space), x.name, name_of(found)));
    if (x_.modifiers.front() == "st" && found == Space::Parameter && x.index < function_.parameters.size())
        throw error(fmt::format("{}: a function does not write its parameters", x.name));
}

void OperandCheck::scalar(const Wanted& wanted, const Operand& x, const Type& type, bool may_be_discarded) {
    using enum Operand::Kind;
    if (x.negated && !wanted.may_be_negated) throw error("expected no !");
    if (wanted.is_written && x.kind != Register && (x.kind != Sink || !may_be_discarded))
        throw error("expected a register for the result");
    if (!wanted.is_written && x.kind == Sink) throw error("expected a value, found _");
    if (wanted.is_constant && x.kind != Integer) throw error("expected an integer constant");
    switch (x.kind) {
        case Register: registered(wanted, x, type); break;
        case Real: real(x, type); break;
        case Integer:
            if (type.is_real()) throw error(fmt::format("expected a .{} constant, such as 0f3F800000", type.name));
            if (!wanted.takes(x.bits)) throw error(fmt::format("expected {}, found {}", wanted.limits(), x.bits));
            break;
        case Special: special(x, type); break;
        case Symbol: symbol(x, type); break;
        case Sink: break;
        default: throw error(fmt::format("expected an operand of .{}", type.name));
    }
    x_.arguments.push_back({x, type, wanted.is_written});
}

/// ptxas takes them in mov, and in cvt between integers, of 32 bits.
void OperandCheck::special(const Operand& x, const Type& type) const {
    const std::string& base = x_.modifiers.front();
    const bool has_integers =
        std::all_of(x_.types.begin(), x_.types.end(), [](const Type& each) { return each.is_integer(); });
    if (base != "mov" && (base != "cvt" || !has_integers))
        throw error(fmt::format("expected a register that is declared, found {}, which mov reads", x.name));
    if (type.bits != 32 || type.is_real()) throw error(fmt::format("expected .{}, found {}", type.name, x.name));
}

void OperandCheck::symbol(const Operand& x, const Type& type) const {
    const std::string& base = x_.modifiers.front();
    if ((base != "mov" && base != "cvta") || type.is_real() || type.kind == Kind::Predicate)
        throw error(fmt::format("expected .{}, found {}", type.name, x.name));
    const Space space = space_of(x);
    if (base == "cvta") address_of_variable(x, access_of(x_).space);
    if (space == Space::Global && type.bits != 64)
        throw error(fmt::format("expected .b64 for the address of {}, found .{}", x.name, type.name));
}

/// PTX ISA, mma: fragments of real numbers in b32 are in registers of .b32 or .f16x2.
void OperandCheck::registered(const Wanted& wanted, const Operand& x, const Type& type) const {
    const Type& found = function_.registers[x.index].type;
    const bool wider = wanted.may_be_wider && found.bits > type.bits && found.kind != Kind::Predicate &&
                       type.kind != Kind::Predicate && !(found.is_real() && type.kind != Kind::Bits) &&
                       (!type.is_real() || found.kind == Kind::Bits);
    const bool is_fragment = x_.modifiers.front() == "mma" && x_.types.front().is_real() && type.kind == Kind::Bits;
    if ((!fits(found, type) && !wider) || (is_fragment && found.kind == Kind::Real))
        throw error(fmt::format("expected .{}, found {} of .{}", type.name, x.name, found.name));
}

void OperandCheck::real(const Operand& x, const Type& type) const {
    const bool fitting = type.kind == Kind::Real && (x.width == type.bits || x.width == 64) && type.bits >= 32;
    if (!fitting && !(type.kind == Kind::Bits && x.width == type.bits))
        throw error(fmt::format("expected .{}, found a floating-point constant", type.name));
}

}  // namespace halfulp::ptx
