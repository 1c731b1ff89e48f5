#include <halfulp/gpu/sass/census.hpp>

#include <array>

namespace halfulp::gpu {
namespace {

/// Up to two bits of the higher word, and what their values add to the name of an instruction.
struct Field {
    std::array<int, 2> bits = {-1, -1};  ///< counted from bit 64 of the instruction; the lower one first; -1: none
    std::array<std::string_view, 4> words = {};
};

constexpr Field one_bit(int bit, std::string_view zero, std::string_view one) { return {{bit, -1}, {zero, one}}; }

struct CountedOpcode {
    unsigned mask, opcode;
    std::string_view name;
    std::array<Field, 4> fields = {};
};

constexpr unsigned exactly = 0xFFF, any_form = 0x1FF;

// Opcodes and bits as nvdisasm 13.5 names them on what ptxas 13.0 makes for sm_75 to sm_120 of the kernels here, each
// of these words having been seen but "?". Those of HMMA and IMMA are in Mesa's compiler NAK too (sm70_encode.rs).
constexpr CountedOpcode counted[] = {
    {exactly,
     0x23C,
     "HMMA",
     {{{{11, 14}, {".1688", ".16816", ".1684", ".?"}},
       one_bit(12, ".F16", ".F32"),
       {{18, 19}, {"", ".BF16", ".TF32", ".?"}}}}},
    {exactly,
     0x237,
     "IMMA",
     {{{{11, 22}, {".8816", ".?", ".16816", ".16832"}},
       one_bit(12, ".U8", ".S8"),
       one_bit(14, ".U8", ".S8"),
       one_bit(18, "", ".SAT")}}},
    {exactly,
     0x27A,
     "QMMA",
     {{{{10, 11}, {".?", ".?", ".?", ".16832"}},
       one_bit(13, ".F16", ".F32"),
       one_bit(14, ".E4M3", ".E5M2"),
       one_bit(15, ".E4M3", ".E5M2")}}},
    {exactly, 0x23F, "DMMA.884"},
    {any_form, 0x021, "FADD"},
    {any_form, 0x020, "FMUL"},
    {any_form, 0x023, "FFMA"},
};

std::string_view word_of(const Field& field, std::uint64_t high) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < field.bits.size(); ++i)
        if (field.bits[i] >= 0) value |= (high >> field.bits[i] & 1) << i;
    return field.words[value];
}

}  // namespace

std::string counted_name(const SassInstruction& instruction) {
    for (const CountedOpcode& row : counted) {
        if ((instruction.opcode() & row.mask) != row.opcode) continue;
        std::string name(row.name);
        for (const Field& field : row.fields) name += word_of(field, instruction.high);
        return name;
    }
    return {};
}

Census census_of(const std::vector<SassInstruction>& code) {
    Census census;
    for (const SassInstruction& instruction : code)
        if (std::string name = counted_name(instruction); !name.empty()) ++census[name];
    return census;
}

}  // namespace halfulp::gpu
