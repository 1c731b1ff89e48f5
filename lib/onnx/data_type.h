#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::onnx {

/// A type of TensorProto.DataType that this library computes with; strings and complex numbers are left out.
struct DataType {
    std::int64_t number;    ///< in files
    std::string_view name;  ///< TensorProto's
    ElementType element;    ///< as this library has it
    int stored;             ///< bits that an element takes in raw_data
};

/// A truth value, of one bit here.
inline constexpr IntegerType boolean{1, false};

/// onnx.proto, TensorProto.DataType, of ONNX 1.23.
inline constexpr std::array data_types = {
    DataType{1, "FLOAT", binary32, 32},
    DataType{2, "UINT8", IntegerType{8, false}, 8},
    DataType{3, "INT8", IntegerType{8, true}, 8},
    DataType{4, "UINT16", IntegerType{16, false}, 16},
    DataType{5, "INT16", IntegerType{16, true}, 16},
    DataType{6, "INT32", IntegerType{32, true}, 32},
    DataType{7, "INT64", IntegerType{64, true}, 64},
    DataType{9, "BOOL", boolean, 8},
    DataType{10, "FLOAT16", binary16, 16},
    DataType{11, "DOUBLE", binary64, 64},
    DataType{12, "UINT32", IntegerType{32, false}, 32},
    DataType{13, "UINT64", IntegerType{64, false}, 64},
    DataType{16, "BFLOAT16", bfloat16, 16},
    DataType{17, "FLOAT8E4M3FN", e4m3fn, 8},
    DataType{18, "FLOAT8E4M3FNUZ", e4m3fnuz, 8},
    DataType{19, "FLOAT8E5M2", e5m2, 8},
    DataType{20, "FLOAT8E5M2FNUZ", e5m2fnuz, 8},
    DataType{21, "UINT4", IntegerType{4, false}, 4},
    DataType{22, "INT4", IntegerType{4, true}, 4},
    DataType{23, "FLOAT4E2M1", e2m1, 4},
    DataType{24, "FLOAT8E8M0", e8m0, 8},
    DataType{25, "UINT2", IntegerType{2, false}, 2},
    DataType{26, "INT2", IntegerType{2, true}, 2},
    DataType{27, "FLOAT6E2M3", e2m3, 6},
    DataType{28, "FLOAT6E3M2", e3m2, 6},
};

/// The row for which `wanted(row)`, or none.
template <class Wanted>
constexpr const DataType* find_data_type(Wanted wanted) {
    const auto* found = std::find_if(data_types.begin(), data_types.end(), wanted);
    return found == data_types.end() ? nullptr : found;
}

/// Throws Unsupported for a number that has no row.
const DataType& data_type(std::int64_t number);

/// "INT4". Pre: the type has a row.
std::string_view type_name(const ElementType& type);

}  // namespace halfulp::onnx
