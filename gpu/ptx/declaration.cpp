#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/parser.h>

namespace halfulp::ptx {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 31;  // of a variable
constexpr std::uint64_t most_registers = 1U << 16;        // of a function: ptxas takes no more of a type either

}  // namespace

Type Parser::type() {
    const Token token = lexer_.expect_word("a type");
    const auto found = find_type(token.text.substr(token.text.starts_with('.') ? 1 : 0));
    if (!found || !is_fundamental(*found) || !token.text.starts_with('.'))
        throw lexer_.error(token.line, "expected a type such as .b32, found " + shown(token.text));
    return *found;
}

/// .align 16 .b8 name[4][8] = {...}: what follows the space.
Variable Parser::variable(Space space) {
    Variable v{.space = space, .line = lexer_.peek().line};
    std::size_t vector = 1;
    while (lexer_.peek().text.starts_with('.')) {
        if (lexer_.accept(".align")) {
            v.alignment = integer("an alignment");
            if (!std::has_single_bit(v.alignment) || v.alignment > 1U << 20)
                throw lexer_.error(v.line, "expected an alignment that is a power of two");
        } else if (lexer_.accept(
                       ".ptr")) {  // of what a pointer parameter points to: a promise that launches cannot see
            for (const char* where : {".global", ".shared", ".local", ".const"})
                if (lexer_.accept(where)) break;
            if (lexer_.accept(".align")) integer("an alignment");
        } else if (lexer_.accept(".v2")) {
            vector = 2;
        } else if (lexer_.accept(".v4")) {
            vector = 4;
        } else {
            v.type = type();
        }
    }
    if (v.type.bits == 0) throw lexer_.expected("a type");
    if (v.type.kind == Kind::Predicate) throw lexer_.error(v.line, "expected a type that memory can hold, found .pred");
    v.name = lexer_.expect_word("a name").text;
    v.size = v.type.bytes() * vector;
    v.alignment = std::max(v.alignment, v.size);
    array_sizes(v);
    if (lexer_.accept("=")) initialiser(v);
    return v;
}

void Parser::array_sizes(Variable& v) {
    const std::size_t element = v.size;
    while (lexer_.accept("[")) {
        if (!v.is_array) v.alignment = std::max(v.alignment, element);
        v.is_array = true;
        if (lexer_.accept("]")) {
            v.is_dynamic = true;
            v.size = 0;
            continue;
        }
        const std::uint64_t count = integer("the size of an array");
        if (count > most_bytes || v.size * count > most_bytes)
            throw lexer_.error(v.line, fmt::format("{}: expected at most {} bytes", v.name, most_bytes));
        v.size *= count;
        lexer_.expect("]");
    }
}

void Parser::initialiser(Variable& v) {
    if (v.space != Space::Global && v.space != Space::Constant)
        throw lexer_.error(v.line, v.name + ": expected an initial value in .global or .const alone");
    std::size_t offset = 0;
    if (!lexer_.accept("{")) return initial_value(v, offset);
    for (int depth = 1; depth > 0;) {
        if (lexer_.accept("}")) {
            --depth;
        } else if (lexer_.accept("{")) {
            ++depth;
        } else {
            initial_value(v, offset);
        }
        if (depth > 0 && lexer_.peek().text != "}") lexer_.accept(",");
    }
}

/// A number, an address as `name`, `name+4` or `generic(name)+4`, into the bytes from `at` on.
void Parser::initial_value(Variable& v, std::size_t& at) {
    const std::size_t bytes = v.type.bytes();
    if (at + bytes > v.size) throw lexer_.error(v.line, fmt::format("{}: more initial values than elements", v.name));
    if (lexer_.peek().kind == TokenKind::Word) {
        AddressValue address{.offset = at};
        address.generic = lexer_.accept("generic");
        if (address.generic) lexer_.expect("(");
        address.symbol = lexer_.expect_word("a variable").text;
        if (address.generic) lexer_.expect(")");
        address.addend = this->offset();
        if (bytes != 8) throw lexer_.error(v.line, v.name + ": expected 64-bit elements for an address");
        v.addresses.push_back(address);
    } else {
        const Operand x = plain_operand();
        std::uint64_t bits = x.bits;
        if (x.kind == Operand::Kind::Real && x.width == 64 && bytes == 4)
            bits = std::bit_cast<std::uint32_t>(static_cast<float>(std::bit_cast<double>(x.bits)));
        v.initial.resize(at + bytes);
        for (std::size_t i = 0; i < bytes; ++i) v.initial[at + i] = static_cast<std::uint8_t>(bits >> (8 * i));
    }
    at += bytes;
}

/// Variables of a function: one or several, by comma.
void Parser::declare(Space space) {
    do {
        Variable v = variable(space);
        if (v.is_dynamic) throw lexer_.error(v.line, v.name + ": expected a size");
        const auto index = static_cast<std::uint32_t>(function_.variables.size());
        if (!scopes_[scope_].variables.emplace(v.name, index).second)
            throw lexer_.error(v.line, v.name + ": declared twice in one block");
        if (space == Space::Global || space == Space::Constant) {  // of the module, by a name that no other has
            v.name = fmt::format("{}::{}::{}", function_.name, index, v.name);
            code_.variables.push_back(v);
        }
        function_.variables.push_back(std::move(v));
    } while (lexer_.accept(","));
    lexer_.expect(";");
}

void Parser::add_register(const std::string& name, const Type& type, int line) {
    if (function_.registers.size() >= most_registers)
        throw lexer_.error(line, fmt::format("expected at most {} registers of a function", most_registers));
    const auto index = static_cast<std::uint32_t>(function_.registers.size());
    if (!scopes_[scope_].registers.emplace(name, index).second)
        throw lexer_.error(line, name + ": declared twice in one block");
    function_.registers.push_back({name, type});
}

/// .reg .b32 %r<10>, %x;
void Parser::registers() {
    const Type of = type();
    do {
        const Token name = lexer_.expect_word("the name of a register");
        if (!lexer_.accept("<")) {
            add_register(std::string(name.text), of, name.line);
            continue;
        }
        const std::uint64_t count = integer("how many registers");
        lexer_.expect(">");
        for (std::uint64_t i = 0; i < count; ++i)
            add_register(std::string(name.text) + std::to_string(i), of, name.line);
    } while (lexer_.accept(","));
    lexer_.expect(";");
}

}  // namespace halfulp::ptx
