#include "ptx_argument.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/parse.hpp>

#include "names.hpp"

namespace {

using namespace halfulp;

constexpr const char* forms =
    "TYPE:NUMBER, in:FILE.npy, out:TYPE:SHAPE:FILE.npy, inout:FILE.npy:FILE.npy, bytes:HEX or struct:(ARGUMENT,...), where "
    "TYPE is f32, f16, s32, u8, ...";

constexpr int deepest = 16;  // structs within structs

/// The part before the first colon, which is cut off.
std::string take_part(std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) throw InputError(fmt::format("--arg: expected {}, found {}", forms, shown(text)));
    std::string part = text.substr(0, colon);
    text.erase(0, colon + 1);
    return part;
}

/// A file's name, of the argument `text`.
std::string file_of(const std::string& name, const std::string& text) {
    if (name.empty()) throw InputError(fmt::format("--arg: expected a file's name, found none in {}", shown(text)));
    return name;
}

ElementType type_named(const std::string& name) {
    if (const auto integer = find_by_name(integer_types, name)) return integer->value;
    if (const auto format = find_format(name)) return format->format;
    throw InputError(fmt::format("--arg: expected a type such as f32, f16, bf16, s32 or u8, found {}", shown(name)));
}

std::size_t stored_bytes(const ElementType& type) { return static_cast<std::size_t>(storage_of(type).width) / 8; }

/// What PTX has no type for are elements there.
ptx::Kind kind_of(const ElementType& type) {
    if (std::holds_alternative<IntegerType>(type)) return ptx::Kind::Unsigned;
    const bool is_real =
        type == ElementType(binary16) || type == ElementType(binary32) || type == ElementType(binary64);
    return is_real ? ptx::Kind::Real : ptx::Kind::Element;
}

/// An array or a vector, whose bytes have no one type.
bool is_composite(const ptx::Variable& parameter) {
    return parameter.size != parameter.type.bytes() || parameter.is_array;
}

bool takes_addresses(const ptx::Variable& parameter) {
    const ptx::Type& type = parameter.type;
    return !is_composite(parameter) && type.bits == 64 &&
           (type.kind == ptx::Kind::Unsigned || type.kind == ptx::Kind::Bits);
}

std::vector<std::byte> bytes_of(std::uint64_t code, std::size_t count) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::byte>(code >> 8 * i));
    return bytes;
}

std::uint64_t integer_code(const IntegerType& type, const std::string& text) {
    const bool negative = text.starts_with('-');
    const std::string digits = text.substr(negative ? 1 : 0);
    const auto value = digits.starts_with("0x") ? std::optional(hexadecimal(digits, 64)) : whole_number(digits);
    const std::uint64_t most = negative ? type.least() : type.code_mask();
    if (!value || *value > most || (negative && !type.is_signed))
        throw InputError(fmt::format("--arg: expected an integer of {} bits, found {}", type.width, shown(text)));
    return (negative ? ~*value + 1 : *value) & type.code_mask();
}

/// The indices of an element of row-major order.
std::vector<std::size_t> index_of(std::size_t element, const std::vector<std::size_t>& shape) {
    std::vector<std::size_t> index(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0; element /= shape[axis]) index[axis] = element % shape[axis];
    return index;
}

/// "a" and "b" of "(a,b)": what commas part that stand in no further parentheses.
std::vector<std::string> members_of(const std::string& text) {
    bool is_list = text.size() >= 2 && text.front() == '(' && text.back() == ')';
    std::vector<std::string> members(1);
    int depth = 0;
    for (std::size_t i = 1; is_list && i + 1 < text.size(); ++i) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        is_list = depth >= 0;
        if (depth == 0 && text[i] == ',')
            members.emplace_back();
        else
            members.back() += text[i];
    }
    if (!is_list || depth != 0)
        throw InputError(fmt::format("--arg: expected struct:(ARGUMENT,...), found {}", shown("struct:" + text)));
    return members;
}

void pad(std::vector<std::byte>& bytes, std::size_t alignment) {
    bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
}

/// A tensor's codes as memory holds them.
std::string packed(const Tensor& tensor) {
    const Tensor stored = as_integers(tensor);
    return pack(stored.codes, width_of(stored.type));
}

}  // namespace

std::string fitting(const ptx::Variable& parameter) {
    const auto& [name, bits, kind] = parameter.type;
    if (is_composite(parameter)) return fmt::format("{} bytes", parameter.size);
    std::string numbers = fmt::format("b{}", bits);
    if (kind == ptx::Kind::Bits) numbers = fmt::format("any number of {} bits", bits);
    if (kind == ptx::Kind::Real) numbers = fmt::format("{} or b{}", name, bits);
    if (parameter.type.is_integer()) numbers = fmt::format("u{0}, s{0} or b{0}", bits);
    return numbers + (takes_addresses(parameter) ? ", or in, out or inout" : "");
}

KernelArgument::KernelArgument(const std::string& text, int depth) {
    if (depth > deepest)
        throw InputError(
            fmt::format("--arg: expected at most {} structs within each other, found {}", deepest, shown(text)));
    std::string rest = text;
    const std::string kind = take_part(rest);
    if (kind == "in") {
        tensor_ = read_tensor(file_of(rest, text));
        has_content_ = true;
    } else if (kind == "inout") {
        tensor_ = read_tensor(file_of(take_part(rest), text));
        has_content_ = true;
        output_ = file_of(rest, text);
    } else if (kind == "out") {
        parse_output(rest);
        output_ = file_of(output_, text);
    } else if (kind == "bytes") {
        parse_bytes(rest);
    } else if (kind == "struct") {
        kind_ = ptx::Kind::Bits;
        alignment_ = 1;
        for (const std::string& member : members_of(rest))
            alignment_ = std::max(alignment_, members_.emplace_back(member, depth + 1).alignment_);
    } else {
        parse_number(kind, rest);
    }
}

void KernelArgument::parse_bytes(const std::string& text) {
    if (text.empty() || text.size() % 2 != 0 || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
        throw InputError(fmt::format("--arg: expected bytes of two hexadecimal digits each, found {}", shown(text)));
    kind_ = ptx::Kind::Bits;
    alignment_ = 1;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes_.push_back(static_cast<std::byte>(hexadecimal(text.substr(i, 2), 8)));
}

void KernelArgument::parse_number(const std::string& type, const std::string& text) {
    const bool is_bits = type == "b32" || type == "b64" || type == "b16" || type == "b8";
    const ElementType element = type_named(is_bits ? "u" + type.substr(1) : type);
    kind_ = is_bits ? ptx::Kind::Bits : kind_of(element);
    std::uint64_t code = 0;
    if (const auto* integer = std::get_if<IntegerType>(&element)) {
        code = integer_code(*integer, text);
    } else {
        const Format& format = std::get<Format>(element);
        const auto value = halfulp::parse(format, text);
        if (!value.value) throw InputError(fmt::format("--arg: expected a number, found {}", shown(text)));
        code = value.value->code << storage_of(format).shift;
    }
    bytes_ = bytes_of(code, stored_bytes(element));
    alignment_ = bytes_.size();
}

void KernelArgument::parse_output(const std::string& text) {
    std::string rest = text;
    const ElementType type = type_named(take_part(rest));
    std::string sizes = take_part(rest) + "x";
    output_ = rest;
    tensor_ = Tensor{.shape = {}, .type = type, .codes = {}};
    for (std::size_t at = sizes.find('x'); at != std::string::npos; at = sizes.find('x')) {
        const auto size = whole_number(sizes.substr(0, at));
        if (!size || *size == 0)
            throw InputError(fmt::format("--arg: expected a shape such as 16x8, found {}", shown(text)));
        tensor_->shape.push_back(*size);
        sizes.erase(0, at + 1);
    }
    const auto count = element_count(tensor_->shape);
    if (!count || *count > std::size_t{1} << 40)
        throw InputError(fmt::format("--arg: expected a shape of at most 2^40 elements, found {}", shown(text)));
}

std::vector<std::byte> KernelArgument::place(ptx::Machine& machine) {
    for (KernelArgument& member : members_) {
        pad(bytes_, member.alignment_);
        const std::vector<std::byte> bytes = member.place(machine);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }
    pad(bytes_, alignment_);
    if (!tensor_) return bytes_;
    const std::size_t bytes = *element_count(tensor_->shape) * stored_bytes(tensor_->type);
    address_ = machine.allocate(bytes);
    if (has_content_) {
        const std::string content = packed(*tensor_);
        machine.write(address_, std::as_bytes(std::span(content)));
    }
    return bytes_ = bytes_of(address_, sizeof address_);
}

bool KernelArgument::fits(const ptx::Variable& parameter) const {
    if (tensor_) return takes_addresses(parameter);
    if (bytes_.size() != parameter.size) return false;
    const ptx::Kind wanted = parameter.type.kind;
    if (is_composite(parameter) || wanted == ptx::Kind::Bits || kind_ == ptx::Kind::Bits) return true;
    return kind_ == (parameter.type.is_integer() ? ptx::Kind::Unsigned : wanted);
}

void KernelArgument::finish(const ptx::Machine& machine, const std::string& name, std::vector<std::string>& written) {
    for (std::size_t i = 0; i < members_.size(); ++i)
        members_[i].finish(machine, fmt::format("{}, member {}", name, i), written);
    if (output_.empty()) return;
    const std::string bytes = content(machine, name);
    const Storage storage = storage_of(tensor_->type);
    tensor_->codes = unpack(bytes, storage.width, false);
    if (const auto* format = std::get_if<Format>(&tensor_->type))
        for (std::uint64_t& code : tensor_->codes) code = (code >> storage.shift) & format->code_mask();
    write_npy(output_, *tensor_);
    written.push_back(output_);
}

/// The bytes of the elements, which are read one by one to tell which one is missing.
std::string KernelArgument::content(const ptx::Machine& machine, const std::string& name) const {
    const std::size_t size = stored_bytes(tensor_->type), count = *element_count(tensor_->shape);
    std::string bytes(count * size, '\0');
    const auto places = std::as_writable_bytes(std::span(bytes));
    for (std::size_t i = 0; i < count; ++i) {
        try {
            machine.read(address_ + i * size, places.subspan(i * size, size));
        } catch (const InputError&) {
            throw InputError(fmt::format(
                "{}, element {}: nobody has written it, or not all of it; inout: says what stands there before", name,
                shape_text(index_of(i, tensor_->shape))));
        }
    }
    return bytes;
}
