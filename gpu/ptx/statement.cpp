#include <algorithm>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/parser.h>

namespace halfulp::ptx {
namespace {

constexpr std::size_t most_blocks = 1 << 16;

/// "add.rn.f32" without its dots.
std::vector<std::string> split_dots(std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= text.size(); start += parts.back().size() + 1)
        parts.emplace_back(text.substr(start, text.find('.', start) - start));
    return parts;
}

/// What PTX ISA writes first behind these opcodes: semantics, scope, space.
constexpr std::string_view ordered_bases[] = {"ld", "ldu", "st", "atom", "red"};
constexpr std::string_view ordered_words[] = {
    "weak",  "volatile", "relaxed", "acquire", "release",      "acq_rel",     "cta",    "gpu",        "sys",
    "const", "global",   "local",   "param",   "param::entry", "param::func", "shared", "shared::cta"};

/// Modifiers of these in that order: ptxas takes any, and nvcc writes atom.add.acquire.gpu.s32.
void put_in_order(std::vector<std::string>& modifiers) {
    const auto rank = [](std::string_view word) {
        return std::find(std::begin(ordered_words), std::end(ordered_words), word);
    };
    if (std::find(std::begin(ordered_bases), std::end(ordered_bases), modifiers.front()) != std::end(ordered_bases))
        std::stable_sort(modifiers.begin() + 1, modifiers.end(),
                         [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

}  // namespace

void Parser::body() {
    scopes_.assign(1, {});
    scope_ = 0;
    scope_of_.clear();
    for (std::uint32_t i = 0; i < function_.parameters.size() + function_.results.size(); ++i) {
        const bool is_result = i >= function_.parameters.size();
        const Variable& v = is_result ? function_.results[i - function_.parameters.size()] : function_.parameters[i];
        if (!scopes_[0].variables.emplace(v.name, i).second)
            throw lexer_.error(v.line, v.name + ": two parameters of this name");
        function_.variables.push_back(v);
    }
    function_.is_defined = true;
    const Lexer start = lexer_;
    try {
        block();
        resolve_branches();
    } catch (const Error& error) {
        lexer_ = start;
        skip_behind("}", error);
        add({.text = {}, .line = error.place.line, .flaw = error.message});
    }
}

/// Skips what there is up to `end`, blocks within as a whole, and that. Throws the error where it does not come.
void Parser::skip_behind(std::string_view end, const Error& error) {
    for (int depth = 0;;) {
        const Token token = lexer_.take();
        const bool is_sign = token.kind == TokenKind::Sign;
        if (is_sign && depth == 0 && token.text == end) return;
        if (is_sign && token.text == "{") ++depth;
        if (is_sign && token.text == "}") --depth;
        if (depth < 0 || token.kind == TokenKind::End) throw Error(error);
    }
}

/// Statements up to the brace that ends them; within, blocks have names of their own.
void Parser::block() {
    for (std::size_t outermost = scope_;;) {
        if (lexer_.accept("}")) {
            if (scope_ == outermost) return;
            scope_ = scopes_[scope_].parent;
        } else if (lexer_.accept("{")) {
            if (scopes_.size() > most_blocks) throw lexer_.expected(fmt::format("at most {} blocks", most_blocks));
            scopes_.push_back({.parent = scope_});
            scope_ = scopes_.size() - 1;
        } else {
            statement();
        }
    }
}

void Parser::statement() {
    if (skip_debugging()) return;
    if (lexer_.accept(".reg")) return registers();
    if (lexer_.accept(".local")) return declare(Space::Local);
    if (lexer_.accept(".shared")) return declare(Space::Shared);
    if (lexer_.accept(".param")) return declare(Space::Parameter);
    if (lexer_.accept(".global")) return declare(Space::Global);
    if (lexer_.accept(".const")) return declare(Space::Constant);
    if (lexer_.accept(".pragma")) {
        lexer_.take();
        return lexer_.expect(";");
    }
    if (lexer_.peek().text.starts_with('.')) throw lexer_.expected("a statement");
    if (!label_or_table()) instruction();
}

/// NAME: and what may stand behind it.
bool Parser::label_or_table() {
    if (lexer_.peek().kind != TokenKind::Word) return false;
    Lexer ahead = lexer_;
    const Token name = ahead.take();
    if (!ahead.accept(":")) return false;
    lexer_ = ahead;
    if (lexer_.accept(".callprototype") || lexer_.accept(".calltargets")) {  // of calls through pointers
        skip_behind(";", lexer_.expected("\";\""));
        return true;
    }
    if (lexer_.accept(".branchtargets")) {
        branch_table(std::string(name.text));
        return true;
    }
    const auto index = static_cast<std::uint32_t>(function_.instructions.size());
    if (!scopes_[scope_].labels.emplace(name.text, index).second)
        throw lexer_.error(name.line, fmt::format("{}: a label twice in one block", name.text));
    return true;
}

void Parser::branch_table(const std::string& name) {
    std::vector<std::string>& table = scopes_[scope_].branch_tables[name];
    do table.emplace_back(lexer_.expect_word("a label").text);
    while (lexer_.accept(","));
    lexer_.expect(";");
}

void Parser::add(Instruction x) {
    function_.instructions.push_back(std::move(x));
    scope_of_.push_back(scope_);
}

void Parser::instruction() {
    Instruction x{.text = {}, .line = lexer_.peek().line};
    const Lexer start = lexer_;
    try {
        read_instruction(x);
    } catch (const Error& error) {
        lexer_ = start;
        skip_behind(";", error);
        x.flaw = error.message;
    }
    add(std::move(x));
}

void Parser::read_instruction(Instruction& x) {
    if (lexer_.accept("@")) {
        const bool negated = lexer_.accept("!");
        const Token name = lexer_.expect_word("a predicate");
        const std::uint32_t* index = find(&Scope::registers, name.text, scope_);
        if (index == nullptr || function_.registers[*index].type.kind != Kind::Predicate)
            throw lexer_.error(name.line, "expected a register of type .pred, found " + shown(name.text));
        x.guard = {*index, negated};
    }
    const Token opcode = lexer_.expect_word("an instruction");
    x.line = opcode.line;
    x.text = opcode.text;
    x.modifiers = split_dots(opcode.text);
    put_in_order(x.modifiers);
    if (lexer_.peek().text != ";") {
        do x.operands.push_back(operand());
        while (lexer_.accept(","));
    }
    lexer_.expect(";");
}

std::uint32_t Parser::label(std::size_t scope, const std::string& name, int line) const {
    const std::uint32_t* index = find(&Scope::labels, name, scope);
    if (index == nullptr) throw lexer_.error(line, "expected a label, found " + shown(name));
    return *index;
}

/// Labels may follow their branches, so this comes last.
void Parser::resolve_branches() {
    for (std::size_t i = 0; i < function_.instructions.size(); ++i) {
        Instruction& x = function_.instructions[i];
        try {
            if (x.flaw.empty() && !x.operands.empty()) resolve(x, scope_of_[i]);
        } catch (const Error& error) {
            x.flaw = error.message;
        }
    }
}

void Parser::resolve(Instruction& x, std::size_t scope) const {
    const std::string& name = x.operands.back().name;
    if (x.modifiers.front() == "bra") {
        x.targets = {label(scope, name, x.line)};
    } else if (x.text.starts_with("brx.")) {
        const auto* table = find(&Scope::branch_tables, name, scope);
        if (table == nullptr) throw lexer_.error(x.line, "expected a table of .branchtargets, found " + shown(name));
        for (const std::string& target : *table) x.targets.push_back(label(scope, target, x.line));
    }
}

}  // namespace halfulp::ptx
