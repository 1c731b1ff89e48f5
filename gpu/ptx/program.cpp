#include <halfulp/gpu/ptx/program.hpp>

#include <algorithm>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/execute/control.h>
#include <halfulp/gpu/ptx/execute/memory_access.h>
#include <halfulp/gpu/ptx/check.hpp>

namespace halfulp::ptx {
namespace {

constexpr std::size_t most_local = std::size_t{512} << 10;  // a thread: CUDA programming guide, as machine.cpp has it
constexpr std::size_t most_parameters = 32764;  // PTX ISA, "Kernel Function Parameter Attributes", from PTX 8.1 on

/// PTX ISA, bar.warp.sync: of targets below, all lanes must execute the same instruction.
constexpr int first_without_convergence = 70;

std::size_t aligned(std::size_t size, std::size_t alignment) { return (size + alignment - 1) / alignment * alignment; }

std::size_t placed(std::size_t& end, const Variable& v) {
    const std::size_t at = aligned(end, v.alignment);
    end = at + v.size;
    return at;
}

std::uint8_t slot_width(const Type& type) {
    if (type.kind == Kind::Predicate) return 1;
    return static_cast<std::uint8_t>(type.bits <= 16 ? 16 : type.bits);
}

/// Declared in a function, and yet one for all threads.
bool is_of_module(const Variable& v) { return v.space == Space::Global || v.space == Space::Constant; }

/// A function's place in the program.
struct Placed {
    std::uint32_t entry = 0;
    Slot first_register = 0;
    std::vector<std::size_t> addresses;  ///< of its variables, each in its space
};

class Decoder {
  public:
    Decoder(const Module& module, const Function& kernel, const Symbols& symbols, const Target& target)
        : code_(module.code()), symbols_(symbols), target_(target) {
        program_.code = module.shared();
        program_.kernel = &kernel;
    }

    Program decode() {
        place_module_shared();
        add(*program_.kernel);
        program_.layout.shared = aligned(program_.layout.shared, 16);
        for (const auto& [slot, offset] : dynamic_)
            program_.constants.push_back({slot, program_.layout.shared + offset});
        return std::move(program_);
    }

  private:
    Error error(int line, const std::string& message) const {
        return {{.file = code_.file, .line = line, .kernel = program_.kernel->name}, message};
    }

    void place_module_shared() {
        for (const Variable& v : code_.variables)
            if (v.space == Space::Shared && !v.is_dynamic) module_shared_[v.name] = placed(program_.layout.shared, v);
    }

    /// Callees come before those who call them: lanes that are in them are to leave them first, and meet again.
    void add(const Function& f) {
        if (functions_.count(&f) > 0) return;
        for (const Instruction& x : f.instructions) {
            refuse(x);
            if (x.opcode->flow == Flow::Call) add(callee(x));
        }
        Placed& place = functions_[&f];
        place_variables(f, place);
        place.first_register = static_cast<Slot>(program_.widths.size());
        for (const Register& r : f.registers) program_.widths.push_back(slot_width(r.type));
        place.entry = static_cast<std::uint32_t>(program_.steps.size());
        program_.entry = place.entry;
        decode_body(f, place);
    }

    const Function& callee(const Instruction& x) const { return code_.functions.find(parse_call(x).callee)->second; }

    void place_variables(const Function& f, Placed& place) {
        Layout& layout = program_.layout;
        for (std::size_t i = 0; i < f.variables.size(); ++i) {
            const Variable& v = f.variables[i];
            const bool is_kernel_parameter = f.is_kernel && i < f.parameters.size();
            if (is_kernel_parameter) {
                place.addresses.push_back(placed(layout.parameters, v));
                program_.parameter_offsets.push_back(place.addresses.back());
            } else if (v.space == Space::Shared) {
                place.addresses.push_back(placed(layout.shared, v));
            } else if (is_of_module(v)) {
                place.addresses.push_back(symbols_.at(v.name));
            } else if (v.space == Space::Local) {
                place.addresses.push_back(placed(layout.local, v));
            } else {
                place.addresses.push_back(placed(layout.frame, v));
            }
            expect_at_most(most_local, layout.local + layout.frame, v, "local memory and parameters of calls a thread");
            expect_at_most(most_parameters, layout.parameters, v, "a kernel's parameters");
        }
    }

    /// With this variable.
    void expect_at_most(std::size_t most, std::size_t found, const Variable& v, std::string_view what) const {
        if (found > most)
            throw error(v.line,
                        fmt::format("{}: expected at most {} bytes of {}, found {}", v.name, most, what, found));
    }

    void decode_body(const Function& f, const Placed& place) {
        std::vector<std::uint32_t> start;  // the step of each instruction
        std::vector<std::pair<std::size_t, const Instruction*>> branches;
        for (const Instruction& x : f.instructions) {
            start.push_back(static_cast<std::uint32_t>(program_.steps.size()));
            if (x.opcode->flow == Flow::Call) {
                add_call(f, place, x);
                continue;
            }
            if (!x.targets.empty()) branches.emplace_back(program_.steps.size(), &x);
            program_.steps.push_back(step(f, place, x));
        }
        start.push_back(static_cast<std::uint32_t>(program_.steps.size()));
        program_.steps.push_back({.flow = Flow::Return});
        for (const auto& [index, x] : branches) {
            std::vector<std::uint32_t>& targets = program_.slot_lists.emplace_back();
            for (const std::uint32_t target : x->targets) targets.push_back(start[target]);
            program_.steps[index].target = targets.front();
            program_.steps[index].targets = &targets;
        }
    }

    void refuse(const Instruction& x) const {
        if (!x.flaw.empty()) throw error(x.line, x.text.empty() ? x.flaw : fmt::format("{}: {}", x.text, x.flaw));
        if (!x.opcode->refusal.empty()) throw error(x.line, fmt::format("{}: refused: {}", x.text, x.opcode->refusal));
        if (x.opcode->unsuffixed && !target_.unsuffixed_is_nearest)
            throw error(x.line, fmt::format("{}: refused: {}", x.text, unsuffixed_reason));
    }

    Step step(const Function& f, const Placed& place, const Instruction& x) {
        Step s{.execute = x.opcode->choose ? x.opcode->choose(x) : nullptr,
               .flow = x.opcode->flow,
               .passes_undefined = x.opcode->passes_undefined,
               .access = access_of(x),
               .instruction = &x};
        if (x.guard) {
            s.is_guarded = true;
            s.guard = place.first_register + x.guard->index;
            s.guard_negated = x.guard->negated;
        }
        std::vector<Slot>& slots = program_.slot_lists.emplace_back();
        int addresses = 0;
        for (const Argument& argument : x.arguments) {
            const bool is_address = argument.operand.kind == Operand::Kind::Address;
            if (is_address) (addresses++ == 0 ? s.offset : s.second_offset) = argument.operand.offset;
            if (is_address && s.access.space == Space::Generic)
                s.access.space = space_of(f, argument.operand.elements[0]);
            if (argument.is_written) s.written |= 1U << slots.size();
            slots.push_back(is_address ? slot(f, place, argument.operand.elements.front(), argument.type)
                                       : slot(f, place, argument.operand, argument.type));
        }
        s.slots = slots.data();
        s.slot_count = static_cast<std::uint16_t>(slots.size());
        if (s.flow == Flow::Members && code_.target >= first_without_convergence) s.meeting = meeting(x);
        if (x.modifiers.front() == "mma") {
            auto form = matrix_form(x, target_.architecture);
            if (!form) throw error(x.line, fmt::format("{}: {}", x.text, no_model_text(target_.architecture)));
            s.matrix = &program_.matrices.emplace_back(std::move(*form));
        }
        return s;
    }

    /// Of a variable that stands for its address in its own space; Generic of what else an address is made of.
    Space space_of(const Function& f, const Operand& x) const {
        if (x.kind != Operand::Kind::Symbol) return Space::Generic;
        if (x.index != Operand::none) return f.variables[x.index].space;
        const bool is_global = symbols_.count(x.name) > 0;
        return is_global ? Space::Generic : Space::Shared;
    }

    /// PTX ISA, shfl.sync and its like: lanes wait until all others of the mask "have executed" one "with the same
    /// qualifiers", wherever it stands.
    const Slot* meeting(const Instruction& x) {
        const auto [found, is_new] = meetings_.try_emplace(x.text, nullptr);
        if (is_new) {
            std::vector<Slot>& slots = program_.slot_lists.emplace_back();
            for (const Argument& argument : x.arguments) slots.push_back(new_slot(slot_width(argument.type)));
            found->second = slots.data();
        }
        return found->second;
    }

    /// Values go into the callee's parameters before, and come out of its results afterwards.
    void add_call(const Function& f, const Placed& place, const Instruction& x) {
        const Function& g = callee(x);
        const Placed& called = functions_.at(&g);
        const CallOperands operands = parse_call(x);
        std::vector<FrameCopy>&in = program_.frame_copies.emplace_back(), &out = program_.frame_copies.emplace_back();
        add_copies(place, operands.arguments, g.parameters, called, 0, in);
        add_copies(place, operands.results, g.results, called, g.parameters.size(), out);
        for (FrameCopy& copy : out) std::swap(copy.from, copy.to);
        const Step call = step(f, place, x);
        Step before = call, after = call;
        before.flow = after.flow = Flow::Next;
        before.execute = after.execute = copy_frames;
        before.copies = &in;
        after.copies = &out;
        program_.steps.push_back(before);
        program_.steps.push_back(call);
        program_.steps.back().target = called.entry;
        program_.steps.push_back(after);
    }

    static void add_copies(const Placed& place, const std::vector<Operand>& given, const std::vector<Variable>& formal,
                           const Placed& called, std::size_t first, std::vector<FrameCopy>& copies) {
        for (std::size_t i = 0; i < given.size(); ++i)
            copies.push_back({place.addresses[given[i].index], called.addresses[first + i], formal[i].size});
    }

    Slot slot(const Function& f, const Placed& place, const Operand& x, const Type& type) {
        using enum Operand::Kind;
        switch (x.kind) {
            case Register: return place.first_register + x.index;
            case Special: return special(x.name);
            case Symbol: return symbol(f, place, x, slot_width(type));
            case Sink: return new_slot(slot_width(type));
            case Real:
                if (x.width == 64 && type.bits == 32)
                    return constant(std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(x.bits))),
                                    32);
                return constant(x.bits, slot_width(type));
            default: return constant(x.bits, slot_width(type));
        }
    }

    Slot new_slot(std::uint8_t width) {
        program_.widths.push_back(width);
        return static_cast<Slot>(program_.widths.size() - 1);
    }

    Slot constant(std::uint64_t bits, std::uint8_t width) {
        if (width < 64) bits &= (std::uint64_t{1} << width) - 1;
        const auto [found, is_new] = constant_slots_.try_emplace({bits, width}, 0);
        if (is_new) {
            found->second = new_slot(width);
            program_.constants.push_back({found->second, bits});
        }
        return found->second;
    }

    Slot special(const std::string& name) {
        const auto [found, is_new] = special_slots_.try_emplace(name, 0);
        if (is_new) {
            const bool is_carry = name == "carry";
            found->second = new_slot(is_carry ? 1 : 32);
            if (!is_carry) program_.specials.push_back({found->second, find_special(name)});
        }
        return found->second;
    }

    /// The address of a variable, in its space.
    Slot symbol(const Function& f, const Placed& place, const Operand& x, std::uint8_t width) {
        const auto offset = static_cast<std::uint64_t>(x.offset);
        if (x.index != Operand::none) {
            const bool in_frame =
                f.variables[x.index].space == Space::Parameter && !(f.is_kernel && x.index < f.parameters.size());
            return constant(place.addresses[x.index] + (in_frame ? Layout::frame_start : 0) + offset, width);
        }
        if (const auto found = module_shared_.find(x.name); found != module_shared_.end())
            return constant(found->second + offset, width);
        if (const auto found = symbols_.find(x.name); found != symbols_.end())
            return constant(found->second + offset, width);
        // Dynamic shared memory begins where the static one ends, which is known last.
        dynamic_.emplace_back(new_slot(width), offset);
        return dynamic_.back().first;
    }

    const Code& code_;
    const Symbols& symbols_;
    const Target& target_;
    Program program_{};
    std::map<const Function*, Placed> functions_;
    std::map<std::string, std::size_t, std::less<>> module_shared_;
    std::map<std::pair<std::uint64_t, std::uint8_t>, Slot> constant_slots_;
    std::map<std::string, Slot, std::less<>> special_slots_;
    std::map<std::string, const Slot*, std::less<>> meetings_;
    std::vector<std::pair<Slot, std::uint64_t>> dynamic_;
};

}  // namespace

bool Program::is_in_a_parameter(Address at, std::size_t bytes) const {
    for (std::size_t i = 0; i < parameter_offsets.size(); ++i) {
        const std::size_t begin = parameter_offsets[i], size = kernel->parameters[i].size;
        if (at >= begin && bytes <= size && at - begin <= size - bytes) return true;
    }
    return false;
}

Program decode(const Module& module, const Function& kernel, const Symbols& symbols, const Target& target) {
    return Decoder(module, kernel, symbols, target).decode();
}

}  // namespace halfulp::ptx
