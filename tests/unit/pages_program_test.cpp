// Claim: bash, zsh and fish complete every command, option and named value of the program, and the manual page names each.
// Oracle: the program's own --help, read here line by line; the shells and man. Shared with the code: the text of --help is
// CLI11's, of the same commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/folder.hpp"
#include "support/program.hpp"

namespace {

namespace fs = std::filesystem;
using halfulp::test::FolderTest;
using halfulp::test::halfulp;
using halfulp::test::Outcome;
using halfulp::test::shell;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// What --help says of a command: its subcommands and the names of its options.
struct Help {
    std::set<std::string> subcommands, options;

    explicit Help(const std::string& command) {
        std::istringstream text(halfulp(command + " --help").output);
        std::set<std::string>* section = nullptr;
        for (std::string line; std::getline(text, line);) {
            if (!line.starts_with(' ')) {
                section = line == "Options:" ? &options : line == "Subcommands:" ? &subcommands : nullptr;
            } else if (section != nullptr && line[2] != ' ') {
                std::istringstream names(line.substr(2, line.find(' ', 2) - 2));
                for (std::string name; std::getline(names, name, ',');) section->insert(name.substr(0, name.find('{')));
            }
        }
    }
};

/// Every command that --help leads to, the program itself as "", and its help.
const std::map<std::string, Help>& all_commands() {
    static const std::map<std::string, Help> all = [] {
        std::map<std::string, Help> commands;
        for (std::vector<std::string> paths = {""}; !paths.empty();) {
            const std::string path = paths.back();
            paths.pop_back();
            const Help& help = commands.emplace(path, path).first->second;
            for (const std::string& name : help.subcommands) paths.push_back(path.empty() ? name : path + " " + name);
        }
        return commands;
    }();
    return all;
}

class CompletionTest : public FolderTest, public testing::WithParamInterface<std::string> {
  protected:
    fs::path script = folder / "_halfulp", here = folder / "empty";  ///< where no file is offered
    void SetUp() override {
        if (shell("command -v " + GetParam()).status != 0) GTEST_SKIP() << "no " << GetParam();
        std::ofstream(script) << halfulp("completion " + GetParam()).output;
        fs::create_directory(here);
    }

    /// What the shell prints that runs these lines.
    std::string printed(const std::string& lines) const {
        const std::string options = GetParam() == "bash" ? " --norc " : GetParam() == "zsh" ? " -f " : " --no-config ";
        const Outcome outcome = shell("cd '" + here.string() + "' && timeout 60 " + GetParam() + options + "'" +
                                      file("lines", lines).string() + "'");
        EXPECT_EQ(outcome.status, 0) << outcome.output;
        return outcome.output;
    }

    /// What it offers for the last word of a line that "halfulp " begins; after a blank the last word is empty.
    std::set<std::string> offered(const std::string& line) const {
        const bool is_empty = line.empty() || line.ends_with(' ');
        const std::string words = "(halfulp " + line + (is_empty ? " ''" : "") + ")";
        std::string lines = "source '" + script.string() + "'\n";
        if (GetParam() == "bash")
            lines += "COMP_WORDS=" + words +
                     "; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _halfulp; printf '%s\\n' \"${COMPREPLY[@]}\"";
        else if (GetParam() == "zsh")  // whose _describe takes those that begin as the word does
            lines = "compdef() { true }\n_describe() { print -rl -- ${(M)${(P)2}:#$words[CURRENT]*} }\n" + lines +
                    "words=" + words + "; CURRENT=$#words; _halfulp";
        else  // which offers options after a dash only
            lines += "complete -C 'halfulp " + line + "'\ncomplete -C 'halfulp " + line +
                     (is_empty && !line.ends_with("--out ") ? "-'" : "'");
        std::istringstream text(printed(lines));
        std::set<std::string> names;
        for (std::string offer; std::getline(text, offer);)
            if (const std::string name = offer.substr(0, offer.find_first_of(":\t")); !name.empty()) names.insert(name);
        return names;
    }
};

TEST_P(CompletionTest, OffersWhatHelpNames) {
    EXPECT_GT(all_commands().size(), 25U);
    for (const auto& [command, help] : all_commands()) {
        EXPECT_FALSE(help.options.empty()) << command;
        std::set<std::string> expected = help.subcommands;
        expected.insert(help.options.begin(), help.options.end());
        if (command == "completion") expected.insert({"bash", "zsh", "fish"});
        EXPECT_EQ(offered(command.empty() ? "" : command + " "), expected) << command;
    }
}

TEST_P(CompletionTest, OffersWhatFits) {
    EXPECT_THAT(offered("ex"), ElementsAre("exercises", "explain"));
    EXPECT_THAT(offered("gpu v"), ElementsAre("verify"));
    EXPECT_THAT(offered("eval add --format fp16 --sat"), ElementsAre("--saturate"));
    EXPECT_THAT(offered("ptx run --races re"), ElementsAre("refuse", "report"));
    EXPECT_THAT(offered("quantize x.npy --out "), IsEmpty()) << "so that file names are offered";
    EXPECT_THAT(offered("verify add --format fp16 "), Contains("--resume")) << "not gpu verify's";
    EXPECT_THAT(offered("show formats --"), ElementsAre("--help", "--json"));
}

INSTANTIATE_TEST_SUITE_P(Shells, CompletionTest, testing::Values("bash", "zsh", "fish"),
                         [](const auto& shell) { return shell.param; });

// By its first line, which the tests above do without: a key pressed at a terminal.
using ZshTest = FolderTest;
TEST_F(ZshTest, FindsTheScript) {
    if (shell("command -v zsh").status != 0) GTEST_SKIP() << "no zsh";
    file("_halfulp", halfulp("completion zsh").output);
    file(".zshrc", "PS1=; fpath=('" + folder.string() +
                       "' $fpath); autoload -Uz compinit; compinit -u -D\nhalfulp() { print \"ran:$*:\" }\n");
    file("press", "zmodload zsh/zpty; zpty terminal \"ZDOTDIR='" + folder.string() +
                      "' zsh -i\"\n"
                      "zpty -w -n terminal $'halfulp gpu v\\t\\n'\n"
                      "zpty -r -m terminal output '*ran:*:*'; print -r -- $output");
    EXPECT_THAT(shell("timeout 60 zsh -f '" + (folder / "press").string() + "'").output, HasSubstr("ran:gpu verify:"));
}

TEST(Completion, OtherShellsAreRefused) {
    const Outcome outcome = halfulp("completion tcsh");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, HasSubstr("tcsh"));
}

using ManualTest = FolderTest;
TEST_F(ManualTest, NamesEveryCommandAndOption) {
    if (shell("command -v man").status != 0) GTEST_SKIP() << "no man";
    const fs::path page = file("halfulp.1", halfulp("man").output);
    const Outcome outcome = shell("LC_ALL=C MANWIDTH=1000 man --warnings -l " + page.string() + " | col -b");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output, HasSubstr("\nNAME\n"));
    EXPECT_THAT(outcome.output, testing::Not(HasSubstr("warning"))) << "of groff";
    for (const auto& [command, help] : all_commands()) {
        const std::string heading = command.empty() ? "\nDESCRIPTION\n" : "\n   halfulp " + command + "\n";
        const std::size_t begin = outcome.output.find(heading);
        ASSERT_NE(begin, std::string::npos) << command;
        const std::size_t end = outcome.output.find("\n   halfulp ", begin + 1);
        const std::string section = outcome.output.substr(begin, end - begin);
        std::set<std::string> options = help.options;
        if (!command.empty()) options.erase("-h"), options.erase("--help");  // said once, of the program
        for (const std::string& option : options) EXPECT_THAT(section, HasSubstr(option)) << command;
    }
}

}  // namespace
