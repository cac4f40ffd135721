# desist_add_test(name KIND unit|statistical|reference|golden|property|fuzz SOURCES ... LIBS ... [SECONDS n] [THREADS])
#   builds tests/<...>.cpp into one program, sets label, time limit and working folder. THREADS: it starts threads, so the
#   thread sanitizer runs it too (label `threads`, target `thread_tests`).
# Every kind but statistical, whose long loops a sanitizer makes ten times longer, is built by the target `quick_tests`.
add_custom_target(thread_tests)
add_custom_target(quick_tests)

set(DESIST_TEST_DEFINITIONS DESIST_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" DESIST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
if(DESIST_SANITIZE)
  list(APPEND DESIST_TEST_DEFINITIONS DESIST_SANITIZED)  # sanitized.hpp: fewer random trials
endif()
# Tests without long loops of their own are compiled in less time. Of the test alone: what it calls keeps its level.
set(DESIST_QUICK_TEST_OPTIONS -O0)
if(DESIST_SANITIZE)
  list(APPEND DESIST_QUICK_TEST_OPTIONS -g0)  # a failed check names its line without, and so does what it calls
endif()

# desist_set_test_options(target quick|usual): what every program of tests is compiled with.
function(desist_set_test_options target level)
  target_link_libraries(${target} PRIVATE desist_options fmt::fmt GTest::gmock)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE ${DESIST_TEST_DEFINITIONS})
  if(level STREQUAL quick)
    target_compile_options(${target} PRIVATE ${DESIST_QUICK_TEST_OPTIONS})
  else()
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
endfunction()

# The headers of most tests, read once for each level. `dev` reads each source by itself, to find the include that is missing.
# By clang alone: g++ 12 gains little, and its bug 105651 warns of every "text" + std::string whose header was precompiled.
set(DESIST_PRECOMPILES_TEST_HEADERS OFF)
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(DESIST_PRECOMPILES_TEST_HEADERS ON)
endif()
if(DESIST_PRECOMPILES_TEST_HEADERS)
  foreach(level quick usual)
    add_library(test_headers_${level} OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/tests/test_headers.cpp)
    desist_set_test_options(test_headers_${level} ${level})
    target_precompile_headers(test_headers_${level} PRIVATE ${PROJECT_SOURCE_DIR}/tests/test_headers.hpp)
    # Else ccache has another header for every checkout.
    target_compile_options(test_headers_${level} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endforeach()
endif()

function(desist_add_test name)
  cmake_parse_arguments(arg "THREADS" "KIND;SECONDS" "SOURCES;LIBS" ${ARGN})
  set(known unit statistical reference golden property fuzz)
  if(NOT arg_KIND IN_LIST known)
    message(FATAL_ERROR "desist_add_test(${name}): KIND is one of ${known}, not '${arg_KIND}'")
  endif()
  if(NOT arg_SECONDS)
    set(arg_SECONDS 300)  # generous: sanitizers are up to ten times slower
  endif()
  add_executable(${name} ${arg_SOURCES})
  set(level usual)
  if((DESIST_SANITIZE AND NOT arg_KIND STREQUAL statistical) OR arg_KIND MATCHES "^(unit|reference|golden)$")
    set(level quick)
  endif()
  desist_set_test_options(${name} ${level})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gtest_main)
  if(DESIST_PRECOMPILES_TEST_HEADERS)
    target_precompile_headers(${name} REUSE_FROM test_headers_${level})
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_KIND} TIMEOUT ${arg_SECONDS})
  if(NOT arg_KIND STREQUAL statistical)
    add_dependencies(quick_tests ${name})
  endif()
  if(arg_THREADS)
    set_property(TEST ${name} APPEND PROPERTY LABELS threads)
    add_dependencies(thread_tests ${name})
  endif()
endfunction()
