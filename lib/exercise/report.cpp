#include <halfulp/lib/exercise/report.hpp>

#include <fmt/format.h>

#include <algorithm>
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

std::string line(std::string_view label, const std::string& text) {
    return fmt::format("       {:<10} {}\n", label, text);
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

/// One line for all observers with the same outcome, in the order of the first of each.
std::string observation_lines(const std::vector<Observation>& observations) {
    std::string lines;
    std::vector<bool> done(observations.size());
    for (std::size_t i = 0; i < observations.size(); ++i) {
        if (done[i]) continue;
        const Observation& first = observations[i];
        std::vector<std::string> same;
        for (std::size_t j = i; j < observations.size(); ++j) {
            const Observation& other = observations[j];
            if (other.verdict != first.verdict || other.text != first.text) continue;
            done[j] = true;
            same.push_back(other.observer);
        }
        if (first.verdict == Verdict::NotAvailable)
            lines += line("n/a", fmt::format("{}: {}", names_of(same), first.text));
        else
            lines += line("observed", fmt::format("{}  {}  by {}", first.text, word(first.verdict), names_of(same)));
    }
    return lines;
}

std::string wrapped(const std::string& text, std::size_t width) {
    std::string result;
    std::size_t column = 0;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", start), text.size());
        if (column > 0 && column + 1 + (end - start) > width) {
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
    constexpr std::size_t width = 110;
    std::string text = fmt::format("Exercise {}: {}\n", report.exercise.number, report.exercise.title);
    if (explain) text += "\n" + wrapped(report.exercise.explanation, width) + "\n";
    std::size_t number = 0;
    for (const AskedQuestion& asked : report.asked) {
        const Question& question = asked.question;
        text += fmt::format("\n{}.{:<3}  {}\n", report.exercise.number, ++number, question.text);
        text += line("claim", question.claim) + line("predicted", question.predicted);
        for (const Fact& fact : question.facts) text += line(fact.label, fact.text);
        text += observation_lines(asked.observations) + line("verdict", std::string(word(verdict(asked.observations))));
    }
    if (!report.exercise.conclusion.empty()) text += "\n" + wrapped(report.exercise.conclusion, width) + "\n";
    text += fmt::format("\nExercise {}: {} questions, {} match, {} mismatch, {} not observed\n", report.exercise.number,
                        report.asked.size(), report.count(Verdict::Match), report.count(Verdict::Mismatch),
                        report.count(Verdict::NotAvailable));
    return text;
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
