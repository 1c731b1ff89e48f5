#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>

// ptx_forms.txt: statements of PTX, each with what ptxas makes of it and whether `ptx check` agrees.

namespace halfulp::test {

struct PtxForm {
    int line = 0;
    bool ptxas_takes = false;
    bool check_agrees = true;
    std::string version = "8.8", target = "sm_90";
    std::string outside = {};  ///< what stands before the kernel
    std::string statement = {};

    bool check_takes() const { return ptxas_takes == check_agrees; }
    std::string header() const {
        return ".version " + version + "\n.target " + target + "\n.address_size 64\n" + R"(
.global .align 16 .b8 g[64];
.const .align 16 .b8 c[64];
.shared .align 16 .b8 s[64];
.extern .shared .align 16 .b8 dyn[];
.func (.param .b32 result) f(.param .b32 a) { .reg .b32 %r; ld.param.u32 %r, [a]; st.param.b32 [result], %r; ret; }
)" + outside;
    }
    /// The names that the statements use: registers of every type, and l in local memory.
    std::string kernel(const std::string& name) const {
        return "\n.visible .entry " + name + R"((.param .u64 p, .param .u32 n) {
.reg .pred %p<8>; .reg .b8 %b<4>; .reg .b16 %h<8>; .reg .s32 %s<4>; .reg .b32 %r<16>; .reg .b64 %d<8>;
.reg .f32 %f<8>; .reg .f64 %e<8>; .reg .f16 %x<4>; .reg .f16x2 %y<4>; .local .align 16 .b8 l[64];
)" + statement +
               "\nret; }\n";
    }
    std::string text() const { return header() + kernel("k"); }
};

/// A line is `+ form` or `- form`, what ptxas does, and with ~ behind it where check does otherwise. Of a form,
/// `7.8 sm_89:` before it is version and target, `||` ends what stands outside of the kernel, \n breaks the line.
inline PtxForm parse_ptx_form(std::string line, int number) {
    PtxForm form{.line = number, .ptxas_takes = line[0] == '+', .check_agrees = line[1] != '~'};
    line.erase(0, line.find(' ') + 1);
    if (const std::size_t colon = line.find(": "); line[0] >= '6' && line[0] <= '9' && line[1] == '.') {
        const std::vector<std::string_view> words = split_words(std::string_view(line).substr(0, colon));
        form.version = words.at(0);
        form.target = words.at(1);
        line.erase(0, colon + 2);
    }
    if (const std::size_t end = line.find("||"); end != std::string::npos) {
        form.outside = line.substr(0, end);
        line.erase(0, end + 2);
    }
    for (std::size_t at = line.find("\\n"); at != std::string::npos; at = line.find("\\n")) line.replace(at, 2, "\n");
    form.statement = line;
    return form;
}

inline std::vector<PtxForm> ptx_forms() {
    std::vector<PtxForm> forms;
    const TextFile file(HALFULP_SOURCE "/tests/support/ptx_forms.txt");
    int number = 0;
    for (const std::string& line : file.lines()) {
        ++number;
        if (!line.empty() && line[0] != '#') forms.push_back(parse_ptx_form(line, number));
    }
    return forms;
}

}  // namespace halfulp::test
