#!/bin/sh
# The library exports names of ours, and nothing of gRPC, protobuf or abseil.
# symbols_test.sh LIBRARY
set -eu
exported=$(nm -D --defined-only --demangle "$1" | sed 's/^[0-9a-f]* [A-Za-z] //')
foreign=$(printf '%s\n' "$exported" | sed 's/@.*//' |
  grep -vE '^(gusu::|gusu_|(typeinfo|typeinfo name|vtable) for gusu::|(std::optional<gusu::[A-Za-z]+> )?gusu::|GUSU_0)' ||
  true)
if [ -n "$foreign" ]; then
  echo "exported, and not ours:" >&2
  printf '%s\n' "$foreign" >&2
  exit 1
fi
if printf '%s\n' "$exported" | grep -E 'gusu::v1|grpc|google::|absl'; then
  echo "the library shows what it is made of" >&2
  exit 1
fi
for name in 'gusu::Client::Resolve' 'gusu_resolve' 'gusu::Spool::Open' 'gusu::MakeConnection'; do
  printf '%s\n' "$exported" | grep -q "^$name" || { echo "$name is missing" >&2; exit 1; }
done
echo "$(printf '%s\n' "$exported" | wc -l) symbols, all ours"
