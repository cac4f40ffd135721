# The renderer draws the same bytes twice, without making code from text, and tells what it can't draw.
if(NOT EXISTS ${BUNDLE})
  message("skipped: there is no ${BUNDLE}")
  return()
endif()
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
foreach(name rows.csv rows.vl.json)
  configure_file(${DATA}/${name} ${WORK}/${name} COPYONLY)
endforeach()

# render(EXIT_CODE MESSAGE JOBS): runs the renderer on the jobs; what it says must match MESSAGE.
function(render expected message jobs)
  file(WRITE ${WORK}/jobs.json "${jobs}")
  execute_process(COMMAND ${NODE} --disallow-code-generation-from-strings ${BUNDLE} jobs.json
                  WORKING_DIRECTORY ${WORK} RESULT_VARIABLE result ERROR_VARIABLE said)
  if(NOT result EQUAL expected OR NOT said MATCHES "^${message}$")
    message(FATAL_ERROR "exit code ${result}, not ${expected}; it said: ${said}")
  endif()
endfunction()

render(0 "" [=[[{"spec": "rows.vl.json", "svg": "a.svg"}, {"spec": "rows.vl.json", "svg": "b.svg"}]]=])
render(0 "" [=[[{"spec": "rows.vl.json", "svg": "c.svg"}]]=])
file(READ ${WORK}/a.svg a)
file(READ ${WORK}/b.svg b)
file(READ ${WORK}/c.svg c)
if(NOT a STREQUAL b OR NOT a STREQUAL c)
  message(FATAL_ERROR "one spec, different bytes")
endif()
# Rows in the order of the number, not of its letters; the quoted comma is text.
if(NOT a MATCHES ">First<.*>Second, quoted<.*>Last – in file order<")
  message(FATAL_ERROR "the rows are not as in the file: ${a}")
endif()
# 'Last – in file order' at size 10 is 79.5 pixels wide: (Liberation Sans, letter by letter) / 2048 x 10. The picture is that,
# the plot's 360 and at most 20 of gaps. Vega's own guess would be 160.
string(REGEX MATCH "<svg[^>]* width=\"([0-9]+)" found "${a}")
if(CMAKE_MATCH_1 LESS 440 OR CMAKE_MATCH_1 GREATER 460)
  message(FATAL_ERROR "the picture is ${CMAKE_MATCH_1} wide")
endif()

# One that can't be drawn leaves the others alone, and data is never fetched.
file(READ ${WORK}/rows.vl.json spec)
string(REPLACE "\"rows.csv\"" "\"http://127.0.0.1/rows.csv\"" spec "${spec}")
file(WRITE ${WORK}/outside.vl.json "${spec}")
render(1 "outside.vl.json: error: [^\n]*data is a file beside the spec[^\n]*\nnone.vl.json: error: [^\n]*\n"
       [=[[{"spec": "outside.vl.json", "svg": "x.svg"}, {"spec": "none.vl.json", "svg": "y.svg"}, {"spec": "rows.vl.json", "svg": "d.svg"}]]=])
file(READ ${WORK}/d.svg d)
if(NOT a STREQUAL d OR EXISTS ${WORK}/x.svg OR EXISTS ${WORK}/y.svg)
  message(FATAL_ERROR "a failure spoiled another figure, or left a picture")
endif()
render(2 "desist-render: [^\n]*\n" "{}")
