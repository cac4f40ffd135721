# desist_add_test(name KIND unit|statistical|reference|golden|property|fuzz SOURCES ... LIBS ... [SECONDS n])
#   builds tests/<...>.cpp into one program, sets label, time limit and working folder.
function(desist_add_test name)
  cmake_parse_arguments(arg "" "KIND;SECONDS" "SOURCES;LIBS" ${ARGN})
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
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_KIND} TIMEOUT ${arg_SECONDS})
endfunction()
