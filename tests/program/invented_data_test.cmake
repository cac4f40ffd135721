# make_justice_data_lab.py gives justice_data_lab.csv.
execute_process(COMMAND ${PYTHON} ${DATA}/make_justice_data_lab.py OUTPUT_VARIABLE made RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "make_justice_data_lab.py failed: ${failed}")
endif()
file(READ ${DATA}/justice_data_lab.csv committed)
if(NOT made STREQUAL committed)
  message(FATAL_ERROR "justice_data_lab.csv is not what make_justice_data_lab.py makes")
endif()
