#include "fuzz/compare/draws.hpp"

#include <algorithm>

#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/ptx.hpp"

namespace halfulp::fuzz {
namespace {

/// An instruction of PTX, and of this CPU.
struct Instruction {
    std::string_view name;
    Operation operation;
};
constexpr std::array instructions = {Instruction{"add", Operation::Add},   Instruction{"sub", Operation::Sub},
                                     Instruction{"mul", Operation::Mul},   Instruction{"div", Operation::Div},
                                     Instruction{"sqrt", Operation::Sqrt}, Instruction{"fma", Operation::Fma}};
constexpr std::array modes = {Named<Rounding>{"rn", Rounding::NearestEven, {}},
                              Named<Rounding>{"rz", Rounding::TowardZero, {}},
                              Named<Rounding>{"rm", Rounding::Down, {}}, Named<Rounding>{"rp", Rounding::Up, {}}};

std::uint64_t one_nan(const Format& f, std::uint64_t code) { return f.is_nan(code) ? f.nan_code() : code; }

Codes by_cpu(Operation operation, const Format& f, Rounding rounding, const Problem& p) {
    Codes codes;
    for (std::size_t i = 0; i < p.sizes[0]; ++i) {
        halfulp::Operands one{};
        for (std::size_t j = 0; j < p.operands.size(); ++j) one.at(j) = p.codes(j)[i];
        codes.push_back(one_nan(f, truth::cpu_result(operation, f, one, {.rounding = rounding}).code));
    }
    return codes;
}

Codes by_interpreter(const std::string& opcode, const Format& f, const Problem& p) {
    const std::string type = "b" + std::to_string(f.width);
    std::vector<Codes> operands(p.operands.size());
    std::ranges::transform(p.operands, operands.begin(), &Operand::codes);
    Codes codes = test::executed(opcode, type, std::vector(operands.size(), type), operands);
    for (std::uint64_t& code : codes) code = one_nan(f, code);
    return codes;
}

/// Of a problem that this CPU cannot be asked.
std::string nothing(const Problem&) { return {}; }

}  // namespace

Problem interpreter(SplitMix& bits) {
    const Instruction& row = any_of(instructions, bits);
    const auto& mode = any_of(modes, bits);
    const Format f = bits() % 2 == 0 ? binary32 : binary64;
    if (!truth::cpu_lacks(row.operation).empty() || !truth::cpu_has(mode.value)) return {{}, {}, {}, {}, nothing};
    const std::string opcode = fmt::format("{}.{}.f{}", row.name, mode.name, f.width);
    Problem p{opcode, {1 + bits() % 64}, {1}, {}, {}};
    for (unsigned j = 0; j < row_of(row.operation).operands; ++j) p.operands.push_back({{"abc"[j]}, f, {{0}}, {}});
    for (std::size_t i = 0; i < p.sizes[0]; ++i) {
        const halfulp::Operands drawn = property::edge_operands(f, bits);
        for (std::size_t j = 0; j < p.operands.size(); ++j) p.operands[j].codes.push_back(drawn.at(j));
    }
    p.difference = [opcode, row, rounding = mode.value, f](const Problem& x) {
        return first_difference(by_cpu(row.operation, f, rounding, x), by_interpreter(opcode, f, x));
    };
    return p;
}

}  // namespace halfulp::fuzz
