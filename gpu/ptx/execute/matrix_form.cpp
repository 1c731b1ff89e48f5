#include <halfulp/gpu/ptx/execute/matrix_form.hpp>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp::ptx {
namespace {

/// place(lane / 4, lane % 4, register, element of the register) for each of them.
template <class Place>
Fragment fragment(int registers, int bits, const Place& place) {
    Fragment f{.registers = registers, .per_register = bits == 64 ? 1 : 32 / bits, .bits = bits};
    for (int lane = 0; lane < 32; ++lane)
        for (int r = 0; r < registers; ++r)
            for (int e = 0; e < f.per_register; ++e)
                f.places.push_back(static_cast<std::uint16_t>(place(lane / 4, lane % 4, r, e)));
    return f;
}

/// Elements that a register holds side by side.
int packed(int bits) { return bits == 64 ? 1 : 32 / bits; }

/// The bits that an element takes in a register: tf32's are a whole one.
int place_bits(const Element& element) { return element == tf32 ? 32 : element.width(); }

}  // namespace

Fragment fragment_a(int m, int k, int bits) {
    const int p = packed(bits), tall = m / 8;
    return fragment(m * k / 32 / p, bits, [=](int group, int thread, int r, int e) {
        const int row = group + 8 * (r % tall), column = thread * p + e + 4 * p * (r / tall);
        return row * k + column;
    });
}

Fragment fragment_b(int k, int n, int bits) {
    const int p = packed(bits);
    return fragment(k * n / 32 / p, bits,
                    [=](int group, int thread, int r, int e) { return (thread * p + e + 4 * p * r) * n + group; });
}

Fragment fragment_c(int m, int n, int bits) {
    const int p = packed(bits);
    return fragment(m * n / 32 / p, bits, [=](int group, int thread, int r, int e) {
        const int i = r * p + e;
        return (group + 8 * (i / 2)) * n + thread * 2 + i % 2;
    });
}

std::optional<MatrixForm> matrix_form(const Instruction& x, std::string_view architecture) {
    std::optional<MmaInstruction> found;
    try {
        found = find_instruction(architecture, x.text);
    } catch (const InputError&) {
        return std::nullopt;
    }
    const MmaSpec& spec = *found->spec;
    MatrixForm form{*found, fragment_a(found->m, found->k, place_bits(spec.a)),
                    fragment_b(found->k, found->n, place_bits(spec.b)),
                    fragment_c(found->m, found->n, place_bits(spec.accumulator))};
    if (spec.a == tf32) form.a.shift = form.b.shift = 32 - tf32.width;
    return form;
}

std::string no_model_text(std::string_view architecture) {
    return fmt::format("there is no model of what the matrix unit of {} makes of it (halfulp units)", architecture);
}

}  // namespace halfulp::ptx
