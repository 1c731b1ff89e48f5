#include <halfulp/gpu/ptx/check.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/call_graph.h>
#include <halfulp/gpu/ptx/execute/control.h>
#include <halfulp/gpu/ptx/operand_check.h>
#include <halfulp/gpu/ptx/requirement.h>
#include <halfulp/gpu/ptx/unsupported.h>
#include <halfulp/gpu/ptx/execute/matrix_form.hpp>
#include <halfulp/gpu/ptx/opcode.hpp>

namespace halfulp::ptx {
namespace {

Spaces variables_with_a_place(const Code& code) {
    Spaces spaces;
    for (const Variable& v : code.variables)
        if (v.space == Space::Shared || !v.is_dynamic) spaces.emplace(v.name, v.space);
    return spaces;
}

/// Throws InputError for a flaw.
class Checker {
  public:
    Checker(const Code& code, const Spaces& variables, const Function& function, Instruction& x)
        : code_(code), function_(function), x_(x), operands_(variables, function, x) {}

    void check() {
        x_.opcode = find_opcode(x_);
        if (x_.opcode == nullptr) refuse_opcode();
        if (!x_.flaw.empty()) return;
        for (const std::string& word : x_.modifiers)
            if (const auto type = find_type(word)) x_.types.push_back(*type);
        check_requirements(code_, x_);
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

    /// How many operands the row wants, with those that may be left out and without.
    struct Count {
        std::size_t least = 0, most = 0;
    };

    Count wanted_count() const {
        Count count;
        for (const std::string_view word : split_words(x_.opcode->operands)) {
            const Wanted wanted = parse_wanted(word);
            if (wanted.type == "carry") continue;
            ++count.most;
            if (!wanted.is_optional) ++count.least;
        }
        return count;
    }

    void check_operands() {
        if (x_.opcode->operands == "F") return check_call();
        if (x_.opcode->operands == "M") return check_move();
        const Count count = wanted_count();
        const std::size_t found = x_.operands.size();
        if (found < count.least || found > count.most)
            throw error(fmt::format("expected {} operands, found {}",
                                    count.least == count.most ? std::to_string(count.least)
                                                              : fmt::format("{} to {}", count.least, count.most),
                                    found));
        std::size_t next = 0, spare = found - count.least;  // of those that may be left out, so many are there
        for (const std::string_view word : split_words(x_.opcode->operands)) {
            const Wanted wanted = parse_wanted(word);
            if (wanted.type == "carry")  // the condition code register, which the text does not name
                x_.arguments.push_back(
                    {{.kind = Operand::Kind::Special, .name = "carry"}, *find_type("pred"), wanted.is_written});
            else if (!wanted.is_optional || spare > 0)
                operands_.operand(wanted, x_.operands[next++]);
            if (wanted.is_optional && spare > 0) --spare;
        }
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

    /// Of as many bits on either side, one of which may be a vector.
    void check_move() {
        if (x_.operands.size() != 2) throw error(fmt::format("expected two operands, found {}", x_.operands.size()));
        const Type type = x_.types.back();
        for (const Operand& operand : x_.operands) {
            const Wanted wanted{.is_written = &operand == x_.operands.data()};
            if (operand.kind != Operand::Kind::Vector) {
                operands_.scalar(wanted, operand, type, false);
                continue;
            }
            const auto count = static_cast<int>(operand.elements.size());
            const auto element = find_type("b" + std::to_string(count == 0 ? 0 : type.bits / count));
            if (type.kind != Kind::Bits || (count != 2 && count != 4) || !element)
                throw error(fmt::format("expected a vector that has the bits of .{}", type.name));
            operands_.elements(wanted, operand, *element);
        }
    }

    const Code& code_;
    const Function& function_;
    Instruction& x_;
    OperandCheck operands_;
};

}  // namespace

const char* const unsuffixed_reason =
    "no rounding is stated, so ptxas may contract it with another operation (PTX ISA, add and mul)";

void check(Code& code) {
    const Spaces variables = variables_with_a_place(code);
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

std::vector<Remark> remarks(const Module& module, std::string_view architecture) {
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
            if (!architecture.empty() && x.modifiers.front() == "mma" && !matrix_form(x, architecture))
                add(no_model_text(architecture));
        }
    std::stable_sort(list.begin(), list.end(), [](const Remark& a, const Remark& b) { return a.line < b.line; });
    return list;
}

}  // namespace halfulp::ptx
