# Claim: gdb shows the values of gdb_values.cpp as numbers.   cmake -D GDB=... -D PRINTER=... -D PROGRAM=... -P gdb.cmake
# Oracle: the numbers below, worked out by hand. Shared with the code: nothing. Skipped where there is no gdb.
if(NOT GDB)
  message("skipped: no gdb")
  return()
endif()
execute_process(COMMAND ${GDB} --batch -nx -iex "set debuginfod enabled off" -ex "source ${PRINTER}"
                        -ex "break here" -ex run -ex up -ex "info locals" ${PROGRAM}
                OUTPUT_VARIABLE shown ERROR_VARIABLE errors)
if(errors MATCHES "ptrace|Operation not permitted|Scripting in the \"Python\" language is not supported")
  message("skipped: gdb may not run programs here, or has no Python: ${errors}")
  return()
endif()
foreach(line "tenth = 0x2e66 = 0.0999755859375" "infinity = 0xfc00 = -inf" "least = 0x0001 = 5.960464477539063e-08"
             "bf16 = 0xbfc0 = -1.5" "largest = 0x7fefffffffffffff = 1.7976931348623157e+308" "e4m3_nan = 0x7f = nan"
             "e4m3_largest = 0x7e = 448" "fnuz_nan = 0x80 = nan" "scale = 0x00 = 5.877471754111438e-39" "six = 0x7 = 6"
             "two = 0x4000 = 2" "operand = 0x3d = 1.25" "exact = -1.5" "zero = -0")
  string(FIND "${shown}" "\n${line}\n" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "expected \"${line}\" in\n${shown}${errors}")
  endif()
endforeach()
message("14 values as they should be")
