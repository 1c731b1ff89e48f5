#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <halfulp/softfloat/float.hpp>

// Types of other libraries whose bytes are the code of a number: what they are here, without a copy and without
// arithmetic, so that every code passes unchanged, NaNs too. Eigen's are in eigen.hpp, CUDA's in cuda.hpp.

namespace halfulp {

/// The number that a type stores: a row for each type that is known.
template <class T>
struct StoredNumber {};
/// Float<F>, which is its code.
template <Format F>
struct StoredNumber<Float<F>> {
    using type = Float<F>;  ///< itself
};
/// The language's float, where it is binary32.
template <>
struct StoredNumber<float> {
    using type = Float<binary32>;  ///< fp32
};
/// The language's double, where it is binary64.
template <>
struct StoredNumber<double> {
    using type = Float<binary64>;  ///< fp64
};

/// The Float<F> whose code a number of this type is.
template <class T>
using FloatOf = typename StoredNumber<std::remove_cv_t<T>>::type;

/// A type whose bytes are the code of a number and nothing else.
template <class T>
concept Stored = requires {
    typename FloatOf<T>;
}
&&sizeof(T) == sizeof(FloatOf<T>) && std::is_trivially_copyable_v<T>;

/// A number of another library.
template <Stored T>
constexpr FloatOf<T> to_float(const T& x) {
    return std::bit_cast<FloatOf<T>>(x);
}

/// A number for another library, whose type has the same format.
template <Stored T>
constexpr T from_float(FloatOf<T> x) {
    return std::bit_cast<T>(x);
}

/// The codes of numbers where they lie, for functions that take codes, such as the kernels. Not for float and double: a
/// class whose first member is its code may be reached by a pointer to that ([basic.compound], 4), other types may not.
template <Stored T>
requires std::is_class_v<T>
auto* codes_at(T* numbers) {
    static_assert(std::is_standard_layout_v<T>);
    using Code = decltype(FloatOf<T>::code);
    return reinterpret_cast<std::conditional_t<std::is_const_v<T>, const Code, Code>*>(numbers);
}
/// The codes of these numbers where they lie: no bit is copied, and writing to a code changes the number.
template <Stored T>
requires std::is_class_v<T>
auto codes_of(std::span<T> numbers) { return std::span{codes_at(numbers.data()), numbers.size()}; }

}  // namespace halfulp
