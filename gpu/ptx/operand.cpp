#include <bit>
#include <charconv>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/parser.h>
#include <halfulp/gpu/ptx/special.hpp>

namespace halfulp::ptx {
namespace {

constexpr int deepest_operand = 4;   // no instruction nests more
constexpr std::size_t widest = 256;  // nor has longer lists

/// The digits of a base, all of them.
bool read(std::string_view digits, int base, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
}

/// 12, 0x1F, 017, 0b101, each perhaps with a U.
bool read_integer(std::string_view text, std::uint64_t& value) {
    if (text.ends_with('U')) text.remove_suffix(1);
    if (text.starts_with("0x") || text.starts_with("0X")) return read(text.substr(2), 16, value);
    if (text.starts_with("0b") || text.starts_with("0B")) return read(text.substr(2), 2, value);
    if (text.size() > 1 && text.starts_with('0')) return read(text.substr(1), 8, value);
    return read(text, 10, value);
}

}  // namespace

std::uint64_t Parser::integer(std::string_view what) {
    std::uint64_t value = 0;
    if (lexer_.peek().kind != TokenKind::Number || !read_integer(lexer_.peek().text, value))
        throw lexer_.expected(what);
    lexer_.take();
    return value;
}

Operand Parser::number() {
    const Token token = lexer_.peek();
    Operand x{.kind = Operand::Kind::Integer, .width = 64};
    const std::string_view text = token.text, start = text.substr(0, 2);
    double value = 0;
    if (start == "0f" || start == "0F") {
        x = {.kind = Operand::Kind::Real, .width = 32};
        if (text.size() != 10 || !read(text.substr(2), 16, x.bits))
            throw lexer_.expected("0f and 8 hexadecimal digits");
    } else if (start == "0d" || start == "0D") {
        x = {.kind = Operand::Kind::Real, .width = 64};
        if (text.size() != 18 || !read(text.substr(2), 16, x.bits))
            throw lexer_.expected("0d and 16 hexadecimal digits");
    } else if (text.find_first_of(".eE") != std::string_view::npos && start != "0x" && start != "0X") {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) throw lexer_.expected("a number");
        x = {.kind = Operand::Kind::Real, .bits = std::bit_cast<std::uint64_t>(value), .width = 64};
    } else if (!read_integer(text, x.bits)) {
        throw lexer_.expected("a number");
    }
    lexer_.take();
    return x;
}

/// What follows an address' base: +8, +-8, +4*8, but not -8, which ptxas refuses.
std::int64_t Parser::offset() {
    std::int64_t sum = 0;
    while (lexer_.accept("+")) {
        const int line = lexer_.peek().line;
        const Operand term = constant(product_level);
        const auto value = static_cast<std::int64_t>(term.bits);
        sum += value;
        constexpr std::int64_t most = std::int64_t{1} << 48;
        if (term.kind != Operand::Kind::Integer || value > most || value < -most || sum > most || sum < -most)
            throw lexer_.error(line, "expected an offset below 2^48");
    }
    return sum;
}

Operand Parser::named_operand(const Token& token) {
    const std::string name(token.text);
    if (name == "_") return {.kind = Operand::Kind::Sink};
    if (name == "WARP_SZ") return {.kind = Operand::Kind::Integer, .bits = 32, .width = 64};
    if (const std::uint32_t* index = find(&Scope::registers, name, scope_))
        return {.kind = Operand::Kind::Register,
                .index = *index,
                .width = function_.registers[*index].type.bits,
                .name = name};
    if (find_special(name) != nullptr) return {.kind = Operand::Kind::Special, .name = name};
    if (name.starts_with('%'))
        throw lexer_.error(
            token.line,
            fmt::format("expected a register that is declared or a special one that is known here, found {}: {}",
                        shown(name), known_specials()));
    const std::uint32_t* index = find(&Scope::variables, name, scope_);
    Operand x{.kind = Operand::Kind::Symbol, .index = index ? *index : Operand::none, .name = name};
    x.offset = offset();
    return x;
}

Operand Parser::plain_operand() {
    const Token& next = lexer_.peek();
    const bool is_sign = next.kind == TokenKind::Sign && (next.text == "-" || next.text == "~" || next.text == "(");
    if (is_sign || next.kind == TokenKind::Number) return constant();
    if (lexer_.peek().kind != TokenKind::Word) throw lexer_.expected("an operand");
    return named_operand(lexer_.take());
}

Operand Parser::address() {
    Operand x{.kind = Operand::Kind::Address};
    x.elements.push_back(plain_operand());
    x.offset = offset();
    lexer_.expect("]");
    return x;
}

Operand Parser::bracketed(Operand::Kind kind, std::string_view close, int depth) {
    if (depth > deepest_operand) throw lexer_.expected("an operand that is not nested so deep");
    Operand x{.kind = kind};
    while (!lexer_.accept(close)) {
        if (!x.elements.empty()) lexer_.expect(",");
        x.elements.push_back(operand(depth + 1));
        if (x.elements.size() > widest) throw lexer_.expected(fmt::format("at most {} elements", widest));
    }
    return x;
}

/// Is what stands in this parenthesis a number? Else it is a list.
bool Parser::begins_constant() const {
    Lexer ahead = lexer_;
    while (ahead.accept("(") || ahead.accept("-") || ahead.accept("~")) {
    }
    return ahead.peek().kind == TokenKind::Number;
}

Operand Parser::operand(int depth) {
    if (lexer_.accept("{")) return bracketed(Operand::Kind::Vector, "}", depth);
    if (lexer_.peek().text == "(" && !begins_constant()) {
        lexer_.take();
        return bracketed(Operand::Kind::List, ")", depth);
    }
    if (lexer_.accept("[")) return address();
    const bool negated = lexer_.accept("!");
    Operand x = plain_operand();
    x.negated = negated;
    if (!lexer_.accept("|")) return x;
    Operand pair{.kind = Operand::Kind::Pair};
    pair.elements.push_back(std::move(x));
    pair.elements.push_back(plain_operand());
    return pair;
}

}  // namespace halfulp::ptx
