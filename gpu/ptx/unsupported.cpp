#include <halfulp/gpu/ptx/unsupported.h>

#include <halfulp/lib/io/text_file.hpp>

// The opcodes of PTX ISA 9.0, "Instruction Set", of which no file of execute/ has a row.

namespace halfulp::ptx {
namespace {

/// How opcodes begin, by blanks, up to a dot or their end.
struct Feature {
    std::string_view name, beginnings;
};

constexpr Feature features[] = {
    {"matrix fragments whose layout PTX does not tell (mma.sync is supported)", "wmma"},
    {"matrix instructions of a group of warps", "wgmma"},
    {"matrix instructions on tensor memory", "tcgen05"},
    {"sparse matrices", "mma.sp mma.sp::ordered_metadata"},
    {"bulk copies (TMA)", "cp.async.bulk cp.reduce.async.bulk tensormap st.bulk fence.proxy"},
    {"barriers in shared memory", "mbarrier cp.async.mbarrier fence.mbarrier_init"},
    {"clusters of CTAs", "mapa getctarank barrier.cluster clusterlaunchcontrol st.async red.async"},
    {"dependent launches", "griddepcontrol"},
    {"memory of several GPUs at once", "multimem"},
    {"textures", "tex tld4 txq istypep"},
    {"surfaces", "suld sust sured suq"},
    {"memory on the stack", "alloca stacksave stackrestore"},
    {"hints to caches as instructions", "applypriority createpolicy discard"},
    {"the number of registers", "setmaxnreg"},
    {"performance monitors", "pmevent"},
    {"video instructions",
     "vadd vsub vabsdiff vmin vmax vshl vshr vmad vset vadd2 vsub2 vavrg2 vabsdiff2 vmin2 vmax2 vset2 vadd4 vsub4 "
     "vavrg4 vabsdiff4 vmin4 vmax4 vset4"},
    {"sign and zero extension", "szext"},
    {"stochastic rounding (which random bits go to which number is not known here)", "cvt.rs"},
};

bool begins(std::string_view opcode, std::string_view beginning) {
    return opcode.starts_with(beginning) && (opcode.size() == beginning.size() || opcode[beginning.size()] == '.');
}

}  // namespace

std::string_view unsupported_feature(std::string_view opcode) {
    for (const Feature& feature : features)
        for (const std::string_view beginning : split_words(feature.beginnings))
            if (begins(opcode, beginning)) return feature.name;
    return {};
}

}  // namespace halfulp::ptx
