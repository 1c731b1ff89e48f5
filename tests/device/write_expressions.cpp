// Writes random expressions as C++ that a host's compiler and one of CUDA both take, COUNT for each seed:
//     write_expressions COUNT SEED... > FILE
//
// Every one is defined for all operands: unsigned integers, shifts by less than the width, divisors that are not 0, and
// conversions that are in range. A NaN shows as one code, as CPUs and GPUs make different ones.
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include <halfulp/lib/property/operands.hpp>

namespace {

enum Type { U32, U64, F32, F64, F16, BF16, types };

/// What stands around operands of these types; $0, $1, $2 are they.
struct Form {
    Type result;
    std::string_view text;
    std::array<Type, 3> operands;
};

constexpr std::array forms = {
    Form{U32, "($0 + $1)", {U32, U32}},
    Form{U32, "($0 - $1)", {U32, U32}},
    Form{U32, "($0 * $1)", {U32, U32}},
    Form{U32, "($0 & $1)", {U32, U32}},
    Form{U32, "($0 | $1)", {U32, U32}},
    Form{U32, "($0 ^ ~$1)", {U32, U32}},
    Form{U32, "($0 << ($1 & 31))", {U32, U32}},
    Form{U32, "($0 >> ($1 & 31))", {U32, U32}},
    Form{U32, "u32(s32($0) >> ($1 & 31))", {U32, U32}},
    Form{U32, "($0 / ($1 | 1))", {U32, U32}},
    Form{U32, "($0 % ($1 | 1))", {U32, U32}},
    Form{U32, "u32(s32($0) / (s32($1 & 1023) + 2))", {U32, U32}},
    Form{U32, "u32(s32($0) % (s32($1 & 1023) + 2))", {U32, U32}},
    Form{U32, "(($0 << ($2 & 31)) | ($1 >> ((32 - ($2 & 31)) & 31)))", {U32, U32, U32}},
    Form{U32, "($0 < $1 ? $2 : $0)", {U32, U32, U32}},
    Form{U32, "(s32($0) < s32($1) ? $2 : $1)", {U32, U32, U32}},
    Form{U32, "u32(($0 * u64($1)) >> 32)", {U32, U32}},
    Form{U32, "(u32(s16($0)) + u32(s8($1)))", {U32, U32}},
    Form{U32, "u32($0 >> ($1 & 63))", {U64, U32}},
    Form{U32, "repeated($0, $1, $2)", {U32, U32, U32}},
    Form{U32, "first_above($0, $1)", {U32, U32}},
    Form{U32, "bits_of($0)", {F32}},
    Form{U32, "($0 < $1 ? $2 : ~$2)", {F32, F32, U32}},
    Form{U32, "u32($0 == $1)", {F64, F64}},
    Form{U32, "u32(!($0 >= $1))", {F32, F32}},
    Form{U32, "u32(s32(limited($0)))", {F32}},
    Form{U32, "bits_of($0)", {F16}},
    Form{U32, "bits_of($0)", {BF16}},
    Form{U32, "u32(value_of($0) < value_of($1))", {F16, F16}},
    Form{U32, "u32(value_of($0) >= value_of($1))", {BF16, F16}},
    Form{U64, "($0 + $1)", {U64, U64}},
    Form{U64, "($0 - $1)", {U64, U64}},
    Form{U64, "($0 * $1)", {U64, U64}},
    Form{U64, "($0 ^ ($1 >> ($2 & 63)))", {U64, U64, U32}},
    Form{U64, "($0 << ($1 & 63))", {U64, U32}},
    Form{U64, "u64(s64($0) >> ($1 & 63))", {U64, U32}},
    Form{U64, "($0 / ($1 | 1))", {U64, U64}},
    Form{U64, "($0 % (u64($1) | 1))", {U64, U32}},
    Form{U64, "(u64($0) << 32 | $1)", {U32, U32}},
    Form{U64, "u64(s64(s32($0)))", {U32}},
    Form{U64, "u64(s64(s32($0)) * s32($1))", {U32, U32}},
    Form{U64, "(s64($0) > s64($1) ? $1 : $0)", {U64, U64}},
    Form{U64, "bits_of($0)", {F64}},
    Form{F32, "($0 + $1)", {F32, F32}},
    Form{F32, "($0 - $1)", {F32, F32}},
    Form{F32, "($0 * $1)", {F32, F32}},
    Form{F32, "($0 / $1)", {F32, F32}},
    Form{F32, "($0 * $1 + $2)", {F32, F32, F32}},
    Form{F32, "($0 < $1 ? $1 : $2)", {F32, F32, F32}},
    Form{F32, "(-$0)", {F32}},
    Form{F32, "f32($0)", {U32}},
    Form{F32, "f32(s32($0))", {U32}},
    Form{F32, "f32($0)", {U64}},
    Form{F32, "f32(s64($0))", {U64}},
    Form{F32, "f32($0)", {F64}},
    Form{F32, "number_of($0)", {U32}},
    Form{F32, "value_of($0)", {F16}},
    Form{F32, "value_of($0)", {BF16}},
    Form{F64, "($0 + $1)", {F64, F64}},
    Form{F64, "($0 * $1)", {F64, F64}},
    Form{F64, "($0 / $1)", {F64, F64}},
    Form{F64, "($0 - $1 * $2)", {F64, F64, F64}},
    Form{F64, "f64($0)", {F32}},
    Form{F64, "f64($0)", {U64}},
    Form{F64, "f64(s64($0))", {U64}},
    Form{F64, "number_of($0)", {U64}},
    Form{F16, "($0 + $1)", {F16, F16}},
    Form{F16, "($0 - $1)", {F16, F16}},
    Form{F16, "($0 * $1)", {F16, F16}},
    Form{F16, "($0 / $1)", {F16, F16}},
    Form{F16, "fma($0, $1, $2)", {F16, F16, F16}},
    Form{F16, "f16_of($0)", {F32}},
    Form{F16, "f16{u16($0)}", {U32}},
    Form{BF16, "($0 + $1)", {BF16, BF16}},
    Form{BF16, "($0 - $1)", {BF16, BF16}},
    Form{BF16, "($0 * $1)", {BF16, BF16}},
    Form{BF16, "($0 / $1)", {BF16, BF16}},
    Form{BF16, "fma($0, $1, $2)", {BF16, BF16, BF16}},
    Form{BF16, "bf16_of($0)", {F32}},
    Form{BF16, "bf16{u16($0)}", {U32}},
};

constexpr std::array<std::array<std::string_view, 3>, types> leaves = {{{"o.a", "o.b", "2654435761u"},
                                                                        {"o.c", "o.d", "0x9e3779b97f4a7c15ull"},
                                                                        {"o.x", "o.y", "1.5f"},
                                                                        {"o.z", "o.w", "(-0.1)"},
                                                                        {"o.g", "o.h", "f16{0x2e66}"},
                                                                        {"o.p", "o.q", "bf16{0x3dcd}"}}};

class Writer {
  public:
    explicit Writer(std::uint64_t seed) : bits_(seed) {}

    std::string expression(Type type, int depth) {
        if (depth == 0) return std::string(leaves[type][bits_() % 3]);
        const Form* form = &forms[bits_() % forms.size()];
        while (form->result != type) form = &forms[bits_() % forms.size()];
        std::string text;
        std::array<std::string, 3> operands;  // each is one text, however often the form has it
        for (std::size_t i = 0; i < form->text.size(); ++i) {
            if (form->text[i] != '$') {
                text += form->text[i];
                continue;
            }
            const auto place = static_cast<std::size_t>(form->text[++i] - '0');
            if (operands[place].empty()) operands[place] = expression(form->operands[place], depth - 1);
            text += operands[place];
        }
        return text;
    }

    Type any_type() { return static_cast<Type>(bits_() % types); }

  private:
    halfulp::property::SplitMix bits_;
};

}  // namespace

int main(int argument_count, char** arguments) {
    const int count = std::stoi(arguments[1]);
    std::cout << "// NOLINTBEGIN\nconstexpr unsigned count = " << count << ";\n";
    std::string seeds;
    for (int s = 2; s < argument_count; ++s) {
        const std::string seed = arguments[s];
        seeds += " use(" + seed + ")";
        Writer writer(std::stoull(seed));
        std::cout << "BOTH void evaluate_" << seed << "(const Operands& o, u64* to) {\n";
        for (int i = 0; i < count; ++i) {
            const Type type = writer.any_type();
            const std::string text = writer.expression(type, 2 + i % 3);
            std::cout << "to[" << i << "] = " << (type >= F32 ? "bits_of(" + text + ")" : text) << ";\n";
        }
        std::cout << "}\n";
    }
    std::cout << "#define EXPRESSION_SEEDS(use)" << seeds << "\n// NOLINTEND\n";
}
