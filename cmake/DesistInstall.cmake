# Installs the program, what it reads, and the engine as desist:: targets with a version file.
include(CMakePackageConfigHelpers)
set(DESIST_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/desist)

set(libraries "")
foreach(folder engine models)
  get_property(targets DIRECTORY ${PROJECT_SOURCE_DIR}/${folder} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "^(STATIC|OBJECT|INTERFACE)_LIBRARY$")
      list(APPEND libraries ${target})
    endif()
  endforeach()
endforeach()
install(TARGETS ${libraries} EXPORT desistTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
        OBJECTS DESTINATION ${CMAKE_INSTALL_LIBDIR}/desist)
if(TARGET desist)
  install(TARGETS desist RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

install(DIRECTORY engine models DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/desist
        FILES_MATCHING PATTERN "*.hpp" PATTERN render EXCLUDE)
install(DIRECTORY experiments DESTINATION ${CMAKE_INSTALL_DATADIR}/desist OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/desist)

install(EXPORT desistTargets NAMESPACE desist:: DESTINATION ${DESIST_PACKAGE_FOLDER})
configure_package_config_file(cmake/desistConfig.cmake.in desistConfig.cmake INSTALL_DESTINATION ${DESIST_PACKAGE_FOLDER})
write_basic_package_version_file(desistConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/desistConfig.cmake ${PROJECT_BINARY_DIR}/desistConfigVersion.cmake
        DESTINATION ${DESIST_PACKAGE_FOLDER})
