# desist_add_test(name KIND unit|statistical|reference|golden|property|fuzz SOURCES ... LIBS ... [SECONDS n] [THREADS])
#   builds tests/<...>.cpp into one program, sets label, time limit and working folder. THREADS: it starts threads, so the
#   thread sanitizer runs it too (label `threads`, target `thread_tests`).
# Every kind but statistical, whose long loops a sanitizer makes ten times longer, is built by the target `quick_tests`.
add_custom_target(thread_tests)
add_custom_target(quick_tests)
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
  target_link_libraries(${name} PRIVATE ${arg_LIBS} desist_options GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE DESIST_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                             DESIST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(DESIST_SANITIZE)
    target_compile_definitions(${name} PRIVATE DESIST_SANITIZED)  # sanitized.hpp: fewer random trials
  endif()
  # Of the test alone, what it calls keeps its level: tests without long loops of their own are compiled in less time.
  if((DESIST_SANITIZE AND NOT arg_KIND STREQUAL statistical) OR arg_KIND MATCHES "^(unit|reference|golden)$")
    target_compile_options(${name} PRIVATE -O0)
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
