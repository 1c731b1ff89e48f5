#include <halfulp/gpu/ptx/parser.h>

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/gpu/ptx/requirement.h>
#include <halfulp/gpu/ptx/check.hpp>

namespace halfulp::ptx {

/// What `what` throws, with a line.
template <class What>
void Parser::at_line(int line, const What& what) const {
    try {
        what();
    } catch (const InputError& error) {
        throw lexer_.error(line, error.what());
    }
}

/// .version 9.0 .target sm_80 .address_size 64, which begin every module.
void Parser::version_target_and_size() {
    lexer_.expect(".version");
    const Token version = lexer_.take();
    int major = 0, minor = 0;
    const char* end = version.text.data() + version.text.size();
    const auto [dot, error] = std::from_chars(version.text.data(), end, major);
    if (error != std::errc{} || dot == end || *dot != '.' || std::from_chars(dot + 1, end, minor).ptr != end)
        throw lexer_.error(version.line, "expected a version such as 8.0, found " + shown(version.text));
    code_.version = 10 * major + (minor < 10 ? minor : 9);
    at_line(version.line, [&] { check_version(code_.version); });
    lexer_.expect(".target");
    const Token target = lexer_.expect_word("a target such as sm_80");
    at_line(target.line, [&] { code_.target = target_number(target.text, code_.version); });
    while (lexer_.accept(",")) lexer_.expect_word("an option of .target");
    lexer_.expect(".address_size");
    const Token size = lexer_.take();
    if (size.text != "64") throw lexer_.error(size.line, "expected addresses of 64 bits, found " + shown(size.text));
}

/// .loc, .file, .section and what belongs to them.
bool Parser::skip_debugging() {
    const int line = lexer_.peek().line;
    if (lexer_.accept(".loc") || lexer_.accept(".file")) {
        lexer_.skip_line(line);
        return true;
    }
    if (!lexer_.accept(".section")) return false;
    while (lexer_.peek().text != "{") {
        if (lexer_.peek().kind == TokenKind::End) throw lexer_.expected("{");
        lexer_.take();
    }
    while (!lexer_.accept("}")) {
        if (lexer_.peek().kind == TokenKind::End) throw lexer_.expected("}");
        lexer_.take();
    }
    return true;
}

void Parser::module_item() {
    if (skip_debugging()) return;
    bool is_external = false;
    for (;;) {
        if (lexer_.accept(".extern"))
            is_external = true;
        else if (!lexer_.accept(".visible") && !lexer_.accept(".weak") && !lexer_.accept(".common"))
            break;
    }
    if (lexer_.accept(".pragma")) {
        lexer_.take();
        return lexer_.expect(";");
    }
    if (lexer_.accept(".entry")) return function(true, is_external);
    if (lexer_.accept(".func")) return function(false, is_external);
    Space space = Space::Global;
    if (lexer_.accept(".const"))
        space = Space::Constant;
    else if (lexer_.accept(".shared"))
        space = Space::Shared;
    else
        lexer_.expect(".global");
    do {
        code_.variables.push_back(variable(space));
        code_.variables.back().is_external = is_external;
    } while (lexer_.accept(","));
    lexer_.expect(";");
}

std::vector<Variable> Parser::parameter_list() {
    std::vector<Variable> list;
    if (!lexer_.accept("(")) return list;
    while (!lexer_.accept(")")) {
        if (!list.empty()) lexer_.expect(",");
        const int line = lexer_.peek().line;
        if (lexer_.accept(".reg"))
            throw lexer_.error(line, "expected parameters in .param: those in .reg are not known here");
        lexer_.expect(".param");
        list.push_back(variable(Space::Parameter));
        if (list.back().is_dynamic) throw lexer_.error(line, list.back().name + ": expected a size");
    }
    return list;
}

/// 128 or 8, 8, 2.
Dim3 Parser::thread_counts() {
    Dim3 counts;
    std::uint32_t* const sizes[] = {&counts.x, &counts.y, &counts.z};
    for (std::uint32_t* size : sizes) {
        *size = static_cast<std::uint32_t>(integer("a number of threads"));
        if (!lexer_.accept(",")) break;
    }
    return counts;
}

void Parser::function_directives() {
    for (;;) {
        if (lexer_.accept(".maxntid")) {
            function_.most_threads = thread_counts();
        } else if (lexer_.accept(".reqntid")) {
            function_.required_threads = thread_counts();
        } else if (lexer_.accept(".minnctapersm") || lexer_.accept(".maxnreg")) {
            integer("a number");
        } else if (lexer_.accept(".pragma")) {
            lexer_.take();
            lexer_.expect(";");
        } else if (!lexer_.accept(".noreturn") && !lexer_.accept(".attribute")) {
            return;
        }
    }
}

void Parser::function(bool is_kernel, bool is_external) {
    function_ = {};
    function_.is_kernel = is_kernel;
    if (!is_kernel) function_.results = parameter_list();
    const Token name = lexer_.expect_word("the name of a function");
    function_.name = name.text;
    function_.line = name.line;
    function_.parameters = parameter_list();
    function_directives();
    if (!lexer_.accept(";")) {
        if (is_external) throw lexer_.expected("\";\" behind an external function");
        lexer_.expect("{");
        body();
    }
    Function& known = code_.functions[function_.name];
    if (known.is_defined && function_.is_defined)
        throw lexer_.error(name.line, fmt::format("{}: defined before, in line {}", function_.name, known.line));
    if (!known.is_defined) known = std::move(function_);
}

Code Parser::parse() {
    version_target_and_size();
    while (lexer_.peek().kind != TokenKind::End) module_item();
    return std::move(code_);
}

bool Instruction::has(std::string_view modifier) const {
    for (const std::string& x : modifiers)
        if (x == modifier) return true;
    return false;
}

std::vector<std::string> Module::kernels() const {
    std::vector<std::string> names;
    for (const auto& [name, function] : code_->functions)
        if (function.is_kernel && function.is_defined) names.push_back(name);
    return names;
}

const Function& Module::kernel(std::string_view name) const {
    const auto found = code_->functions.find(name);
    if (found == code_->functions.end() || !found->second.is_kernel || !found->second.is_defined)
        throw Error({.file = code_->file},
                    fmt::format("kernel {}: expected one of {}", shown(name), fmt::join(kernels(), ", ")));
    return found->second;
}

Module parse(std::string_view text, const std::string& filename) {
    auto code = std::make_shared<Code>(Parser(text, filename).parse());
    check(*code);
    return Module(std::move(code));
}

}  // namespace halfulp::ptx
