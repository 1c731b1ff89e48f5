#pragma once

#include <bit>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <halfulp/gpu/ptx/warp.h>

// Instructions that do the same in every lane, by functions of a lane's values.

namespace halfulp::ptx {

/// The values of a slot, lane after lane, as numbers of type T: integers of either sign, float or double.
template <class T>
class Column {
  public:
    using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                    std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;

    Column(Warp& warp, Slot slot) : words_(warp.words<Word>(slot)) {}
    T operator[](int lane) const { return std::bit_cast<T>(words_[lane]); }
    void set(int lane, T x) { words_[lane] = std::bit_cast<Word>(x); }

  private:
    Word* words_;
};

/// Predicates lie in a mask.
template <>
class Column<bool> {
  public:
    Column(Warp& warp, Slot slot) : mask_(&warp.predicate(slot)) {}
    bool operator[](int lane) const { return (*mask_ >> lane & 1) != 0; }
    void set(int lane, bool x) { *mask_ = (*mask_ & ~lane_bit(lane)) | (x ? lane_bit(lane) : 0); }

  private:
    Mask* mask_;
};

template <auto f, class R, class... A, std::size_t... I>
void each_lane(Warp& warp, const Step& step, Mask mask, R (*)(A...), std::index_sequence<I...>) {
    Column<R> results(warp, step.slots[0]);
    const std::tuple<Column<A>...> columns(Column<A>(warp, step.slots[1 + I])...);
    if (mask == all_lanes) {
        for (int lane = 0; lane < 32; ++lane) results.set(lane, f(std::get<I>(columns)[lane]...));
    } else {
        for_lanes(mask, [&](int lane) { results.set(lane, f(std::get<I>(columns)[lane]...)); });
    }
}

template <class R, class... A>
constexpr std::size_t arity(R (*)(A...)) {
    return sizeof...(A);
}

/// An instruction whose first argument becomes f of the others.
template <auto f>
void elementwise(Warp& warp, const Step& step, Mask mask) {
    each_lane<f>(warp, step, mask, f, std::make_index_sequence<arity(f)>());
}

/// elementwise of F::of<T>, T the integer of the instruction's type; bits count as unsigned.
template <class F>
Execute for_integer(const Type& type) {
    const bool is_signed = type.kind == Kind::Signed;
    if constexpr (requires { F::template of<std::uint16_t>; })
        if (type.bits == 16)
            return is_signed ? elementwise<&F::template of<std::int16_t>> : elementwise<&F::template of<std::uint16_t>>;
    if (type.bits == 64)
        return is_signed ? elementwise<&F::template of<std::int64_t>> : elementwise<&F::template of<std::uint64_t>>;
    return is_signed ? elementwise<&F::template of<std::int32_t>> : elementwise<&F::template of<std::uint32_t>>;
}

/// The same of the last type among the modifiers.
template <class F>
Execute by_integer(const Instruction& x) {
    return for_integer<F>(x.types.back());
}

/// The same of functions that every form has.
template <auto f>
Execute always(const Instruction&) {
    return elementwise<f>;
}

}  // namespace halfulp::ptx
