// Claim: recordings and directed tables are read exactly, and whatever is wrong with one is said with file and line.
// Oracle: files written here, one fault each. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/replay.hpp>

#include "support/folder.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A recording of an A100 with two rows of K = 2: 1 * 1 + 2 * 0.5 + 0.5 = 2.5 and 0.
class RecordingsTest : public test::FolderTest {
  protected:
    fs::path place = folder / "model_validation" / "A100" / "fp16";

    void SetUp() override {
        fs::create_directories(place);
        write("a_A100_fp16.txt", "3f800000 40000000 \n00000000 00000000 \n");
        write("b_A100_fp16.txt", "3f800000 3f000000 \n3f800000 3f800000 \n");
        write("c_A100_fp32.txt", "00111111000000000000000000000000\n00000000000000000000000000000000\n");
        write("d_A100_fp32.txt", "01000000001000000000000000000000\n00000000000000000000000000000000\n");
    }

    void write(const std::string& name, const std::string& text) {
        std::ofstream(place / name, std::ios::binary) << text;
    }

    /// The message that reading everything below the folder ends with.
    std::string message() {
        try {
            for (const RecordingFiles& files : find_recordings(folder)) (void)read_recording(files);
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    }
};

TEST_F(RecordingsTest, ReadsCodesAndReplaysThem) {
    const auto files = find_recordings(folder);
    ASSERT_EQ(files.size(), 1U);
    const Recording recording = read_recording(files[0]);
    EXPECT_EQ(recording.k, 2U);
    EXPECT_EQ(recording.a, (std::vector<std::uint64_t>{0x3c00, 0x4000, 0, 0}));
    EXPECT_EQ(recording.b, (std::vector<std::uint64_t>{0x3c00, 0x3800, 0x3c00, 0x3c00}));
    EXPECT_EQ(recording.c, (std::vector<std::uint64_t>{0x3f000000, 0}));
    EXPECT_EQ(recording.d, (std::vector<std::uint64_t>{0x40200000, 0}));
    EXPECT_EQ(replay(recording, *recording.spec).matches, 2U);
    EXPECT_EQ(find_recordings(folder / "model_validation").size(), 1U);
}

// NaN as hardware gives it: all ones, and in fp16 results the word that fp16's all-ones NaN widens to.
TEST_F(RecordingsTest, KeepsTheBitsOfNaN) {
    write("a_A100_fp16.txt", "7fc00000 40000000\n00000000 00000000\n");
    write("d_A100_fp32.txt", "01111111111111111111111111111111\n00000000000000000000000000000000\n");
    write("d_A100_fp16.txt", "01111111111111111110000000000000\n00000000000000000000000000000000\n");
    const auto files = find_recordings(folder);
    ASSERT_EQ(files.size(), 2U);
    for (const RecordingFiles& one : files) {
        const Recording recording = read_recording(one);
        EXPECT_EQ(recording.d[0], recording.spec->accumulator.format.magnitude_mask()) << one.output;
        EXPECT_EQ(replay(recording, *recording.spec).matches, 2U) << one.output;
    }
    write("d_A100_fp16.txt", "01111111100000000000000000000001\n00000000000000000000000000000000\n");
    EXPECT_THAT(message(), HasSubstr("d_A100_fp16.txt:1: expected numbers of fp16, found one that it does not have"));
}

TEST_F(RecordingsTest, ReadsTheFolderOfOneGpu) {
    EXPECT_EQ(find_recordings(place.parent_path()).size(), 1U);
    EXPECT_EQ(find_recordings(place.parent_path() / "").size(), 1U);
}

TEST_F(RecordingsTest, SaysWhichResultsAreMissing) {
    fs::remove(place / "d_A100_fp32.txt");
    EXPECT_THAT(message(), HasSubstr("fp16: expected d_A100_fp32.txt or d_A100_fp16.txt, found neither"));
}

TEST_F(RecordingsTest, ShortensAndEscapesWhatItQuotes) {
    write("a_A100_fp16.txt", "\x1b[31m" + std::string(5000, 'x') + " 40000000\n00000000 00000000\n");
    EXPECT_THAT(message(), HasSubstr("found \"\\x1b[31m" + std::string(35, 'x') + "...\""));
}

TEST_F(RecordingsTest, CountsMismatches) {
    write("d_A100_fp32.txt", "01000000001000000000000000000000\n00000000000000000000000000000001\n");
    const Recording recording = read_recording(find_recordings(folder)[0]);
    const Replay result = replay(recording, *recording.spec);
    EXPECT_EQ(result.matches, 1U);
    EXPECT_EQ(result.first_mismatch, 1U);
}

TEST_F(RecordingsTest, SaysWhichLineIsShort) {
    write("b_A100_fp16.txt", "3f800000 3f000000\n3f800000\n");
    EXPECT_THAT(message(), HasSubstr("b_A100_fp16.txt:2: expected 2 words, found 1"));
}

TEST_F(RecordingsTest, SaysWhichLineIsEmpty) {
    write("a_A100_fp16.txt", "\n3f800000 3f000000\n");
    EXPECT_THAT(message(), HasSubstr("a_A100_fp16.txt:1: expected 1 words, found 0"));
}

TEST_F(RecordingsTest, SaysWhichWordHasAnotherWidth) {
    write("a_A100_fp16.txt", "3f800000 40000000\n00000000 0000000\n");
    EXPECT_THAT(message(), HasSubstr("a_A100_fp16.txt:2: expected 8 hexadecimal digits, found \"0000000\""));
    write("a_A100_fp16.txt", "3f800000 400000000\n00000000 00000000\n");
    EXPECT_THAT(message(), HasSubstr("a_A100_fp16.txt:1: expected 8 hexadecimal digits, found \"400000000\""));
}

TEST_F(RecordingsTest, SaysWhichDigitIsNone) {
    write("a_A100_fp16.txt", "3f800000 4000000g\n00000000 00000000\n");
    EXPECT_THAT(message(), HasSubstr("a_A100_fp16.txt:1: expected 8 hexadecimal digits, found \"4000000g\""));
    write("a_A100_fp16.txt", "3f800000 -0000000\n00000000 00000000\n");
    EXPECT_THAT(message(), HasSubstr("a_A100_fp16.txt:1: expected 8 hexadecimal digits, found \"-0000000\""));
}

TEST_F(RecordingsTest, SaysWhichBinaryDigitIsNone) {
    write("c_A100_fp32.txt", "00111111000000000000000000000000\n00000000000000000000000000000002\n");
    EXPECT_THAT(message(), HasSubstr("c_A100_fp32.txt:2: expected 32 binary digits"));
}

TEST_F(RecordingsTest, SaysWhichFileIsMissing) {
    fs::remove(place / "b_A100_fp16.txt");
    EXPECT_THAT(message(), HasSubstr("b_A100_fp16.txt: expected a file that can be read, found none"));
}

TEST_F(RecordingsTest, SaysWhichFileIsTruncated) {
    write("d_A100_fp32.txt", "01000000001000000000000000000000\n");
    EXPECT_THAT(message(), HasSubstr("d_A100_fp32.txt:2: expected 2 rows, as in a, found 1"));
    write("d_A100_fp32.txt", "01000000001000000000000000000000\n0000000000000000\n");
    EXPECT_THAT(message(), HasSubstr("d_A100_fp32.txt:2: expected 32 binary digits, found \"0000000000000000\""));
}

TEST_F(RecordingsTest, SaysWhichFileIsEmpty) {
    write("d_A100_fp32.txt", "");
    EXPECT_THAT(message(), HasSubstr("d_A100_fp32.txt: expected rows of numbers, found an empty file"));
}

TEST_F(RecordingsTest, SaysWhichNumberTheFormatLacks) {
    write("a_A100_fp16.txt", "3f800000 40000000\n00000000 3f800001\n");
    EXPECT_THAT(message(), HasSubstr("a_A100_fp16.txt:2: expected numbers of fp16, found one that it does not have"));
}

TEST_F(RecordingsTest, NamesTheKnownGpus) {
    fs::create_directories(folder / "model_validation" / "A101");
    EXPECT_THAT(
        message(),
        HasSubstr("A101: expected a folder named after a GPU (V100, T4, A100 (also A2, A10, A30, RTX3080, Orin), "));
}

TEST_F(RecordingsTest, NamesTheUnitThatIsNotInTheTable) {
    fs::rename(place, place.parent_path() / "E4M3");
    EXPECT_THAT(message(), HasSubstr("expected a matrix unit of the table, found A100 E4M3->fp32"));
}

TEST_F(RecordingsTest, SaysThatThereAreNone) {
    fs::remove_all(folder / "model_validation" / "A100");
    EXPECT_THAT(message(), HasSubstr("expected recordings <GPU>/<format>/d_<GPU>_<format>.txt, found none"));
    fs::remove_all(folder);
    EXPECT_THAT(message(), HasSubstr("expected a folder that can be read, found none"));
}

/// A directed table with the given line after its head.
class DirectedTest : public test::FolderTest {
  protected:
    static constexpr const char* head = "id\tarch\ttype\tA_hex\tB_hex\tC_hex\tD_hex\tsource\tnote\n";

    std::vector<DirectedVector> read(const std::string& text) { return read_directed(file("directed.tsv", text)); }
    std::string message(const std::string& line, const std::string& head_line = head) {
        try {
            (void)read(head_line + line);
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    }
};

TEST_F(DirectedTest, ReadsWholeWordsOfTf32) {
    const auto vectors =
        read(std::string(head) + "V1\tA100\ttf32>f32\t00002000\t44800000\t00000000\t00800000\ts\tn\r\n");
    ASSERT_EQ(vectors.size(), 1U);
    EXPECT_EQ(vectors[0].a, (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(vectors[0].b, (std::vector<std::uint64_t>{0x44800000 >> 13}));
    EXPECT_EQ(vectors[0].d, 0x00800000U);
    EXPECT_EQ(vectors[0].note, "n");
    EXPECT_EQ(replay(vectors[0]), vectors[0].d);
}

TEST_F(DirectedTest, SaysWhatIsWrongInWhichLine) {
    const auto row = [](const std::string& arch, const std::string& type, const std::string& codes) {
        return "V1\t" + arch + "\t" + type + "\t" + codes + "\ts\tn\n";
    };
    const std::string good = "3c00\t3c00\t00000000\t3f800000";
    EXPECT_EQ(message(row("A100", "f16>f32", good)), "no error");
    EXPECT_THAT(message("", "id arch\n"), HasSubstr("directed.tsv:1: expected the head line"));
    EXPECT_THAT(message("V1\tA100\n"), HasSubstr("directed.tsv:2: expected 9 fields, found 2"));
    EXPECT_THAT(message(row("A101", "f16>f32", good)), HasSubstr(":2: expected a GPU (V100, T4, "));
    EXPECT_THAT(message(row("A100", "f16", good)), HasSubstr(":2: expected a type such as f16>f32, found \"f16\""));
    EXPECT_THAT(message(row("A100", "f17>f32", good)),
                HasSubstr(":2: expected formats of the table, found \"f17>f32\""));
    EXPECT_THAT(message(row("V100", "bf16>f32", good)), HasSubstr(":2: expected a matrix unit of the table"));
    EXPECT_THAT(message(""), HasSubstr("directed.tsv:1: expected rows after the head line, found none"));
    EXPECT_THAT(message(row("BW", "e3m2>f32", "ff\t08\t00000000\t3f800000")),
                HasSubstr(":2: expected a code of 6 bits, found \"ff\""));
    EXPECT_THAT(message(row("A100", "f16>f32", "3c0\t3c00\t00000000\t3f800000")),
                HasSubstr(":2: expected 4 hexadecimal digits, found \"3c0\""));
    EXPECT_THAT(message(row("A100", "f16>f32", "3c0x\t3c00\t00000000\t3f800000")),
                HasSubstr(":2: expected 4 hexadecimal digits, found \"3c0x\""));
    EXPECT_THAT(message(row("A100", "f16>f32", "3c00 3c00\t3c00\t00000000\t3f800000")),
                HasSubstr(":2: expected as many codes in A as in B"));
    EXPECT_THAT(message(row("A100", "f16>f32", "3c00\t3c00\t\t3f800000")), HasSubstr(":2: expected one code"));
}

}  // namespace
}  // namespace halfulp
