cmake_minimum_required(VERSION 3.25)

# Writes the git revision of SOURCE into HEADER, if it changed; "unknown" outside a checkout.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
                OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT revision)
  set(revision unknown)
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT
     "#pragma once\ninline constexpr const char* source_revision = \"@revision@\";\n" @ONLY)
