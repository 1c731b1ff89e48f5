# Claim: includes.cmake reports every kind of forbidden include with file, line and rule, and no allowed one.
# Oracle: the planted lines below, judged by hand.   cmake -D FIXTURE=DIR -P includes_test.cmake
cmake_minimum_required(VERSION 3.25)

set(chain "does not stand above")
set(leaf "nothing includes")
set(quotes "project headers are included as <halfulp/...>")
set(place "the table of outside headers does not allow it here")
set(unknown "no row of the table of outside headers knows this header")

# file, its second line, and what the report says about it; "-" where the line is allowed
set(plants
  softfloat/up.hpp               [[#include <halfulp/lib/io/text_file.hpp>]]        "softfloat ${chain} lib/io"
  lib/io/up.hpp                  [[#include <halfulp/gpu/device/driver.hpp>]]       "lib/io ${chain} gpu"
  gpu/device/up.hpp              [[#include <halfulp/app/command.hpp>]]             "gpu ${chain} app"
  lib/io/beside.hpp              [[#include <halfulp/lib/truth/rational.hpp>]]      "lib/io ${chain} lib/truth"
  lib/kernel/right.hpp           [[#include <halfulp/lib/quantize/scheme.hpp>]]     "lib/kernel ${chain} lib/quantize"
  lib/condition/beside.hpp       [[#include <halfulp/lib/quantize/scheme.hpp>]]     "lib/condition ${chain} lib/quantize"
  lib/workload/right.hpp         [[#include <halfulp/lib/plan/plan.hpp>]]           "lib/workload ${chain} lib/plan"
  lib/plan/right.hpp             [[#include <halfulp/lib/exercise/exercise.hpp>]]   "lib/plan ${chain} lib/exercise"
  lib/kernel/installed.hpp       [[#include <halfulp/lib/kernel/own.h>]]            "a header that is installed"
  proofs/up.cpp                  [[#include <halfulp/gpu/device/driver.hpp>]]       "proofs ${chain} gpu"
  docs/examples/up.cpp           [[#include <halfulp/app/command.hpp>]]             "docs ${chain} app"
  app/leaf.cpp                   [[#include <halfulp/tests/support/dyadic.hpp>]]    "${leaf} tests"
  tests/unit/leaf.cpp            [[#include <halfulp/bench/ceilings.hpp>]]          "${leaf} bench"
  bench/leaf.cpp                 [[#include <halfulp/proofs/claims.hpp>]]           "${leaf} proofs"
  lib/other/home.hpp             [[#include <halfulp/softfloat/env.hpp>]]           "the folder of this file has no line"
  lib/io/nowhere.hpp             [[#include <halfulp/lib/other/home.hpp>]]          "that folder has no line"
  lib/io/loose.hpp               [[#include <halfulp/lib/loose.hpp>]]               "that folder has no line"
  softfloat/c_header.hpp         [[#include <stdint.h>]]                            "the standard library only"
  softfloat/formatted.hpp        [[#include <fmt/format.h>]]                        "the standard library only"
  lib/matrix_unit/boost.cpp      [[#include <boost/multiprecision/cpp_int.hpp>]]    "${place}"
  lib/exercise/mpfr.hpp          [[#include <mpfr.h>]]                              "${place}"
  lib/report/formatted.hpp       [[#include <fmt/format.h>]]                        "${place}"
  gpu/observe/options.cpp        [[#include <CLI/CLI.hpp>]]                         "${place}"
  lib/io/toolkit.cpp             [[#include <QtCore/QString>]]                      "${unknown}"
  lib/io/bypass.cpp              [[#include <lib/truth/rational.hpp>]]              "${unknown}"
  lib/io/climbs.hpp              [[#include <halfulp/lib/io/../truth/rational.hpp>]] "does not climb"
  tests/unit/climbs.cpp          [[#include "../support/dyadic.hpp"]]               "does not climb"
  lib/io/quoted.cpp              [[#include "up.hpp"]]                              "${quotes}"
  app/quoted.cpp                 [[#include "lib/io/up.hpp"]]                       "${quotes}"
  tests/unit/quoted.cpp          [[  #  include "gtest/gtest.h"]]                   "${quotes}"
  tests/unit/macro.cpp           [[#include HEADER]]                                "an include names its header"
  softfloat/kept.hpp             [[#include <halfulp/softfloat/up.hpp>]]            "-"
  lib/exercise/kept.cpp          [[#include <halfulp/lib/truth/rational.hpp>]]      "-"
  lib/kernel/own.h               [[#include <halfulp/lib/kernel/lanes-inl.h>]]      "-"
  lib/kernel/own.cpp             [[#include <halfulp/lib/kernel/own.h>]]            "-"
  lib/truth/kept.cpp             [[#include <mpfr.h>]]                              "-"
  gpu/observe/kept.cpp           [[#include <halfulp/lib/exercise/exercise.hpp>]]   "-"
  app/kept.cpp                   [[#include "leaf.cpp"]]                            "-"
  tests/support/dyadic.hpp       [[#include <halfulp/gpu/device/driver.hpp>]]       "-"
  tests/unit/kept.cpp            [[#include "support/dyadic.hpp"]]                  "-")

file(REMOVE_RECURSE ${FIXTURE})
set(rows ${plants})
while(rows)
  list(POP_FRONT rows file line expected)
  file(WRITE ${FIXTURE}/${file} "#include <cstdint>  // [\n${line}\n")
endwhile()

execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${FIXTURE} -P ${CMAKE_CURRENT_LIST_DIR}/includes.cmake
                ERROR_VARIABLE report RESULT_VARIABLE status)
if(status EQUAL 0)
  message(SEND_ERROR "forbidden includes, and exit status 0")
endif()
set(rows ${plants})
while(rows)
  list(POP_FRONT rows file line expected)
  string(REGEX MATCH "(^|\n)${file}:[^\n]*" reported "${report}")
  string(STRIP "${line}" line)
  string(STRIP "${reported}" reported)
  string(FIND "${reported}" "${file}:2: ${line}: " at_start)
  string(FIND "${reported}" "${expected}" reason)
  if(expected STREQUAL "-" AND reported)
    message(SEND_ERROR "allowed, but reported: ${reported}")
  elseif(NOT expected STREQUAL "-" AND (NOT at_start EQUAL 0 OR reason EQUAL -1))
    message(SEND_ERROR "${file}: expected '${expected}', reported '${reported}'")
  endif()
endwhile()
