#include <halfulp/lib/exercise/definition_observer.h>
#include <halfulp/lib/truth/ieee_rules.hpp>

namespace halfulp {
namespace {

class DefinitionObserver final : public Observer {
  public:
    std::string name() const override { return "definition"; }

    Answer convert(const Format& from, const Format& to, std::span<const std::uint64_t> codes) const override {
        Answer answer;
        for (const std::uint64_t code : codes)
            answer.codes.push_back(truth::delivered(to, truth::operand(from, code), {}).code);
        return answer;
    }

    Answer arithmetic(Operation operation, const Format& f, std::span<const std::uint64_t> a,
                      std::span<const std::uint64_t> b) const override {
        Answer answer;
        for (std::size_t i = 0; i < a.size(); ++i)
            answer.codes.push_back(truth::defined_result(operation, f, {a[i], b[i], 0}).code);
        return answer;
    }

  protected:
    std::string cannot() const override { return "the definition is asked for single operations"; }
};

}  // namespace

std::unique_ptr<Observer> make_definition_observer() { return std::make_unique<DefinitionObserver>(); }

}  // namespace halfulp
