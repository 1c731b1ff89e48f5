# Claim: no #include of the tree breaks the dependency rule.   cmake -D ROOT=DIR -P includes.cmake
# Oracle: the two tables below, written from the design and not from the code. Shared with the code: nothing.
cmake_minimum_required(VERSION 3.25)

# A folder includes itself and what stands in a line above its own.
set(layers
  "softfloat"
  "lib/io lib/report lib/truth lib/accumulate"
  "lib/kernel"
  "lib/property lib/matrix_unit"
  "lib/quantize lib/condition"
  "lib/solve"
  "lib/measure"
  "lib/workload"
  "lib/train lib/onnx lib/plan lib/diagnose lib/conformance lib/verify"
  "lib/exercise"
  "gpu lib/adapter proofs"
  "app docs python"
  "tests bench")

# Nothing else includes these.
set(leaves proofs docs python tests bench)

# Headers from outside: which ones, and the files that may include them. The standard library is free to all.
set(outside
  [[boost/.*|mpfr\.h]]             [[lib/truth/.*|lib/exercise/.*\.cpp|tests/.*|proofs/.*]]
  [[fmt/.*|nlohmann/.*]]           [[(lib|gpu)/.*\.cpp|lib/adapter/fmt\.hpp|(app|docs|python|tests|bench)/.*]]
  [[nanobind/.*]]                  [[python/.*]]
  [[CLI/.*]]                       [[app/.*]]
  [[hwy/.*]]                       [[lib/(kernel|matrix_unit|measure|quantize)/.*|tests/.*|bench/.*]]
  [[Eigen/.*]]                     [[lib/(condition|solve)/.*\.cpp|(docs|tests|bench)/.*]]
  [[onnx/.*|google/protobuf/.*]]   [[lib/onnx/.*\.cpp|tests/.*]]
  [[rapidcheck(/.*|\.h)]]          [[lib/property/.*|docs/.*|tests/.*]]
  [[(gtest|gmock)/.*]]             [[lib/diagnose/.*|docs/.*|tests/.*]]
  [[benchmark/.*|fp16\.h|oneapi/dnnl/dnnl\.h|omp\.h|xnnpack\.h|libxsmm\.h]]  [[bench/.*]]
  [[[a-z]*intrin\.h|cpuid\.h]]     [[lib/(kernel|matrix_unit)/.*|lib/exercise/.*\.cpp|(tests|bench)/.*]]
  [[cuda_(fp16|bf16|fp8)\.h|expressions_text\.inc]]  [[tests/.*]]
  [[dlfcn\.h]]                     [[lib/io/shared_library\.cpp]]
  [[unistd\.h|sys/(wait|syscall)\.h]]  [[lib/io/(file_lock|text_file)\.cpp|lib/measure/machine\.cpp|lib/report/gnuplot\.cpp|(app|tests|bench)/.*]]
  [[fcntl\.h|sys/(file|stat)\.h]]  [[lib/io/(file_lock|text_file)\.cpp]]
  [[sys/(mman|inotify)\.h]]       [[tests/.*]]
  [[spawn\.h]]                     [[lib/report/gnuplot\.cpp|tests/.*]]
  [[mpi\.h]]                       [[app/mpi/.*]])

# The row of the first table that a path belongs to: lib/truth/rational.hpp -> lib/truth, gpu/device/x.hpp -> gpu.
function(folder_of path result)
  string(REGEX MATCH "^(lib/[^/]+|[^/]+)/" folder "${path}")
  string(REGEX REPLACE "/$" "" folder "${folder}")
  set(${result} "${folder}" PARENT_SCOPE)
endfunction()

# The number of a folder's line in the first table, or nothing.
function(layer_of folder result)
  set(${result} "" PARENT_SCOPE)
  set(number 0)
  foreach(layer IN LISTS layers)
    if(folder AND " ${layer} " MATCHES " ${folder} ")
      set(${result} ${number} PARENT_SCOPE)
    endif()
    math(EXPR number "${number} + 1")
  endforeach()
endfunction()

# What is wrong with a file that includes <halfulp/HEADER>; empty if nothing.
function(judge_project file header result)
  folder_of(${file} from)
  folder_of(${header} to)
  layer_of("${from}" from_layer)
  layer_of("${to}" to_layer)
  set(wrong "")
  if(from_layer STREQUAL "")
    set(wrong "the folder of this file has no line in the table of layers")
  elseif(to_layer STREQUAL "")
    set(wrong "that folder has no line in the table of layers")
  elseif(NOT from STREQUAL to AND to IN_LIST leaves)
    set(wrong "nothing includes ${to}")
  elseif(NOT from STREQUAL to AND NOT to_layer LESS from_layer)
    set(wrong "${from} does not stand above ${to} in the chain of folders")
  elseif(file MATCHES "^(softfloat|lib|gpu)/.*\\.hpp$" AND header MATCHES "\\.h$")
    set(wrong "a header that is installed includes installed ones: .hpp")
  endif()
  set(${result} "${wrong}" PARENT_SCOPE)
endfunction()

# The same for a header in quotes. Only folders without a link in include/halfulp have headers that need them.
function(judge_quoted file header result)
  string(REGEX REPLACE "/.*" "" top ${file})
  cmake_path(GET file PARENT_PATH folder)
  if(top MATCHES "^(app|proofs|docs|python|tests|bench)$"
     AND (EXISTS "${ROOT}/${folder}/${header}" OR EXISTS "${ROOT}/${top}/${header}"))
    set(${result} "" PARENT_SCOPE)
  else()
    set(${result} "project headers are included as <halfulp/...>" PARENT_SCOPE)
  endif()
endfunction()

# The same for <HEADER> from outside.
function(judge_outside file header result)
  if(file MATCHES "^softfloat/")
    set(${result} "softfloat includes the standard library only" PARENT_SCOPE)
    return()
  endif()
  set(${result} "no row of the table of outside headers knows this header" PARENT_SCOPE)
  set(rows ${outside})
  while(rows)
    list(POP_FRONT rows headers files)
    if(header MATCHES "^(${headers})$")
      set(${result} "" PARENT_SCOPE)
      if(NOT file MATCHES "^(${files})$")
        set(${result} "the table of outside headers does not allow it here" PARENT_SCOPE)
      endif()
    endif()
  endwhile()
endfunction()

function(judge file line result)
  set(wrong "")
  if(NOT line MATCHES "#[ \t]*include[ \t]*([<\"])([^>\"]+)[>\"]")
    set(wrong "an include names its header")
  else()
    set(bracket "${CMAKE_MATCH_1}")
    set(header "${CMAKE_MATCH_2}")
    if("/${header}/" MATCHES "/\\.\\./")
      set(wrong "an include does not climb with ..")
    elseif(bracket STREQUAL "\"")
      judge_quoted(${file} ${header} wrong)
    elseif(header MATCHES "^halfulp/(.*)")
      judge_project(${file} ${CMAKE_MATCH_1} wrong)
    elseif(NOT header MATCHES "^[a-z0-9_]+$")
      judge_outside(${file} ${header} wrong)
    endif()
  endif()
  set(${result} "${wrong}" PARENT_SCOPE)
endfunction()

# The include directives of a file, each with the line end before it. What would break up or join the items of a CMake
# list is blanked: no header's name has it.
function(read_includes file result text_result)
  file(READ ${file} text)
  string(REGEX REPLACE "[][;\\]" " " text "\n${text}")
  string(REGEX MATCHALL "\n[ \t]*#[ \t]*include[^\n]*" includes "${text}")
  set(${result} ${includes} PARENT_SCOPE)
  set(${text_result} "${text}" PARENT_SCOPE)
endfunction()

# The number of the line that begins with PART, counting from 1.
function(line_number text part result)
  string(FIND "${text}" "${part}" offset)
  string(SUBSTRING "${text}" 0 ${offset} before)
  string(REGEX MATCHALL "\n" ends "${before}")
  list(LENGTH ends number)
  math(EXPR number "${number} + 1")
  set(${result} ${number} PARENT_SCOPE)
endfunction()

set(files)
foreach(top softfloat lib gpu app python tests proofs bench docs)
  foreach(extension hpp cpp h cu cuh)
    file(GLOB_RECURSE found RELATIVE ${ROOT} ${ROOT}/${top}/*.${extension})
    list(APPEND files ${found})
  endforeach()
endforeach()
list(LENGTH files count)
if(count EQUAL 0)
  message(FATAL_ERROR "no source files under ${ROOT}")
endif()

set(failures 0)
foreach(file IN LISTS files)
  read_includes(${ROOT}/${file} includes text)
  foreach(line IN LISTS includes)
    judge(${file} "${line}" wrong)
    if(wrong)
      line_number("${text}" "${line}" number)
      string(STRIP "${line}" line)
      message("${file}:${number}: ${line}: ${wrong}")
      math(EXPR failures "${failures} + 1")
    endif()
  endforeach()
endforeach()
if(failures GREATER 0)
  message(FATAL_ERROR "${failures} forbidden includes in ${count} files")
endif()
message("${count} files, no forbidden include")
