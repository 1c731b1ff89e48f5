#include <array>

#include <halfulp/gpu/ptx/parser.h>

// Constant expressions of integers; PTX ISA, "Constants": 64 bits, unsigned where an operand is, C's precedence. Of real
// numbers there is the sign alone.

namespace halfulp::ptx {
namespace {

constexpr int deepest = 32;  // parentheses and signs within each other

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

/// From what binds least, a level each.
constexpr std::array<std::array<std::string_view, 2>, product_level + 1> levels = {
    {{"|", "|"}, {"^", "^"}, {"&", "&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/"}}};

/// Pre: for /, b is not 0, and not -1 of signed numbers; for shifts, it is below 64.
std::uint64_t result(std::string_view sign, std::uint64_t a, std::uint64_t b, bool is_unsigned) {
    const auto signed_a = static_cast<std::int64_t>(a), signed_b = static_cast<std::int64_t>(b);
    if (sign == "|") return a | b;
    if (sign == "^") return a ^ b;
    if (sign == "&") return a & b;
    if (sign == "<<") return a << b;
    if (sign == ">>") return is_unsigned ? a >> b : static_cast<std::uint64_t>(signed_a >> signed_b);
    if (sign == "+") return a + b;
    if (sign == "-") return a - b;
    if (sign == "*") return a * b;
    return is_unsigned ? a / b : static_cast<std::uint64_t>(signed_a / signed_b);
}

/// Takes the sign, of one or of two characters.
bool accept(Lexer& lexer, std::string_view sign) {
    if (lexer.peek().kind != TokenKind::Sign || lexer.peek().text != sign.substr(0, 1)) return false;
    Lexer ahead = lexer;
    for (std::size_t i = 0; i < sign.size(); ++i)
        if (!ahead.accept(sign.substr(i, 1))) return false;
    lexer = ahead;
    return true;
}

}  // namespace

/// A number, one with a sign before it, or an expression in parentheses. Its width says whether it is signed: 63 bits and
/// a sign, or 64.
Operand Parser::constant_term(int depth) {
    if (depth > deepest) throw lexer_.expected("a constant that is not nested so deep");
    if (lexer_.accept("(")) {
        const Operand x = constant(0, depth + 1);
        lexer_.expect(")");
        return x;
    }
    const bool is_negated = lexer_.accept("-");
    if (is_negated || lexer_.accept("~")) {
        Operand x = constant_term(depth + 1);
        if (x.kind == Operand::Kind::Integer) x.bits = ~x.bits + (is_negated ? 1 : 0);
        if (x.kind == Operand::Kind::Real && !is_negated) throw lexer_.expected("an integer behind ~");
        if (x.kind == Operand::Kind::Real) x.bits ^= std::uint64_t{1} << (x.width - 1);
        return x;
    }
    if (lexer_.peek().kind != TokenKind::Number) throw lexer_.expected("a number");
    const bool has_suffix = lexer_.peek().text.ends_with('U');
    Operand x = number();
    if (x.kind == Operand::Kind::Integer) x.width = has_suffix || x.bits >= sign_bit ? 64 : 63;
    return x;
}

Operand Parser::constant(std::size_t level, int depth) {
    if (level == levels.size()) return constant_term(depth);
    Operand left = constant(level + 1, depth);
    while (left.kind == Operand::Kind::Integer) {
        std::string_view sign;
        for (const std::string_view each : levels[level])
            if (sign.empty() && accept(lexer_, each)) sign = each;
        if (sign.empty()) break;
        const Operand right = constant(level + 1, depth);
        if (right.kind != Operand::Kind::Integer) throw lexer_.expected("an integer");
        const bool is_unsigned = left.width == 64 || right.width == 64;
        const bool overflows = !is_unsigned && left.bits == sign_bit && right.bits == ~std::uint64_t{0};
        if (sign == "/" && (right.bits == 0 || overflows)) throw lexer_.expected("a quotient that there is");
        if (sign.size() == 2 && right.bits >= 64) throw lexer_.expected("a shift by 0 to 63");
        left.bits = result(sign, left.bits, right.bits, is_unsigned);
        left.width = is_unsigned ? 64 : 63;
    }
    return left;
}

}  // namespace halfulp::ptx
