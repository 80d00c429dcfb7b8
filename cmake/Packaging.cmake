# cpack makes fleetwright, fleetwright-gui and fleetwright-mpi as .deb, and all of it as .tar.gz.

set(CPACK_PACKAGE_NAME fleetwright)
set(CPACK_PACKAGE_VENDOR fleetwright)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_GENERATOR DEB TGZ)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "the fleetwright project")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # libraries, with the versions that were linked
set(CPACK_DEBIAN_CORE_PACKAGE_NAME fleetwright)
foreach(part IN ITEMS gui mpi gpu)
  string(TOUPPER ${part} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME fleetwright-${part})
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "fleetwright (= ${PROJECT_VERSION})")
endforeach()
include(CPack)
