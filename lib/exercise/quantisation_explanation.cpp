#include <halfulp/lib/exercise/quantisation_explanation.hpp>

namespace halfulp {

std::string quantisation_explanation() { return "TODO"; }

}  // namespace halfulp
