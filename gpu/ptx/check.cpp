#include <halfulp/gpu/ptx/check.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/call_graph.hpp>
#include <halfulp/gpu/ptx/execute/control.hpp>
#include <halfulp/gpu/ptx/opcode.hpp>
#include <halfulp/gpu/ptx/unsupported.hpp>

namespace halfulp::ptx {
namespace {

/// One word of Opcode::operands.
struct Wanted {
    bool is_written = false, may_be_wider = false, is_constant = false, may_be_negated = false, is_optional = false;
    bool has_second = false;       ///< |pred?
    std::string_view type = {};    ///< as the row spells it
    std::string_view count = {};   ///< behind *
    std::string_view values = {};  ///< behind #, by |: a constant of u32 that is one of these
};

/// Words by |.
bool is_one_of(std::string_view words, std::string_view word) {
    for (std::size_t start = 0, end = 0; start <= words.size(); start = end + 1) {
        end = std::min(words.find('|', start), words.size());
        if (words.substr(start, end - start) == word) return true;
    }
    return false;
}

Wanted parse_wanted(std::string_view word) {
    Wanted w;
    for (; word.find_first_of("=~#!") == 0; word.remove_prefix(1)) {
        w.is_written = w.is_written || word.front() == '=';
        w.may_be_wider = w.may_be_wider || word.front() == '~';
        w.is_constant = w.is_constant || word.front() == '#';
        w.may_be_negated = w.may_be_negated || word.front() == '!';
    }
    w.has_second = word.ends_with("|pred?");
    if (w.has_second) word.remove_suffix(6);
    w.is_optional = word.ends_with('?');
    if (w.is_optional) word.remove_suffix(1);
    if (w.is_constant && !word.empty() && word.front() >= '0' && word.front() <= '9') {
        w.values = word;
        word = "u32";
    }
    const std::size_t star = word.find('*');
    w.type = word.substr(0, star);
    if (star != std::string_view::npos) w.count = word.substr(star + 1);
    return w;
}

/// Names of a module.
using Names = std::set<std::string_view>;

/// Variables of a module whose address is known before it runs.
Names variables_with_a_place(const Code& code) {
    Names names;
    for (const Variable& v : code.variables)
        if (v.space == Space::Shared || !v.is_dynamic) names.insert(v.name);
    return names;
}

/// Throws InputError for a flaw.
class Checker {
  public:
    Checker(const Code& code, const Names& variables, const Function& function, Instruction& x)
        : code_(code), variables_(variables), function_(function), x_(x) {}

    void check() {
        x_.opcode = find_opcode(x_);
        if (x_.opcode == nullptr) refuse_opcode();
        if (!x_.flaw.empty()) return;
        if (code_.target < x_.opcode->target)
            throw error(fmt::format("needs .target sm_{} or higher, found sm_{}", x_.opcode->target, code_.target));
        if (code_.version < x_.opcode->version)
            throw error(fmt::format("needs .version {}.{} or higher, found {}.{}", x_.opcode->version / 10,
                                    x_.opcode->version % 10, code_.version / 10, code_.version % 10));
        for (const std::string& word : x_.modifiers)
            if (const auto type = find_type(word)) x_.types.push_back(*type);
        if (x_.opcode->refusal.empty()) check_operands();
    }

  private:
    static InputError error(const std::string& message) { return InputError(message); }

    [[noreturn]] void refuse_opcode() const {
        const std::string_view feature = unsupported_feature(x_.text);
        if (!feature.empty()) throw error(fmt::format("not supported: {}", feature));
        const std::string wrong = wrong_modifier(x_);
        throw error(wrong.empty() ? "not an opcode of PTX that is known here: see docs/ptx.md" : wrong);
    }

    InputError wrong_count() const {
        std::size_t least = 0, most = 0;
        for (const std::string_view word : split_words(x_.opcode->operands)) {
            const Wanted wanted = parse_wanted(word);
            if (wanted.type == "carry") continue;
            ++most;
            if (!wanted.is_optional) ++least;
        }
        return error(fmt::format("expected {} operands, found {}",
                                 least == most ? std::to_string(least) : fmt::format("{} to {}", least, most),
                                 x_.operands.size()));
    }

    void check_operands() {
        std::size_t next = 0;
        for (const std::string_view word : split_words(x_.opcode->operands)) {
            if (word == "F") return check_call();
            if (word == "M") return check_move();
            const Wanted wanted = parse_wanted(word);
            if (wanted.type == "carry") {  // the condition code register, which the text does not name
                x_.arguments.push_back(
                    {{.kind = Operand::Kind::Special, .name = "carry"}, *find_type("pred"), wanted.is_written});
                continue;
            }
            if (next < x_.operands.size())
                check_operand(wanted, x_.operands[next++]);
            else if (!wanted.is_optional)
                throw wrong_count();
        }
        if (next < x_.operands.size()) throw wrong_count();
    }

    void check_call() const {
        const CallOperands call = parse_call(x_);
        const auto found = code_.functions.find(call.callee);
        if (found == code_.functions.end() || found->second.is_kernel)
            throw error(fmt::format("expected a function, found {}", shown(call.callee)));
        const Function& callee = found->second;
        if (!callee.is_defined) throw error(fmt::format("function {} has no body here", shown(call.callee)));
        check_values(call.arguments, callee.parameters);
        check_values(call.results, callee.results);
    }

    /// Values go to and fro in variables of .param as large as the callee's.
    void check_values(const std::vector<Operand>& given, const std::vector<Variable>& formal) const {
        if (given.size() != formal.size())
            throw error(fmt::format("expected {} values, found {}", formal.size(), given.size()));
        for (std::size_t i = 0; i < given.size(); ++i) {
            const Operand& x = given[i];
            if (x.kind != Operand::Kind::Symbol || x.index == Operand::none ||
                function_.variables[x.index].space != Space::Parameter ||
                (function_.is_kernel && x.index < function_.parameters.size()))
                throw error(fmt::format("expected variables of .param, found {}", shown(x.name)));
            const std::size_t size = function_.variables[x.index].size;
            if (size != formal[i].size)
                throw error(fmt::format("{} has {} bytes, expected {}", x.name, size, formal[i].size));
        }
    }

    void check_variable(const Operand& x) const {
        if (x.index == Operand::none && variables_.count(x.name) == 0)
            throw error(fmt::format("expected a variable that has a place here, found {}", shown(x.name)));
    }

    /// Of as many bits on either side, one of which may be a vector.
    void check_move() {
        if (x_.operands.size() != 2) throw error(fmt::format("expected two operands, found {}", x_.operands.size()));
        const Type type = x_.types.back();
        for (const Operand& operand : x_.operands) {
            const Wanted wanted{.is_written = &operand == x_.operands.data()};
            if (operand.kind != Operand::Kind::Vector) {
                check_scalar(wanted, operand, type);
                continue;
            }
            const auto count = static_cast<int>(operand.elements.size());
            const auto element = find_type("b" + std::to_string(count == 0 ? 0 : type.bits / count));
            if (type.kind != Kind::Bits || (count != 2 && count != 4) || !element)
                throw error(fmt::format("expected a vector that has the bits of .{}", type.name));
            for (const Operand& x : operand.elements) check_scalar(wanted, x, *element);
        }
    }

    Type type_of(std::string_view name) const {
        if (name == "t") return x_.types.back();
        if (name.size() == 2 && name[0] == 't') return x_.types.at(static_cast<std::size_t>(name[1] - '0'));
        if (name == "w")
            return *find_type(std::string(x_.types.back().name.substr(0, 1)) +
                              std::to_string(2 * x_.types.back().bits));
        return *find_type(name);
    }

    /// How many elements a vector must have; 0: it is none.
    std::size_t count_of(std::string_view count) const {
        if (count != "v") return count.empty() ? 0 : static_cast<std::size_t>(std::stoi(std::string(count)));
        return x_.has("v2") ? 2 : x_.has("v4") ? 4 : x_.has("v8") ? 8 : 0;
    }

    void check_operand(const Wanted& wanted, const Operand& x) {
        if (wanted.type == "@") return check_address(x);
        if (wanted.type == "L") {
            if (x.kind != Operand::Kind::Symbol) throw error("expected a label");
            return;
        }
        const Type type = type_of(wanted.type);
        const std::size_t count = count_of(wanted.count);
        if (x.kind == Operand::Kind::Pair) {
            if (!wanted.has_second) throw error("expected one result, found two");
            check_scalar(wanted, x.elements[0], type);
            return check_scalar(wanted, x.elements[1], *find_type("pred"));
        }
        const bool is_vector = x.kind == Operand::Kind::Vector;
        if (count == 0 && !is_vector) {
            check_scalar(wanted, x, type);
            if (wanted.has_second) check_scalar(wanted, {}, *find_type("pred"));
            return;
        }
        // A fragment of one register may stand with or without braces.
        if (!is_vector && count == 1) return check_scalar(wanted, x, type);
        if (!is_vector || x.elements.size() != count)
            throw error(fmt::format("expected {}, found {}",
                                    count == 0 ? "one element" : fmt::format("{} elements", count),
                                    is_vector ? std::to_string(x.elements.size()) : "one"));
        for (const Operand& element : x.elements) check_scalar(wanted, element, type);
    }

    void check_address(const Operand& x) {
        if (x.kind != Operand::Kind::Address) throw error("expected an address in brackets");
        const Operand& base = x.elements.front();
        if (base.kind == Operand::Kind::Register) {
            const Type& type = function_.registers[base.index].type;
            if (type.is_real() || (type.bits != 32 && type.bits != 64))
                throw error(fmt::format("expected an address in 32 or 64 bits, found {} of .{}", base.name, type.name));
        } else if (base.kind == Operand::Kind::Symbol) {
            check_variable(base);
        } else if (base.kind != Operand::Kind::Integer || !x_.has("local")) {
            throw error("expected an address: a register, a variable, or a number in .local");
        }
        x_.arguments.push_back({x, *find_type("b64")});
    }

    void check_scalar(const Wanted& wanted, const Operand& x, const Type& type) {
        using enum Operand::Kind;
        if (x.negated && !wanted.may_be_negated) throw error("expected no !");
        if (wanted.is_written && x.kind != Register && x.kind != Sink)
            throw error("expected a register for the result");
        if (!wanted.is_written && x.kind == Sink) throw error("expected a value, found _");
        if (wanted.is_constant && x.kind != Integer) throw error("expected an integer constant");
        if (!wanted.values.empty() && !is_one_of(wanted.values, std::to_string(x.bits)))
            throw error(fmt::format("expected the constant {}, found {}", wanted.values, x.bits));
        switch (x.kind) {
            case Register: check_register(wanted, x, type); break;
            case Real: check_real(x, type); break;
            case Integer:
                if (type.is_real()) throw error(fmt::format("expected a .{} constant, such as 0f3F800000", type.name));
                break;
            case Special:
                if (type.bits != 32 || type.is_real())
                    throw error(fmt::format("expected .{}, found {}", type.name, x.name));
                break;
            case Symbol:
                if (type.is_real() || type.kind == Kind::Predicate)
                    throw error(fmt::format("expected .{}, found {}", type.name, x.name));
                check_variable(x);
                break;
            case Sink: break;
            default: throw error(fmt::format("expected an operand of .{}", type.name));
        }
        x_.arguments.push_back({x, type, wanted.is_written});
    }

    void check_register(const Wanted& wanted, const Operand& x, const Type& type) const {
        const Type& found = function_.registers[x.index].type;
        const bool wider = wanted.may_be_wider && found.bits > type.bits && found.kind != Kind::Predicate &&
                           type.kind != Kind::Predicate && !(found.is_real() && type.kind != Kind::Bits) &&
                           (!type.is_real() || found.kind == Kind::Bits);
        if (!fits(found, type) && !wider)
            throw error(fmt::format("expected .{}, found {} of .{}", type.name, x.name, found.name));
    }

    void check_real(const Operand& x, const Type& type) const {
        const bool fitting = type.kind == Kind::Real && (x.width == type.bits || x.width == 64) && type.bits >= 32;
        if (!fitting && !(type.kind == Kind::Bits && x.width == type.bits))
            throw error(fmt::format("expected .{}, found a floating-point constant", type.name));
    }

    const Code& code_;
    const Names& variables_;
    const Function& function_;
    Instruction& x_;
};

}  // namespace

const char* const unsuffixed_reason =
    "no rounding is stated, so ptxas may contract it with another operation (PTX ISA, add and mul)";

void check(Code& code) {
    const Names variables = variables_with_a_place(code);
    for (auto& [name, function] : code.functions)
        for (Instruction& x : function.instructions) {
            if (x.modifiers.empty()) continue;
            try {
                Checker(code, variables, function, x).check();
            } catch (const InputError& error) {
                x.flaw = error.what();
            }
        }
    find_recursion(code);
}

std::vector<Remark> remarks(const Module& module) {
    std::vector<Remark> list;
    for (const auto& [name, function] : module.code().functions)
        for (const Instruction& x : function.instructions) {
            const auto add = [&, &name = name](std::string_view reason) {
                list.push_back({name, x.line, x.text, std::string(reason)});
            };
            if (!x.flaw.empty()) {
                add(x.flaw);
                continue;
            }
            if (!x.opcode->refusal.empty()) add(x.opcode->refusal);
            if (x.opcode->unsuffixed) add(unsuffixed_reason);
        }
    std::stable_sort(list.begin(), list.end(), [](const Remark& a, const Remark& b) { return a.line < b.line; });
    return list;
}

}  // namespace halfulp::ptx
