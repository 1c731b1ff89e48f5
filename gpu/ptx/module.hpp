#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/ptx/error.hpp>
#include <halfulp/gpu/ptx/type.hpp>

// A module as PTX text has it, names resolved and types checked.

namespace halfulp::ptx {

struct Opcode;

/// Where a variable lies, or which space an instruction accesses.
enum class Space : std::uint8_t { Generic, Global, Shared, Local, Constant, Parameter };

/// An initial value that is an address: PTX's `generic(table)+4`, or a variable's own address.
struct AddressValue {
    std::size_t offset;       ///< of its 8 bytes within the variable
    std::string symbol = {};  ///< the variable whose address it is
    std::int64_t addend = 0;  ///< that is added to the address
    bool generic = false;     ///< an address of the generic space
};

/// A variable of any space, a parameter among them.
struct Variable {
    std::string name = {};                     ///< as PTX has it
    Space space = Space::Global;               ///< where it lies
    Type type{};                               ///< of an element
    std::size_t size = 0;                      ///< bytes; 0 with is_dynamic
    std::size_t alignment = 1;                 ///< of the first byte, in bytes
    bool is_array = false;                     ///< it has brackets
    bool is_dynamic = false;                   ///< shared memory whose size the launch tells
    bool is_external = false;                  ///< another module has it
    std::vector<std::uint8_t> initial = {};    ///< of the first bytes; the others are 0
    std::vector<AddressValue> addresses = {};  ///< values that are addresses
    int line = 0;                              ///< from 1
};

/// A register of a function.
struct Register {
    std::string name;  ///< as PTX has it
    Type type;         ///< of its value
};

/// What stands in the place of an operand.
struct Operand {
    /// What kind of operand it is.
    enum class Kind : std::uint8_t {
        Register,
        Integer,  ///< bits: two's complement
        Real,     ///< bits
        Special,  ///< name: %tid.x
        Symbol,   ///< name of a variable, function, label or table of labels; offset may follow
        Address,  ///< [elements[0] + offset]
        Vector,   ///< {elements}
        Pair,     ///< elements[0]|elements[1]
        List,     ///< (elements): of call
        Sink,     ///< _
    };

    Kind kind = Kind::Sink;   ///< which
    std::uint32_t index = 0;  ///< Register: in Function::registers; Symbol: of a variable of the function, or none
    std::uint64_t bits = 0;   ///< of an Integer or a Real
    int width = 0;            ///< bits of a Register, or of a Real: 32 or 64
    std::int64_t offset = 0;  ///< of an Address or a Symbol, in bytes
    bool negated = false;     ///< !p
    std::string name = {};    ///< of a Special or a Symbol
    std::vector<Operand> elements = {};  ///< of an Address, Vector, Pair or List

    static constexpr std::uint32_t none = ~std::uint32_t{0};  ///< No index.
};

/// A predicate that an instruction stands under: `@p`, `@!p`.
struct Guard {
    std::uint32_t index;  ///< in Function::registers
    bool negated;         ///< !p
};

/// A scalar operand with the type that the instruction takes it for.
struct Argument {
    Operand operand;          ///< a register or a constant
    Type type;                ///< as which it is taken
    bool is_written = false;  ///< a result
};

/// One statement that is executed.
struct Instruction {
    std::string text;                         ///< the opcode as it is written, with its modifiers
    std::vector<std::string> modifiers = {};  ///< of `text`, without dots, as rows order them; the base opcode first
    std::optional<Guard> guard = {};          ///< the predicate that it stands under
    std::vector<Operand> operands = {};       ///< as they are written
    int line = 0;                             ///< from 1

    const Opcode* opcode = nullptr;           ///< the row that it matches
    std::vector<Type> types = {};             ///< modifiers that are types
    std::vector<Argument> arguments = {};     ///< operands one by one, vectors taken apart
    std::vector<std::uint32_t> targets = {};  ///< of branches: indices of instructions
    std::string flaw = {};                    ///< why it cannot be executed at all, if it cannot

    bool has(std::string_view modifier) const;  ///< Is it one of those of `text`?
};

/// A kernel, or a function that one calls.
struct Function {
    std::string name;                                     ///< as PTX has it
    bool is_kernel = false;                               ///< it can be launched
    bool is_defined = false;                              ///< it has a body
    std::vector<Variable> parameters = {}, results = {};  ///< in their order
    std::vector<Register> registers = {};                 ///< of all blocks
    std::vector<Variable> variables = {};                 ///< local, shared and parameter space, of all blocks
    /// The last one, if it has no text, is all that could not be read: its flaw says why.
    std::vector<Instruction> instructions = {};
    std::optional<Dim3> required_threads = {};  ///< .reqntid
    std::optional<Dim3> most_threads = {};      ///< .maxntid
    int line = 0;                               ///< from 1
};

/// What a file of PTX holds.
struct Code {
    std::string file;                                        ///< as errors call it
    int version = 0;                                         ///< 90 for 9.0
    int target = 0;                                          ///< 80 for sm_80
    std::vector<Variable> variables;                         ///< of the module
    std::map<std::string, Function, std::less<>> functions;  ///< kernels among them, by name
};

/// A parsed and checked module. Copies share what they hold.
class Module {
  public:
    explicit Module(std::shared_ptr<const Code> code) : code_(std::move(code)) {}  ///< checked

    const Code& code() const { return *code_; }                          ///< what it holds
    const std::shared_ptr<const Code>& shared() const { return code_; }  ///< what it holds, kept alive
    /// The names of the kernels, in alphabetical order.
    std::vector<std::string> kernels() const;
    /// Throws Error, which lists the kernels, if there is none of that name.
    const Function& kernel(std::string_view name) const;

  private:
    std::shared_ptr<const Code> code_;
};

/// The module of PTX text, of PTX ISA 6.0 to 9.0 and 64-bit addresses. Every opcode, modifier and operand must be one of
/// a row of opcode.hpp's table: an instruction that is not, or that cannot be read, has a flaw, with which no kernel
/// runs that could come to it. Throws Error for what else is not PTX or not known here. `filename` is for messages.
Module parse(std::string_view text, const std::string& filename);

}  // namespace halfulp::ptx
