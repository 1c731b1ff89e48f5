// Claim: each format's row describes the encoding that its standard publishes.
// Oracle: the numbers printed in the standards (OCP FP8 1.0 table 1, OCP MX 1.0 tables 1-3, IEEE 754-2019 table 3.5,
// arXiv:2206.02915 table 1), as literals, by the compiler. Shared: nothing.
#include <gtest/gtest.h>
