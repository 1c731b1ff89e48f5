// Claim: `ptx check` takes what ptxas takes and refuses what it refuses, but for the differences that ptx_forms.txt lists
// with their reasons.
// Oracle: what ptxas 13.0 made of each form, which oracle.ptxas_forms_test asks it again. Shared: nothing.
#include <gtest/gtest.h>

#include <halfulp/gpu/ptx/check.hpp>

#include "support/ptx_forms.hpp"

namespace halfulp {
namespace {

/// Empty: it is taken.
std::string remark_on(const test::PtxForm& form) {
    try {
        const std::vector<ptx::Remark> remarks = ptx::remarks(ptx::parse(form.text(), "k.ptx"));
        return remarks.empty() ? "" : remarks.front().reason;
    } catch (const InputError& error) {
        return error.what();
    }
}

TEST(PtxForms, AreTakenAsPtxasTakesThem) {
    const std::vector<test::PtxForm> forms = test::ptx_forms();
    EXPECT_GT(forms.size(), 900U);
    for (const test::PtxForm& form : forms) {
        const std::string remark = remark_on(form);
        EXPECT_EQ(remark.empty(), form.check_takes())
            << "ptx_forms.txt:" << form.line << ": " << form.statement << ": " << remark;
    }
}

}  // namespace
}  // namespace halfulp
