#include <halfulp/gpu/ptx/call_graph.h>

#include <algorithm>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/execute/control.h>
#include <halfulp/gpu/ptx/opcode.hpp>

namespace halfulp::ptx {
namespace {

class CallGraph {
  public:
    explicit CallGraph(Code& code) : code_(code) {}

    /// How many functions deep the calls of this one go, itself counted, where `level` ones lead to it.
    int depth(Function& f, int level) {
        if (const auto known = depths_.find(&f); known != depths_.end()) return known->second;
        depths_[&f] = open;
        int deepest = 0;
        for (Instruction& x : f.instructions) {
            if (!x.flaw.empty() || x.opcode->flow != Flow::Call) continue;
            Function& callee = code_.functions.find(parse_call(x).callee)->second;
            const int below = level == deepest_call ? deepest_call : depth(callee, level + 1);
            if (below == open)
                x.flaw = fmt::format("function {} calls itself, which is not supported", shown(callee.name));
            else if (below == deepest_call)
                x.flaw = fmt::format("expected calls of at most {} functions within each other", deepest_call);
            else
                deepest = std::max(deepest, below);
        }
        return depths_[&f] = deepest + 1;
    }

  private:
    static constexpr int open = -1;

    Code& code_;
    std::map<const Function*, int> depths_;
};

}  // namespace

void find_recursion(Code& code) {
    CallGraph graph(code);
    for (auto& [name, function] : code.functions) graph.depth(function, 1);
}

}  // namespace halfulp::ptx
