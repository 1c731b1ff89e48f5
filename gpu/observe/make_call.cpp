#include <halfulp/gpu/observe/make_call.hpp>

#include <algorithm>

#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp::gpu {
namespace {

using property::SplitMix;
using Codes = std::vector<std::uint64_t>;

template <class T>
const T* meaning_of(const Kernel& kernel) {
    return std::get_if<T>(&kernel.meaning);
}

template <class T>
bool means(const Kernel& kernel) {
    return std::holds_alternative<T>(kernel.meaning);
}

/// What takes numbers one by one, and rounds each: every code is a case of its own.
bool is_elementwise(const Kernel& kernel) {
    return means<Conversion>(kernel) || means<AnyConversion>(kernel) || means<UpperHalf>(kernel) ||
           means<Arithmetic>(kernel);
}

/// How many terms end in one number: an infinity or a NaN hides the others.
std::size_t terms_of(const Kernel& kernel, const Sizes& sizes) {
    return is_elementwise(kernel) ? 1 : std::max({sizes.n, sizes.k, 32U});
}

/// A number with an exponent a few binades about one, now and then one at an edge of the format.
std::uint64_t term(const Format& f, std::size_t terms, SplitMix& bits) {
    if (bits() % (8 * terms) == 0) return property::edge_code(f, bits);
    return property::at_exponent(f, bits() & f.code_mask(), 0, std::min(f.bias - 1, 7), bits);
}

std::uint64_t small_integer(const Element& element, SplitMix& bits) {
    const bool is_unsigned = element.integer && !element.integer->is_signed;
    const std::int64_t value = static_cast<std::int64_t>(bits() % 5) - (is_unsigned ? 0 : 2);
    return element.integer ? static_cast<std::uint64_t>(value) & element.code_mask()
                           : from_integer(element.format, value).code;
}

class Maker {
  public:
    Maker(const Kernel& kernel, const Sizes& sizes, InputClass numbers, std::uint64_t seed)
        : kernel_(kernel), sizes_(sizes), numbers_(numbers), bits_(seed) {}

    Call make() {
        Call call{sizes_, {}, {}};
        for (const Parameter& p : kernel_.parameters) {
            const std::string name(p.name);
            if (p.pass == Pass::In || p.pass == Pass::InOut) call.arrays[name] = array(p);
            if (p.pass == Pass::Value) call.values[name] = value(p);
        }
        if (numbers_ == InputClass::Model && means<Arithmetic>(kernel_)) relate_operands(call);
        return call;
    }

  private:
    Codes array(const Parameter& p) {
        if (p.name == "found_inf") return {0};
        Codes codes(p.elements(sizes_));
        for (std::size_t i = 0; i < codes.size(); ++i) {
            codes[i] = number(p);
            const bool cancels = i > 0 && bits_() % 8 == 0 && !p.element.integer;
            if (numbers_ == InputClass::Model && cancels) codes[i] = codes[bits_() % i] ^ p.element.format.sign_bit();
        }
        return codes;
    }

    std::uint64_t number(const Parameter& p) {
        if (numbers_ == InputClass::Exact) return small_integer(p.element, bits_);
        if (p.element.integer) return integer(*p.element.integer);
        const Format& f = p.element.format;
        if (numbers_ == InputClass::Tiny) return (bits_() & f.sign_bit()) | bits_() % 4;
        if (const auto* c = meaning_of<Conversion>(kernel_); c != nullptr)
            return property::edge_to_convert(c->to, c->from, bits_);
        if (const auto* c = meaning_of<AnyConversion>(kernel_); c != nullptr)
            return property::edge_to_convert(c->to, f, bits_);
        if (is_elementwise(kernel_)) return property::edge_code(f, bits_);
        return term(f, terms_of(kernel_, sizes_), bits_);
    }

    /// Any code, or one so near an end of the range that sums leave it.
    std::uint64_t integer(const IntegerType& type) {
        if (type.width < 32 || bits_() % 2 == 0) return bits_() & type.code_mask();
        const std::uint64_t end = bits_() % 2 == 0 ? type.greatest() : type.least();
        return (end + bits_() % 2001 - 1000) & type.code_mask();
    }

    /// Numbers of the kernel's arguments, by their names in gpu/kernel/rows.
    std::uint64_t value(const Parameter& p) {
        const auto of_real = [&](int exponent) {
            return property::at_exponent(binary32, bits_() & binary32.magnitude_mask(), exponent, 0, bits_);
        };
        if (p.name == "scale") return of_real(-4);
        if (p.name == "factor") return of_real(10);
        if (p.name == "inverse") return of_real(-10);
        if (p.name == "zero_point") return (bits_() % 21 - 10) & p.element.code_mask();
        if (p.name == "least") return (std::uint64_t{0} - 127) & p.element.code_mask();
        if (p.name == "greatest") return 127;
        if (p.name == "count") return meaning_of<OrderedSum>(kernel_)->grouping == Grouping::Lanes ? 8 : 32;
        if (p.name == "rounding") return bits_() % roundings.size();
        if (p.name == "saturate") return bits_() % 2;
        return bits_() & p.element.code_mask();
    }

    /// Operands that tie, cancel and cross the ends of the range together.
    void relate_operands(Call& call) {
        const Format& f = meaning_of<Arithmetic>(kernel_)->format;
        const std::size_t count = call.arrays.begin()->second.size();
        for (std::size_t i = 0; i < count; ++i) {
            const Operands related = property::edge_operands(f, bits_);
            for (std::size_t place = 0; auto& [name, codes] : call.arrays) codes[i] = related.at(place++);
        }
    }

    const Kernel& kernel_;
    Sizes sizes_;
    InputClass numbers_;
    SplitMix bits_;
};

}  // namespace

Call make_call(const Kernel& kernel, const Sizes& sizes, InputClass numbers, std::uint64_t seed) {
    return Maker(kernel, sizes, numbers, seed).make();
}

std::string_view name_of(InputClass numbers) {
    switch (numbers) {
        case InputClass::Exact: return "exact";
        case InputClass::Model: return "model";
        case InputClass::Tiny: return "tiny";
    }
    __builtin_unreachable();
}

Sizes ragged_sizes(const Kernel& kernel, InputClass numbers) {
    const bool few = numbers == InputClass::Tiny;
    const std::uint32_t n = few ? 5 : 307;
    switch (kernel.launch.grid) {
        case Grid::One: return {.n = n};
        case Grid::PerElement:
        case Grid::PerPair: return {.n = 1006};
        case Grid::PerRow: return {.m = 5, .n = few ? n : 1103};  // loops that compilers unroll are entered
        case Grid::WarpPerRow: return {.m = 13, .k = few ? 5U : 299U};
        case Grid::PerNumber: return {.m = 9, .n = 150, .k = few ? 5U : 37U};
        case Grid::PerTile: return {.m = 70, .n = 90, .k = few ? 5U : 75U};
    }
    __builtin_unreachable();
}

}  // namespace halfulp::gpu
