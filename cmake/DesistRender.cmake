# The figure bundles, made by npm from the lock file in engine/report/render: desist-render.mjs (Node: specs to SVG) and
# desist-page.js (report.html: the page draws itself). Without npm, or when it fails, the build goes on without them; the run does too.
# After a failure `./desist setup` tries again (or delete render/stamp in the build folder).
set(DESIST_RENDER_SOURCE ${PROJECT_SOURCE_DIR}/engine/report/render)
set(DESIST_RENDER_FOLDER ${PROJECT_BINARY_DIR}/render)
set(DESIST_RENDER_INSTALL ${CMAKE_INSTALL_DATADIR}/desist/render)
find_program(DESIST_NODE NAMES node nodejs DOC "Node 18 or newer: draws the figures")
find_program(DESIST_NPM NAMES npm DOC "npm: fetches the renderer's packages when it is built")

if(DESIST_SANITIZE)
  add_custom_target(desist_render)  # three builds need not make it three times
elseif(NOT DESIST_NODE OR NOT DESIST_NPM)
  message(STATUS "Figure renderer: not made, for want of node or npm (Debian: apt-get install nodejs npm)")
  add_custom_target(desist_render)
else()
  set(inputs package.json package-lock.json .npmrc bundle.mjs font_widths.json page.mjs render.mjs view.mjs)
  list(TRANSFORM inputs PREPEND ${DESIST_RENDER_SOURCE}/)
  set(make_bundles ${CMAKE_COMMAND} -D SOURCE=${DESIST_RENDER_SOURCE} -D FOLDER=${DESIST_RENDER_FOLDER}
                   -D NODE=${DESIST_NODE} -D NPM=${DESIST_NPM} -P ${PROJECT_SOURCE_DIR}/cmake/make_bundles.cmake)
  # The stamp, not the bundles, is the output: it is written after a failure too, so that not every build asks npm again.
  add_custom_command(OUTPUT ${DESIST_RENDER_FOLDER}/stamp COMMAND ${make_bundles}
                     DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/make_bundles.cmake
                     COMMENT "Making the figure renderer" VERBATIM)
  add_custom_target(desist_render ALL DEPENDS ${DESIST_RENDER_FOLDER}/stamp)
  install(FILES ${DESIST_RENDER_FOLDER}/desist-render.mjs ${DESIST_RENDER_FOLDER}/desist-page.js
          DESTINATION ${DESIST_RENDER_INSTALL} OPTIONAL)
endif()

# desist_use_render(target): tells a target's sources where the bundles are, as three strings:
#   DESIST_RENDER_BUNDLE, DESIST_PAGE_BUNDLE  in the build tree (may be missing when the program runs)
#   DESIST_RENDER_INSTALLED                   the folder that holds both after `cmake --install`, relative to the program's own folder
function(desist_use_render target)
  file(RELATIVE_PATH installed /prefix/${CMAKE_INSTALL_BINDIR} /prefix/${DESIST_RENDER_INSTALL})
  target_compile_definitions(${target} PRIVATE
    DESIST_RENDER_BUNDLE="${DESIST_RENDER_FOLDER}/desist-render.mjs"
    DESIST_PAGE_BUNDLE="${DESIST_RENDER_FOLDER}/desist-page.js"
    DESIST_RENDER_INSTALLED="${installed}")
endfunction()
