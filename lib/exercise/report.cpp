#include <halfulp/lib/exercise/report.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace halfulp {
namespace {

std::string_view word(Verdict v) {
    switch (v) {
        case Verdict::Match: return "match";
        case Verdict::Mismatch: return "MISMATCH";
        case Verdict::NotAvailable: return "n/a";
    }
    return {};
}

constexpr std::size_t line_width = 110;

/// Lines of at most so many characters, unless a word is longer.
std::string wrapped(const std::string& text, std::size_t width) {
    std::string result;
    std::size_t column = 0;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
        if (column > 0 && column + 1 + (end - start) > width) {
            result.erase(result.find_last_not_of(' ') + 1);
            result += '\n';
            column = 0;
        }
        if (column > 0) result += ' ';
        column += (column > 0 ? 1 : 0) + (end - start);
        result += text.substr(start, end - start);
        start = end + 1;
        if (end < text.size() && text[end] == '\n') {
            result += '\n';
            column = 0;
        }
    }
    return result;
}

/// A text after a label of as many characters as the lines after its first are indented.
std::string labelled(const std::string& label, const std::string& text) {
    std::string lines = label;
    for (const char c : wrapped(text, line_width - label.size())) {
        lines += c;
        if (c == '\n') lines.append(label.size(), ' ');
    }
    return lines + '\n';
}

std::string line(std::string_view label, const std::string& text) {
    return labelled(fmt::format("       {:<10} ", label), text);
}

/// "soft, unit:A100, H100": a kind that repeats is named once.
std::string names_of(const std::vector<std::string>& observers) {
    std::string names, last_kind;
    for (const std::string& name : observers) {
        const std::string kind = name.substr(0, name.find(':') + 1);
        const bool repeats = !kind.empty() && kind == last_kind;
        names += (names.empty() ? "" : ", ") + (repeats ? name.substr(kind.size()) : name);
        last_kind = kind;
    }
    return names;
}

/// What some observers made of a question alike.
struct Outcome {
    Verdict verdict;
    std::string text;
    std::vector<std::string> observers;
};

/// In the order of the first observer of each.
std::vector<Outcome> outcomes(const std::vector<Observation>& observations) {
    std::vector<Outcome> all;
    for (const Observation& o : observations) {
        const auto same =
            std::find_if(all.begin(), all.end(), [&](auto& a) { return a.verdict == o.verdict && a.text == o.text; });
        if (same == all.end())
            all.push_back({o.verdict, o.text, {o.observer}});
        else
            same->observers.push_back(o.observer);
    }
    return all;
}

/// "unit:A100, H100: no instruction bf16->fp16".
std::string absence(const Outcome& outcome) { return names_of(outcome.observers) + ": " + outcome.text; }

/// The absences that most questions share, with the number of these questions: they are printed once.
using Absences = std::map<std::string, std::size_t>;

Absences common_absences(const std::vector<AskedQuestion>& asked) {
    Absences absences;
    for (const AskedQuestion& question : asked)
        for (const Outcome& outcome : outcomes(question.observations))
            if (outcome.verdict == Verdict::NotAvailable) ++absences[absence(outcome)];
    std::erase_if(absences, [&](auto& a) { return a.second == 1 || 2 * a.second <= asked.size(); });
    return absences;
}

std::string question_text(const std::string& number, const AskedQuestion& asked, const Absences& common) {
    const Question& question = asked.question;
    std::string text = labelled(fmt::format("{:<6} ", number), question.text);
    text += line("claim", question.claim) + line("predicted", question.predicted);
    for (const Fact& fact : question.facts) text += line(fact.label, fact.text);
    for (const Outcome& outcome : outcomes(asked.observations)) {
        const bool absent = outcome.verdict == Verdict::NotAvailable;
        if (!absent)
            text += line("observed", fmt::format("{}  {}  by {}", outcome.text, word(outcome.verdict),
                                                 names_of(outcome.observers)));
        else if (!common.contains(absence(outcome)))
            text += line("n/a", absence(outcome));
    }
    return text + line("verdict", std::string(word(verdict(asked.observations))));
}

/// What was observed and by whom; who could not be asked is not named.
std::string observed(const AskedQuestion& asked) {
    std::string text;
    for (const Outcome& outcome : outcomes(asked.observations))
        if (outcome.verdict != Verdict::NotAvailable)
            text += fmt::format("{}{} by {}", text.empty() ? "" : "; ", outcome.text, names_of(outcome.observers));
    return text;
}

nlohmann::json codes_json(const Codes& codes) {
    return {{"count", codes.size()},
            {"first", fmt::format("{:x}", codes.front())},
            {"last", fmt::format("{:x}", codes.back())}};
}

nlohmann::json question_json(const AskedQuestion& asked) {
    nlohmann::json observed = nlohmann::json::array();
    for (const Observation& o : asked.observations)
        observed.push_back({{"backend", o.observer}, {"verdict", word(o.verdict)}, {"text", o.text}});
    nlohmann::json facts = nlohmann::json::array();
    for (const Fact& fact : asked.question.facts) facts.push_back({{"label", fact.label}, {"text", fact.text}});
    return {{"question", asked.question.text},
            {"claim", asked.question.claim},
            {"predicted", {{"text", asked.question.predicted}, {"codes", codes_json(asked.question.codes)}}},
            {"facts", facts},
            {"observed", observed},
            {"verdict", word(verdict(asked.observations))}};
}

}  // namespace

std::size_t ExerciseReport::count(Verdict v) const {
    const auto same = [v](const AskedQuestion& a) { return verdict(a.observations) == v; };
    return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), same));
}

ExerciseReport run(const Exercise& exercise, const Observers& observers) {
    ExerciseReport report{exercise, {}};
    for (const Question& question : exercise.questions)
        report.asked.push_back({question, observe(question, observers)});
    return report;
}

std::string to_text(const ExerciseReport& report, bool explain) {
    const int exercise = report.exercise.number;
    const Absences common = common_absences(report.asked);
    std::string text = fmt::format("Exercise {}: {}\n", exercise, report.exercise.title);
    if (explain) text += "\n" + wrapped(report.exercise.explanation, line_width) + "\n";
    std::size_t number = 0;
    for (const AskedQuestion& asked : report.asked)
        text += "\n" + question_text(fmt::format("{}.{}", exercise, ++number), asked, common);
    if (!report.exercise.conclusion.empty()) text += "\n" + wrapped(report.exercise.conclusion, line_width) + "\n";
    for (const auto& [absent, count] : common)
        text +=
            "\n" +
            wrapped(fmt::format("n/a in {} of the {} questions: {}", count, report.asked.size(), absent), line_width) +
            "\n";
    text += fmt::format("\nExercise {}: {} questions, {} match, {} mismatch, {} not observed\n", exercise,
                        report.asked.size(), report.count(Verdict::Match), report.count(Verdict::Mismatch),
                        report.count(Verdict::NotAvailable));
    return text;
}

Table to_table(const ExerciseReport& report) {
    Table table{{"", "question", "claim", "predicted", "observed", "verdict"}};
    for (const AskedQuestion& asked : report.asked)
        table.push_back({fmt::format("{}.{}", report.exercise.number, table.size()), asked.question.text,
                         asked.question.claim, asked.question.predicted, observed(asked),
                         std::string(word(verdict(asked.observations)))});
    return table;
}

std::string to_json(const std::vector<ExerciseReport>& reports) {
    nlohmann::json array = nlohmann::json::array();
    for (const ExerciseReport& report : reports) {
        nlohmann::json questions = nlohmann::json::array();
        for (const AskedQuestion& asked : report.asked) questions.push_back(question_json(asked));
        array.push_back({{"exercise", report.exercise.number},
                         {"title", report.exercise.title},
                         {"explanation", report.exercise.explanation},
                         {"questions", questions},
                         {"conclusion", report.exercise.conclusion}});
    }
    return array.dump(2);
}

}  // namespace halfulp
