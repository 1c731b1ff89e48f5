// Claim: bash completes every command, option and named value of the program, and the manual page names each.
// Oracle: the program's own --help, read here line by line; bash and man. Shared with the code: the text of --help is
// CLI11's, of the same commands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
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

class PagesTest : public FolderTest {
  protected:
    fs::path script = folder / "halfulp.bash", page = folder / "halfulp.1";
    void SetUp() override {
        std::ofstream(script) << halfulp("completion bash").output;
        std::ofstream(page) << halfulp("man").output;
    }

    /// What bash offers for the last of the words after "halfulp", each in quotes of its own.
    std::vector<std::string> offered(const std::string& words) const {
        const Outcome outcome = shell("bash -c 'source " + script.string() + "; COMP_WORDS=(halfulp " + words +
                                      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _halfulp; echo \"${COMPREPLY[@]}\"'");
        EXPECT_EQ(outcome.status, 0) << outcome.output;
        std::istringstream text(outcome.output);
        return {std::istream_iterator<std::string>(text), {}};
    }
    std::set<std::string> offered_set(const std::string& words) const {
        const auto all = offered(words);
        return {all.begin(), all.end()};
    }
};

TEST_F(PagesTest, BashOffersWhatHelpNames) {
    EXPECT_GT(all_commands().size(), 25U);
    for (const auto& [command, help] : all_commands()) {
        EXPECT_FALSE(help.options.empty()) << command;
        std::set<std::string> expected = help.subcommands;
        expected.insert(help.options.begin(), help.options.end());
        if (command == "completion") expected.insert("bash");
        EXPECT_EQ(offered_set(command + " \"\""), expected) << command;
    }
}

TEST_F(PagesTest, BashOffersWhatFits) {
    EXPECT_THAT(offered("ex"), ElementsAre("exercises", "explain"));
    EXPECT_THAT(offered("gpu v"), ElementsAre("verify"));
    EXPECT_THAT(offered("eval add --format fp16 --sat"), ElementsAre("--saturate"));
    EXPECT_THAT(offered("ptx run --races re"), ElementsAre("refuse", "report"));
    EXPECT_THAT(offered("quantize x.npy --out \"\""), IsEmpty()) << "so that readline offers file names";
    EXPECT_THAT(offered("verify add --format fp16 \"\""), testing::Contains("--resume")) << "not gpu verify's";
    EXPECT_THAT(offered("show formats --"), testing::UnorderedElementsAre("--help", "--json"));
}

TEST_F(PagesTest, OtherShellsAreRefused) {
    const Outcome outcome = halfulp("completion tcsh");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, HasSubstr("tcsh"));
}

TEST_F(PagesTest, ManNamesEveryCommandAndOption) {
    if (shell("command -v man").status != 0) GTEST_SKIP() << "no man";
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
