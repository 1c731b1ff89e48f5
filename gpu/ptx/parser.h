#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/ptx/token.h>
#include <halfulp/gpu/ptx/module.hpp>

// Text to a module whose instructions are not yet checked: check.hpp does that. A file a level: module and functions
// (parser.cpp), variables (declaration.cpp), statements (statement.cpp), operands (operand.cpp), constant expressions (constant.cpp).

namespace halfulp::ptx {

/// Names of a block in braces; blocks within see those outside.
struct Scope {
    std::size_t parent = 0;  ///< of the outermost: itself
    /// their indices, by name
    std::map<std::string, std::uint32_t, std::less<>> registers = {}, variables = {}, labels = {};
    std::map<std::string, std::vector<std::string>, std::less<>> branch_tables = {};  ///< labels of each, by name
};

/// Of constant expressions: those of products and what binds closer.
inline constexpr std::size_t product_level = 5;

/// Reads a module from text.
class Parser {
  public:
    /// the text lives as long
    Parser(std::string_view text, const std::string& file) : lexer_(text, file) { code_.file = file; }

    Code parse();  ///< The module, not checked yet. Throws Error.

  private:
    // parser.cpp
    template <class What>
    void at_line(int line, const What& what) const;
    void version_target_and_size();
    void module_item();
    void function(bool is_kernel, bool is_external);
    std::vector<Variable> parameter_list();
    void function_directives();
    Dim3 thread_counts();
    bool skip_debugging();

    // declaration.cpp
    Type type();
    Variable variable(Space space);
    void array_sizes(Variable& v);
    void initialiser(Variable& v);
    void initial_value(Variable& v, std::size_t& at);
    void declare(Space space);
    void registers();
    void add_register(const std::string& name, const Type& type, int line);

    // statement.cpp
    void body();
    void block();
    void statement();
    bool label_or_table();
    void branch_table(const std::string& name);
    void instruction();
    void read_instruction(Instruction& x);
    void add(Instruction x);
    void skip_behind(std::string_view end, const Error& error);
    void resolve_branches();
    void resolve(Instruction& x, std::size_t scope) const;
    std::uint32_t label(std::size_t scope, const std::string& name, int line) const;

    // constant.cpp
    Operand constant(std::size_t level = 0, int depth = 0);
    Operand constant_term(int depth);

    // operand.cpp
    bool begins_constant() const;
    Operand operand(int depth = 0);
    Operand plain_operand();
    Operand named_operand(const Token& token);
    Operand number();
    Operand bracketed(Operand::Kind kind, std::string_view close, int depth);
    Operand address();
    std::int64_t offset();
    std::uint64_t integer(std::string_view what);

    template <class Map>
    const typename Map::mapped_type* find(Map Scope::*map, std::string_view name, std::size_t scope) const {
        for (;; scope = scopes_[scope].parent) {
            const auto found = (scopes_[scope].*map).find(name);
            if (found != (scopes_[scope].*map).end()) return &found->second;
            if (scope == scopes_[scope].parent) return nullptr;
        }
    }

    Lexer lexer_;
    Code code_;
    Function function_;               ///< the one whose body is read
    std::vector<Scope> scopes_ = {};  ///< of that function
    std::size_t scope_ = 0;
    std::vector<std::size_t> scope_of_ = {};  ///< of each instruction
};

}  // namespace halfulp::ptx
