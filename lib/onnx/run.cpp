#include <halfulp/lib/onnx/run.hpp>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/onnx/operator.hpp>

namespace halfulp::onnx {
namespace {

/// What a name stands for while a graph runs.
struct Known {
    Tensor tensor;
    bool bits_are_fixed = true;
};

using Values = std::map<std::string, Known>;

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

const Known& known(const Values& values, const std::string& name) {
    const auto found = values.find(name);
    if (found != values.end()) return found->second;
    throw InputError(fmt::format("expected a tensor {}, found none", shown(name)));
}

void compute(const Graph& graph, const Node& node, Values& values) {
    const Operator& row = operator_of(graph, node);
    Call call{.node = node, .opset = opset_of(graph, node), .inputs = {}};
    for (const std::string& name : node.inputs)
        call.inputs.push_back(name.empty() ? nullptr : &known(values, name).tensor);
    std::vector<Tensor> results = row.run(call);
    if (node.outputs.size() > results.size())
        throw InputError(fmt::format("expected at most {} outputs, found {}", results.size(), node.outputs.size()));
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
        values[node.outputs[i]] = {std::move(results[i]), row.fixes_bits};
}

Values given(const Graph& graph, const std::vector<Tensor>& inputs) {
    Values values;
    for (const auto& [name, tensor] : graph.initializers) values[name] = {tensor};
    std::vector<std::string> names;
    for (const std::string& name : graph.inputs)
        if (inputs.size() == graph.inputs.size() || graph.initializers.count(name) == 0) names.push_back(name);
    if (names.size() != inputs.size())
        throw InputError(fmt::format("expected {} inputs, found {}", names.size(), inputs.size()));
    for (std::size_t i = 0; i < names.size(); ++i) values[names[i]] = {inputs[i]};
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

std::vector<Output> run(const Graph& graph, const std::vector<Tensor>& inputs) {
    expect_supported(graph);
    Values values = given(graph, inputs);
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
        const Known& value = known(values, name);
        outputs.push_back({name, value.tensor, value.bits_are_fixed});
    }
    return outputs;
}

}  // namespace halfulp::onnx
