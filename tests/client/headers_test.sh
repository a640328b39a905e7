#!/bin/sh
# Every public header compiles alone: as C++17 with nothing but itself, client_c.h as C99 too.
# headers_test.sh CXX CC INCLUDE_DIRECTORY
set -eu
cxx=$1 cc=$2 include=$3
for header in "$include"/gusu/*.h; do
  name=gusu/$(basename "$header")
  printf '#include "%s"\n#include "%s"\n' "$name" "$name" |
    "$cxx" -x c++ -std=c++17 -Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only -I "$include" -
  if grep -nE '#include.*(grpc|google/|absl/|\.pb\.h)' "$header"; then
    echo "$name shows what the library hides" >&2
    exit 1
  fi
done
printf '#include "gusu/client_c.h"\n' |
  "$cc" -x c -std=c99 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$include" -
echo "$(ls "$include"/gusu/*.h | wc -l) headers compile alone"
