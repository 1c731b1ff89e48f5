#include <halfulp/lib/onnx/write.hpp>

#include <onnx/onnx_pb.h>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::onnx {
namespace {

constexpr std::int64_t ir_version = 8;  // of ONNX 1.10 and newer, which every runtime of the operators' versions reads

std::int32_t number_of(const ElementType& element) {
    const DataType* row = find_data_type([&](const DataType& t) { return t.element == element; });
    return static_cast<std::int32_t>(row->number);
}

void set(::onnx::TensorProto& to, const std::string& name, const Tensor& tensor) {
    to.set_name(name);
    to.set_data_type(number_of(tensor.type));
    for (const std::size_t size : tensor.shape) to.add_dims(static_cast<std::int64_t>(size));
    to.set_raw_data(pack(tensor.codes, width_of(tensor.type)));
}

void set(::onnx::ValueInfoProto& to, const std::string& name, const ValueType& type) {
    to.set_name(name);
    auto& tensor = *to.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(number_of(type.element));
    for (const std::size_t size : type.shape) {
        auto& dimension = *tensor.mutable_shape()->add_dim();
        if (size > 0) dimension.set_dim_value(static_cast<std::int64_t>(size));
    }
}

/// The kinds of an attribute.
struct SetAttribute {
    ::onnx::AttributeProto& to;

    void operator()(std::monostate) const {}
    void operator()(std::int64_t x) const {
        to.set_type(::onnx::AttributeProto::INT);
        to.set_i(x);
    }
    void operator()(float x) const {
        to.set_type(::onnx::AttributeProto::FLOAT);
        to.set_f(x);
    }
    void operator()(const std::string& x) const {
        to.set_type(::onnx::AttributeProto::STRING);
        to.set_s(x);
    }
    void operator()(const std::vector<std::int64_t>& x) const {
        to.set_type(::onnx::AttributeProto::INTS);
        for (const std::int64_t number : x) to.add_ints(number);
    }
};

void set(::onnx::NodeProto& to, const Node& node) {
    to.set_op_type(node.op);
    to.set_domain(node.domain);
    for (const std::string& name : node.inputs) to.add_input(name);
    for (const std::string& name : node.outputs) to.add_output(name);
    for (const auto& [name, value] : node.attributes) {
        auto& attribute = *to.add_attribute();
        attribute.set_name(name);
        std::visit(SetAttribute{attribute}, value);
    }
}

}  // namespace

void write_model(const std::filesystem::path& path, const Graph& graph, const std::map<std::string, ValueType>& types) {
    ::onnx::ModelProto model;
    model.set_ir_version(ir_version);
    model.set_producer_name("halfulp");
    for (const auto& [domain, version] : graph.opsets) {
        auto& set = *model.add_opset_import();
        set.set_domain(domain);
        set.set_version(version);
    }
    auto& to = *model.mutable_graph();
    to.set_name(path.stem().string());
    for (const Node& node : graph.nodes) set(*to.add_node(), node);
    for (const auto& [name, tensor] : graph.initializers) set(*to.add_initializer(), name, tensor);
    for (const std::string& name : graph.inputs) set(*to.add_input(), name, types.at(name));
    for (const std::string& name : graph.outputs) set(*to.add_output(), name, types.at(name));
    write_text(path, model.SerializeAsString());
}

}  // namespace halfulp::onnx
