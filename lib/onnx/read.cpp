#include <halfulp/lib/onnx/read.hpp>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <limits>

#include <halfulp/lib/onnx/data_type.h>
#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/onnx/shape.hpp>

namespace halfulp::onnx {
namespace {

/// Bytes that hold so many elements one after another; none if there are more than any file has.
std::optional<std::uint64_t> bytes_of(std::uint64_t count, int width) {
    const auto bits = static_cast<std::uint64_t>(width);
    if (count > (std::numeric_limits<std::uint64_t>::max() - 7) / bits) return std::nullopt;
    return (count * bits + 7) / 8;
}

/// Elements of any width, one after another from the lowest bit of the first byte on. Pre: as many bytes as they take; if the
/// width is not a multiple of 8, at most 8.
std::vector<std::uint64_t> unpacked(std::string_view bytes, std::uint64_t count, int width) {
    const auto bits = static_cast<std::size_t>(width);
    std::vector<std::uint64_t> codes;
    codes.reserve(count);
    for (std::size_t at = 0; codes.size() < count; at += bits) {
        const std::uint64_t word = little_endian(bytes.substr(at / 8, (at % 8 + bits + 7) / 8));
        codes.push_back(word >> at % 8 & ~std::uint64_t{0} >> (64 - bits));
    }
    return codes;
}

/// A tensor on its way out of a message.
class TensorReader {
  public:
    /// `place` stands before each message of an error.
    TensorReader(const ::onnx::TensorProto& proto, std::string place) : proto_(proto), place_(std::move(place)) {}

    Tensor read() const {
        if (proto_.data_location() == ::onnx::TensorProto::EXTERNAL) throw Unsupported(place_ + "data in another file");
        const DataType& type = type_of();
        Tensor tensor{.shape = shape(), .type = type.element, .codes = {}};
        const auto count = element_count(tensor.shape);
        if (!count) throw error(fmt::format("expected fewer elements, found the shape {}", shape_text(tensor.shape)));
        tensor.codes = proto_.has_raw_data() ? raw(type, *count) : of_field(type, *count);
        for (const std::uint64_t code : tensor.codes)
            if (type.element == ElementType(boolean) && code > 1)
                throw error(fmt::format("expected 0 or 1 for BOOL, found {}", code));
        return tensor;
    }

  private:
    InputError error(const std::string& message) const { return InputError(place_ + message); }

    const DataType& type_of() const {
        if (proto_.data_type() == 0) throw error("expected a tensor with a data type, found none");
        try {
            return data_type(proto_.data_type());
        } catch (const Unsupported& unsupported) {
            throw Unsupported(place_ + unsupported.what());
        }
    }

    std::vector<std::size_t> shape() const {
        std::vector<std::size_t> sizes;
        for (const std::int64_t size : proto_.dims()) {
            if (size < 0) throw error(fmt::format("expected no negative dimension, found {}", size));
            sizes.push_back(static_cast<std::size_t>(size));
        }
        return sizes;
    }

    /// The message has what so many elements take, and there is room for them.
    void expect(std::uint64_t elements, std::optional<std::uint64_t> expected, std::uint64_t found,
                std::string_view what) const {
        if (expected == found) return expect_room(elements, place_ + "a tensor");
        const std::string number = expected ? fmt::to_string(*expected) : "more than 2^61";
        throw error(fmt::format("expected {} {} for dimensions ({}), found {}", number, what,
                                fmt::join(proto_.dims(), ", "), found));
    }

    std::vector<std::uint64_t> raw(const DataType& type, std::uint64_t count) const {
        expect(count, bytes_of(count, type.stored), proto_.raw_data().size(), "bytes of raw_data");
        return unpacked(proto_.raw_data(), count, type.stored);
    }

    /// The field of the type: what raw_data would hold, in other words.
    std::vector<std::uint64_t> of_field(const DataType& type, std::uint64_t count) const {
        if (type.element == ElementType(binary32)) return bits(proto_.float_data(), count);
        if (type.element == ElementType(binary64)) return bits(proto_.double_data(), count);
        const auto* integer = std::get_if<IntegerType>(&type.element);
        if (integer && integer->width == 64 && integer->is_signed) return in_range(proto_.int64_data(), type, count);
        if (integer && integer->width >= 32 && !integer->is_signed) return in_range(proto_.uint64_data(), type, count);
        if (type.stored == 4 || type.stored == 2) return packed(type, count);
        return in_range(proto_.int32_data(), type, count);
    }

    template <class Field>
    std::vector<std::uint64_t> bits(const Field& field, std::uint64_t count) const {
        expect(count, count, static_cast<std::uint64_t>(field.size()), "elements");
        std::vector<std::uint64_t> codes;
        codes.reserve(count);
        for (const auto number : field) {
            std::uint64_t code = 0;
            std::memcpy(&code, &number, sizeof number);
            codes.push_back(code);
        }
        return codes;
    }

    /// Integers as they are, codes of other types as unsigned integers; none may be too wide.
    template <class Field>
    std::vector<std::uint64_t> in_range(const Field& field, const DataType& type, std::uint64_t count) const {
        expect(count, count, static_cast<std::uint64_t>(field.size()), "elements");
        const auto* integer = std::get_if<IntegerType>(&type.element);
        const IntegerType holder = integer ? *integer : IntegerType{type.stored, false};
        std::vector<std::uint64_t> codes;
        codes.reserve(count);
        for (const auto number : field) {
            const Rounded code = to_integer(holder, exact(number));
            if (code.status.invalid) throw error(fmt::format("expected a code of {}, found {}", type.name, number));
            codes.push_back(code.code);
        }
        return codes;
    }

    /// Two or four elements in a byte, and a byte in each number of int32_data.
    std::vector<std::uint64_t> packed(const DataType& type, std::uint64_t count) const {
        expect(count, bytes_of(count, type.stored), static_cast<std::uint64_t>(proto_.int32_data_size()), "bytes");
        std::string bytes;
        for (const std::int32_t number : proto_.int32_data()) {
            if (number < 0 || number > 0xFF) throw error(fmt::format("expected a byte, found {}", number));
            bytes += static_cast<char>(number);
        }
        return unpacked(bytes, count, type.stored);
    }

    const ::onnx::TensorProto& proto_;
    std::string place_;
};

template <class Message>
Message parsed(const std::filesystem::path& path, std::string_view what) {
    BinaryFile file(path);
    constexpr std::uint64_t most = 1 << 30;
    if (file.size() > most) throw file.error(fmt::format("expected at most {} bytes, found {}", most, file.size()));
    const std::string bytes = file.read(0, file.size(), what);
    Message message;
    if (!message.ParseFromString(bytes)) throw file.error(fmt::format("expected {}, found bytes that are none", what));
    return message;
}

Attribute attribute_of(const ::onnx::AttributeProto& proto) {
    switch (proto.type()) {
        case ::onnx::AttributeProto::INT: return proto.i();
        case ::onnx::AttributeProto::FLOAT: return proto.f();
        case ::onnx::AttributeProto::STRING: return proto.s();
        case ::onnx::AttributeProto::INTS: return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
        default: return std::monostate{};
    }
}

/// The two names of ONNX's own domain are one.
std::string domain_of(const std::string& domain) { return domain == "ai.onnx" ? "" : domain; }

Node node_of(const ::onnx::NodeProto& proto) {
    Node node{.op = proto.op_type(),
              .domain = domain_of(proto.domain()),
              .inputs = {proto.input().begin(), proto.input().end()},
              .outputs = {proto.output().begin(), proto.output().end()},
              .attributes = {}};
    for (const auto& attribute : proto.attribute()) node.attributes[attribute.name()] = attribute_of(attribute);
    return node;
}

}  // namespace

Graph read_model(const std::filesystem::path& path) {
    const auto model = parsed<::onnx::ModelProto>(path, "a model of ONNX");
    if (!model.has_graph()) throw InputError(path.string() + ": expected a model of ONNX with a graph, found none");
    Graph graph;
    for (const auto& set : model.opset_import()) graph.opsets[domain_of(set.domain())] = set.version();
    for (const auto& node : model.graph().node()) graph.nodes.push_back(node_of(node));
    for (const auto& input : model.graph().input()) graph.inputs.push_back(input.name());
    for (const auto& output : model.graph().output()) graph.outputs.push_back(output.name());
    for (const auto& tensor : model.graph().initializer()) {
        const std::string place = fmt::format("{}: initializer {}: ", path.string(), shown(tensor.name()));
        graph.initializers[tensor.name()] = TensorReader(tensor, place).read();
    }
    return graph;
}

Tensor read_tensor(const std::filesystem::path& path) {
    return TensorReader(parsed<::onnx::TensorProto>(path, "a tensor of ONNX"), path.string() + ": ").read();
}

}  // namespace halfulp::onnx
