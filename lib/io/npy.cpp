#include <halfulp/lib/io/npy.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <halfulp/lib/io/npy_header.h>
#include <halfulp/lib/io/element.hpp>

namespace halfulp {
namespace {

constexpr std::size_t most_axes = 64;  // NPY_MAXDIMS

struct Descr {
    std::string_view name;  ///< kind and bytes, as in numpy.dtype.str
    ElementType type;
};

constexpr std::array descrs = {
    Descr{"f2", binary16},
    Descr{"f4", binary32},
    Descr{"f8", binary64},
    Descr{"i1", IntegerType{8, true}},
    Descr{"i2", IntegerType{16, true}},
    Descr{"i4", IntegerType{32, true}},
    Descr{"i8", IntegerType{64, true}},
    Descr{"u1", IntegerType{8, false}},
    Descr{"u2", IntegerType{16, false}},
    Descr{"u4", IntegerType{32, false}},
    Descr{"u8", IntegerType{64, false}},
    // What becomes of ml_dtypes' arrays: void, which does not tell the format, but f1 for float8_e5m2.
    Descr{"V1", IntegerType{8, false}},
    Descr{"V2", IntegerType{16, false}},
    Descr{"f1", IntegerType{8, false}},
};

/// The same elements with the last index running fastest instead of the first.
std::vector<std::uint64_t> row_major(const std::vector<std::uint64_t>& column_major,
                                     const std::vector<std::size_t>& shape) {
    std::vector<std::size_t> stride(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) stride[axis - 1] = stride[axis] * shape[axis];
    std::vector<std::size_t> index(shape.size(), 0);
    std::vector<std::uint64_t> codes(column_major.size());
    std::size_t place = 0;
    for (const std::uint64_t code : column_major) {
        codes[place] = code;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            place += stride[axis];
            if (++index[axis] < shape[axis]) break;
            place -= stride[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    return codes;
}

/// The row of a descr such as "<f2".
const Descr& find_descr(const BinaryFile& file, const std::string& descr) {
    const bool ordered = descr.find_first_of("<>|") == 0;
    const auto* row = std::ranges::find(descrs, ordered ? descr.substr(1) : "", &Descr::name);
    if (row != descrs.end()) return *row;
    std::string known;
    for (const Descr& each : descrs) known.append(known.empty() ? "" : ", ").append(each.name);
    throw file.error(
        fmt::format("expected a byte order, < or > or |, and a type of {}; found {}", known, shown(descr)));
}

/// As NumPy writes it: `dtype.str`, with | for the byte order of single bytes.
std::string descr_of(const Descr& row) { return (width_of(row.type) == 8 ? "|" : "<") + std::string(row.name); }

}  // namespace

Tensor read_npy(BinaryFile& file) {
    NpyHeader header = read_npy_header(file);
    const ElementType type = find_descr(file, header.descr).type;
    const auto size = static_cast<std::uint64_t>(width_of(type) / 8);
    const std::uint64_t left = file.size() - header.size;
    const auto count = element_count(header.shape);
    if (!count || *count != left / size || left % size != 0)
        throw file.error(header.size, fmt::format("expected the elements of shape {}, {} bytes each, found {} bytes",
                                                  shape_text(header.shape), size, left));
    auto codes = unpack(file.read(header.size, left, "elements"), width_of(type), header.descr[0] == '>');
    if (header.fortran_order) codes = row_major(codes, header.shape);
    return {.shape = std::move(header.shape), .type = type, .codes = std::move(codes)};
}

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
    const auto* row = std::ranges::find(descrs, tensor.type, &Descr::type);
    if (row == descrs.end()) return write_npy(path, as_integers(tensor));
    if (tensor.shape.size() > most_axes)
        throw InputError(fmt::format("{}: expected at most {} axes, as NumPy has, found {}", path.string(), most_axes,
                                     tensor.shape.size()));
    write_text(path, npy_header(descr_of(*row), tensor.shape) + pack(tensor.codes, width_of(tensor.type)));
}

}  // namespace halfulp
