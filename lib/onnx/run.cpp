#include <halfulp/lib/onnx/run.hpp>

#include <fmt/format.h>

#include <set>

#include <halfulp/lib/onnx/operator.h>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::onnx {
namespace {

struct Known {
    Tensor tensor;
    bool bits_are_fixed = true;
};

/// What names stand for while a graph runs, as long as a node or the graph's outputs are still to read them.
class Values {
  public:
    /// For so many elements.
    Values(const Graph& graph, std::uint64_t room) : room_(room) {
        for (const Node& node : graph.nodes)
            for (const std::string& name : node.inputs) ++readers_[name];
        for (const std::string& name : graph.outputs) ++readers_[name];
    }

    void set(const std::string& name, Known value) {
        if (readers_.count(name) > 0) values_[name] = std::move(value);
    }

    const Known& at(const std::string& name) const {
        const auto found = values_.find(name);
        if (found != values_.end()) return found->second;
        throw InputError(fmt::format("expected a tensor {}, found none", shown(name)));
    }

    /// Each of these names is read once more, and for the last time it is forgotten.
    void release(const std::vector<std::string>& names) {
        for (const std::string& name : names)
            if (--readers_[name] == 0) values_.erase(name);
    }

    void expect_room() const {
        std::uint64_t elements = 0;
        for (const auto& [name, value] : values_) elements += value.tensor.codes.size();
        onnx::expect_room(elements, "all values together", room_);
    }

    /// The inputs of a node, each as often as it is named: so many elements some operators return.
    std::vector<const Tensor*> inputs_of(const Node& node) const {
        std::vector<const Tensor*> inputs;
        std::uint64_t elements = 0;
        for (const std::string& name : node.inputs) {
            inputs.push_back(name.empty() ? nullptr : &at(name).tensor);
            elements += name.empty() ? 0 : inputs.back()->codes.size();
        }
        onnx::expect_room(elements, "all inputs together", room_);
        return inputs;
    }

  private:
    std::uint64_t room_;
    std::map<std::string, Known> values_;
    std::map<std::string, std::size_t> readers_;
};

std::int64_t opset_of(const Graph& graph, const Node& node) {
    const auto found = graph.opsets.find(node.domain);
    if (found != graph.opsets.end()) return found->second;
    throw InputError(fmt::format("expected the version of domain {}, found none", shown(node.domain)));
}

/// Throws Unsupported if there is none.
const Operator& operator_of(const Graph& graph, const Node& node) {
    const Operator* row = find_operator(node.domain, node.op);
    if (!row) throw Unsupported("operator " + shown(node.domain.empty() ? node.op : node.domain + "." + node.op));
    if (opset_of(graph, node) < row->since)
        throw InputError(
            fmt::format("expected version {} of ONNX for {}, found {}", row->since, node.op, opset_of(graph, node)));
    return *row;
}

void compute(const Graph& graph, const Node& node, Values& values) {
    const Operator& row = operator_of(graph, node);
    if (node.inputs.size() > row.most_inputs)
        throw InputError(fmt::format("expected at most {} inputs, found {}", row.most_inputs, node.inputs.size()));
    std::vector<Tensor> results =
        row.run({.node = node, .opset = opset_of(graph, node), .inputs = values.inputs_of(node)});
    if (node.outputs.size() > results.size())
        throw InputError(fmt::format("expected at most {} outputs, found {}", results.size(), node.outputs.size()));
    values.release(node.inputs);
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
        values.set(node.outputs[i], {std::move(results[i]), row.fixes_bits});
    values.expect_room();
}

Values given(const Graph& graph, const std::vector<Tensor>& inputs, std::uint64_t room) {
    Values values(graph, room);
    for (const auto& [name, tensor] : graph.initializers) values.set(name, {tensor});
    std::vector<std::string> names;
    for (const std::string& name : graph.inputs)
        if (inputs.size() == graph.inputs.size() || graph.initializers.count(name) == 0) names.push_back(name);
    if (names.size() != inputs.size())
        throw InputError(fmt::format("expected {} inputs, found {}", names.size(), inputs.size()));
    for (std::size_t i = 0; i < names.size(); ++i) values.set(names[i], {inputs[i]});
    values.expect_room();
    return values;
}

}  // namespace

void expect_supported(const Graph& graph) {
    for (const Node& node : graph.nodes) {
        const Operator& row = operator_of(graph, node);
        for (const auto& [name, value] : node.attributes)
            if (row.attributes.count(name) == 0)
                throw Unsupported(fmt::format("attribute {} of {}", shown(name), node.op));
    }
}

std::vector<Output> run(const Graph& graph, const std::vector<Tensor>& inputs, std::uint64_t room) {
    expect_supported(graph);
    if (std::set(graph.outputs.begin(), graph.outputs.end()).size() < graph.outputs.size())
        throw InputError("expected outputs of different names, found one twice");
    Values values = given(graph, inputs, room);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const std::string place = fmt::format("node {}, {}: ", i, graph.nodes[i].op);
        try {
            compute(graph, graph.nodes[i], values);
        } catch (const InputError& error) {
            throw InputError(place + error.what());
        } catch (const Unsupported& unsupported) {
            throw Unsupported(place + unsupported.what());
        }
    }
    std::vector<Output> outputs;
    for (const std::string& name : graph.outputs) {
        const Known& value = values.at(name);
        outputs.push_back({name, value.tensor, value.bits_are_fixed});
        values.release({name});
    }
    return outputs;
}

}  // namespace halfulp::onnx
