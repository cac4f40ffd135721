# Script of DesistRender.cmake: fetches the locked packages into FOLDER and makes the bundles there. A failure is told, never fatal.
function(finish words)
  file(WRITE ${FOLDER}/stamp "${words}\n")
  message(STATUS "Figure renderer: ${words}")
endfunction()

file(REMOVE ${FOLDER}/desist-render.mjs ${FOLDER}/desist-page.js)
file(MAKE_DIRECTORY ${FOLDER})
foreach(name package.json package-lock.json .npmrc)
  configure_file(${SOURCE}/${name} ${FOLDER}/${name} COPYONLY)
endforeach()

set(again "to try again: ./desist setup")
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1
                        --fetch-retry-mintimeout=1000 --fetch-timeout=60000
                WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE result OUTPUT_FILE ${FOLDER}/npm.log ERROR_FILE ${FOLDER}/npm.log)
if(NOT result EQUAL 0)
  finish("not made: npm can't fetch its packages (${FOLDER}/npm.log); ${again}")
  return()
endif()

execute_process(COMMAND ${NODE} ${SOURCE}/bundle.mjs ${SOURCE} ${FOLDER}
                WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE result OUTPUT_FILE ${FOLDER}/bundle.log ERROR_FILE ${FOLDER}/bundle.log)
if(NOT result EQUAL 0)
  finish("not made: the bundling failed (${FOLDER}/bundle.log); ${again}")
  return()
endif()
finish("made")
