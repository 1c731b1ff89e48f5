#include <algorithm>
#include <array>
#include <cstring>

#include <halfulp/gpu/ptx/cta.h>
#include <halfulp/gpu/ptx/execute/memory_access.h>
#include <halfulp/gpu/ptx/warp.h>

// ld, st and what orders them; PTX ISA, "Data Movement and Conversion Instructions". Caches are not modelled, so that
// their modifiers change nothing.

namespace halfulp::ptx {
namespace {

/// Sign-extended to the register, where the type has a sign; PTX ISA, "Operand size exceeding instruction-type size".
std::uint64_t extended(const Access& access, std::uint64_t bits) {
    const int width = 8 * access.bytes;
    if (!access.is_signed || width == 64 || (bits >> (width - 1) & 1) == 0) return bits;
    return bits | ~std::uint64_t{0} << width;
}

void load(Warp& warp, const Step& step, Mask mask) {
    const Access& access = step.access;
    const std::size_t bytes = access.bytes;
    for_lanes(mask, [&](int lane) {
        std::array<std::byte, widest_access> data;
        const Address at = warp.address(step.slots[access.count], step.offset, lane);
        warp.read(access, at, std::span(data).first(bytes * access.count), lane);
        for (std::size_t i = 0; i < access.count; ++i) {
            std::uint64_t bits = 0;
            std::memcpy(&bits, data.data() + i * bytes, bytes);
            warp.set(step.slots[i], lane, extended(access, bits));
        }
    });
}

void store(Warp& warp, const Step& step, Mask mask) {
    const Access& access = step.access;
    const std::size_t bytes = access.bytes;
    if (access.releases) warp.cta().fence(warp.number(), access.of_cta);
    for_lanes_in_order(warp.cta().lane_order(), mask, [&](int lane) {
        std::array<std::byte, widest_access> data;
        for (std::size_t i = 0; i < access.count; ++i) {
            const std::uint64_t bits = warp.value(step.slots[1 + i], lane);
            std::memcpy(data.data() + i * bytes, &bits, bytes);
        }
        const Address at = warp.address(step.slots[0], step.offset, lane);
        warp.write(access, at, std::span(data).first(bytes * access.count), lane);
    });
}

/// What this CTA has written may be read by others.
void fence(Warp& warp, const Step& step, Mask /*mask*/) {
    warp.cta().fence(warp.number(), step.instruction->has("cta"));
}

void nothing(Warp& /*warp*/, const Step& /*step*/, Mask /*mask*/) {}

Execute load_of(const Instruction& /*x*/) { return load; }
Execute store_of(const Instruction& /*x*/) { return store; }
Execute fence_of(const Instruction& /*x*/) { return fence; }
Execute nothing_of(const Instruction& /*x*/) { return nothing; }

constexpr std::string_view loaded = "=~t*v @", stored = "@ ~t*v";

constexpr Opcode rows[] = {
    {"ld.weak?.const|global|local|param|param::entry|param::func|shared|shared::cta?.ca|cg|cs|lu|cv?.L1::evict_normal|L1::evict_unchanged|"
     "L1::evict_first|L1::evict_last|L1::no_allocate?.L2::64B|L2::128B|L2::256B?.v2|v4|v8?."
     "b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64",
     loaded, load_of},
    {"ld.global.ca|cg|cs?.nc.L1::evict_normal|L1::evict_unchanged|L1::evict_first|L1::evict_last|L1::no_allocate?.L2::"
     "64B|L2::128B|L2::256B?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64",
     loaded, load_of},
    {"ld.volatile.global|local|shared|shared::cta?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64",
     loaded, load_of},
    {"ld.relaxed|acquire.cta|gpu|sys.global|shared|shared::cta?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|"
     "f32|f64",
     loaded, load_of, Flow::Next, 70},
    {"ldu.global?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64", loaded, load_of},
    {"st.weak?.global|local|param|param::entry|param::func|shared|shared::cta?.wb|cg|cs|wt?.L1::evict_normal|L1::evict_unchanged|L1::evict_first|"
     "L1::evict_last|L1::no_allocate?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64",
     stored, store_of},
    {"st.volatile.global|local|shared|shared::cta?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64",
     stored, store_of},
    {"st.relaxed|release.cta|gpu|sys.global|shared|shared::cta?.v2|v4|v8?.b8|b16|b32|b64|u8|u16|u32|u64|s8|s16|s32|s64|"
     "f32|f64",
     stored, store_of, Flow::Next, 70},
    {"membar.cta|gl|sys", "", fence_of},
    {"fence.sc|acq_rel?.cta|gpu|sys", "", fence_of, Flow::Next, 70},
    {"prefetch.global|local?.L1|L2", "@", nothing_of},
    {"prefetchu.L1", "@", nothing_of},
};

Space space_in(const Instruction& x) {
    for (const auto& [word, space] : {std::pair{"global", Space::Global},
                                      {"shared", Space::Shared},
                                      {"shared::cta", Space::Shared},
                                      {"local", Space::Local},
                                      {"const", Space::Constant},
                                      {"param", Space::Parameter},
                                      {"param::entry", Space::Parameter},
                                      {"param::func", Space::Parameter}})
        if (x.has(word)) return space;
    return Space::Generic;
}

}  // namespace

Access access_of(const Instruction& x) {
    Access access{.space = space_in(x)};
    if (x.types.empty()) return access;
    access.bytes = static_cast<std::uint8_t>(x.types.back().bytes());
    access.count = x.has("v2") ? 2 : x.has("v4") ? 4 : x.has("v8") ? 8 : 1;
    access.is_signed = x.types.back().kind == Kind::Signed;
    for (const char* word : {"volatile", "relaxed", "acquire", "release", "acq_rel"})
        access.is_strong = access.is_strong || x.has(word);
    access.releases = x.has("release") || x.has("acq_rel");
    access.of_cta = x.has("cta");
    const std::string& base = x.modifiers.front();
    access.is_strong = access.is_strong || base == "atom" || base == "red";
    return access;
}

OpcodeTable memory_opcodes() { return rows; }

}  // namespace halfulp::ptx
