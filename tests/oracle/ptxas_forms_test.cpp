// Claim: ptx_forms.txt, which `ptx check` is held against, says what ptxas 13.0 takes and what it refuses.
// Oracle: ptxas; skipped where there is none or another version. Shared: nothing.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "support/ptx_forms.hpp"

namespace halfulp {
namespace {

std::string output_of(const std::string& command) {
    std::string text;
    FILE* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return text;
    for (std::array<char, 256> part{}; std::fgets(part.data(), part.size(), pipe) != nullptr;) text += part.data();
    pclose(pipe);
    return text;
}

bool is_taken(const std::string& text, const std::string& target) {
    const std::string file =
        (std::filesystem::temp_directory_path() / ("halfulp_forms_" + std::to_string(getpid()) + ".ptx")).string();
    std::ofstream(file) << text;
    const std::string command = HALFULP_PTXAS " -arch=" + target + " '" + file + "' -o /dev/null >/dev/null 2>&1";
    const bool taken = std::system(command.c_str()) == 0;
    std::filesystem::remove(file);
    return taken;
}

void expect_form(const test::PtxForm& form) {
    EXPECT_EQ(is_taken(form.text(), form.target), form.ptxas_takes)
        << "ptx_forms.txt:" << form.line << ": " << form.statement;
}

/// Forms that are all taken, a kernel each, in one file; one by one if it is not.
void expect_taken(const std::vector<const test::PtxForm*>& forms) {
    std::string text = forms.front()->header();
    for (const test::PtxForm* form : forms) text += form->kernel("k" + std::to_string(form->line));
    if (is_taken(text, forms.front()->target)) return;
    for (const test::PtxForm* form : forms) expect_form(*form);
}

TEST(PtxasForms, AreWhatTheTableSays) {
    if (std::string_view(HALFULP_PTXAS).find("NOTFOUND") != std::string_view::npos) GTEST_SKIP() << "no ptxas";
    if (output_of(HALFULP_PTXAS " --version").find("release 13.0") == std::string::npos)
        GTEST_SKIP() << "the table was made with ptxas 13.0";
    const std::vector<test::PtxForm> forms = test::ptx_forms();
    std::map<std::string, std::vector<const test::PtxForm*>> taken;  // by version and target
    for (const test::PtxForm& form : forms)
        if (form.ptxas_takes && form.outside.empty())
            taken[form.version + form.target].push_back(&form);
        else
            expect_form(form);
    for (const auto& [header, group] : taken) expect_taken(group);
}

}  // namespace
}  // namespace halfulp
