#!/usr/bin/env bash
# A year of records by command line: serial ranges, holds, lists, history and its differences, and a
# delivery that passes from a seller to a customer. A server of its own on a free port; every answer
# and each error with its exit code.
#
#   cli_records_test.sh GUSUD GUSU GUSU_ECHO
set -euo pipefail
# shellcheck source=tests/e2e/cli_world.sh
source "$(dirname "${BASH_SOURCE[0]}")/cli_world.sh" "$1" "$2"
echo_program=$3

# without PATTERN COMMAND…: succeeds, and no line matches.
without() {
  local pattern=$1 output actual
  shift
  actual=0
  output=$("$@" 2>&1 </dev/null) || actual=$?
  checks=$((checks + 1))
  if [[ $actual -ne 0 || $output =~ $pattern ]]; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  expected nothing like /%s/, got %s and:\n%s\n' \
      "$*" "$pattern" "$actual" "$output"
  fi
}
pumps() { "$gusu" --token-file sz-pumps.token "$@"; }
motors() { "$gusu" --token-file sz-motors.token "$@"; }

start_server
export GUSU_SERVER=$address GUSU_CA=$data/tls/ca.crt

# ---- a seller and a customer --------------------------------------------------------------------------
enroll() {
  expect 0 'PENDING' "$gusu" registrant apply "$1" --name "$1" --scheme other --authority Test \
    --organization-code "$1" --claim-file "$1.claim"
  expect 0 'ACTIVE' bureau registrant approve "$1"
  expect 0 'REGISTRANT_WRITER' "$gusu" credential create --claim-file "$1.claim" --out "$1.token"
}
enroll sz-pumps
enroll sz-motors
expect 0 '88.118.8' bureau prefix grant 88.118.8 --registrant sz-pumps

# ---- serial ranges ------------------------------------------------------------------------------------
expect 0 '^RESERVED 88.118.8/BOLT-0000000001 to 88.118.8/BOLT-1000000000, 1,000,000,000 codes' \
  pumps range allocate 88.118.8 --pattern 'BOLT-{serial:10}' --count 1000000000 \
  --template product --value name=Bolt --request-id bolts
expect 0 '^RESERVED 88.118.8/BOLT-0000000001 to' \
  pumps range allocate 88.118.8 --pattern 'BOLT-{serial:10}' --count 1000000000 \
  --template product --value name=Bolt --request-id bolts
expect 4 'RANGE_OVERLAPS' pumps range allocate 88.118.8 --pattern 'BOLT-{serial:10}' --count 5 \
  --first 7 --template product --value name=Bolt
expect 4 'NOT_PREFIX_HOLDER' motors range allocate 88.118.8 --pattern 'N{serial:4}' --count 5 \
  --value note=x
expect 0 'State +RESERVED.*Serial range +prefixes/88.118.8/serialRanges/.*name +PUBLIC +Bolt' \
  "$gusu" resolve 88.118.8/bolt-0123456789
expect 3 'IDENTIFIER_NOT_FOUND' "$gusu" resolve 88.118.8/BOLT-1000000001
expect 0 '^ACTIVE 88.118.8/BOLT-0000000101 to 88.118.8/BOLT-0000000200, 100 codes' \
  pumps range activate --from 88.118.8/BOLT-0000000101 --to 88.118.8/BOLT-0000000200
expect 0 'State +ACTIVE' "$gusu" resolve 88.118.8/BOLT-0000000150
expect 0 'State +RESERVED' "$gusu" resolve 88.118.8/BOLT-0000000201
expect 4 'RANGE_STATE' pumps range release --from 88.118.8/BOLT-0000000150 \
  --to 88.118.8/BOLT-0000000160 --reason mistake
expect 0 '^RETIRED 88.118.8/BOLT-0000000901 ' pumps range release \
  --from 88.118.8/BOLT-0000000901 --to 88.118.8/BOLT-0000001000 --reason "order cancelled"
expect 0 'RETIRED.*NEVER_USED' "$gusu" resolve 88.118.8/BOLT-0000000950
expect 0 '101 to 200, 100 codes.*Part of' pumps range show 88.118.8/BOLT-0000000150
expect 0 '"first_serial":101,"last_serial":200' pumps --json range show 88.118.8/BOLT-0000000150
expect 3 'RANGE_NOT_FOUND|IDENTIFIER_NOT_FOUND' pumps range show 88.118.8/NUT-1
expect 0 'BOLT-0000000001.*RESERVED.*ACTIVE.*RETIRED' pumps range list 88.118.8
without 'ACTIVE|RETIRED' pumps range list 88.118.8 --state reserved
expect 0 '^ACTIVE.*, 50 codes' pumps range allocate 88.118.8 --pattern 'S{permuted:8}{check}' \
  --count 50 --activate --template product --value name=Seal
expect 0 '^CREATED' pumps register 88.118.8/BOLT-0000000151 --template product --value name=Special
expect 0 'Special' "$gusu" resolve 88.118.8/BOLT-0000000151

# ---- holds --------------------------------------------------------------------------------------------
for code in HP-1 HP-2 HP-3 HP-4 HP-5; do
  expect 0 '^CREATED' pumps register 88.118.8/$code --template product --value name=Pump \
    --value batch=L-1 --owner 5:NOTE=secret-7
done
expect 0 '^ACTIVE 88.118.8/HP-2 .*Hold 1: HOLDER: claim, document C-1, since' \
  pumps hold 88.118.8/HP-2 --reason claim --document C-1
expect 4 'RECORD_HELD' pumps modify 88.118.8/HP-2 --set name=Pipe
expect 0 'Hold 2: BUREAU: seized' bureau hold 88.118.8/HP-2 --reason seized
expect 4 'HOLD_OF_OTHER_SIDE' pumps unhold 88.118.8/HP-2 2 --reason mine
expect 0 'Hold 1 +HOLDER: claim.*Hold 2 +BUREAU: seized' "$gusu" resolve 88.118.8/HP-2
expect 0 '^ACTIVE' pumps unhold 88.118.8/HP-2 1 --reason settled
expect 0 '^ACTIVE' bureau unhold 88.118.8/HP-2 2 --reason returned
expect 3 'HOLD_NOT_FOUND' pumps unhold 88.118.8/HP-2 7 --reason again
without 'Hold ' "$gusu" resolve 88.118.8/HP-2

# ---- history ------------------------------------------------------------------------------------------
expect 0 '^ACTIVE' pumps modify 88.118.8/HP-2 --set name=Valve --add model=V1
expect 0 'MODIFY_VALUES.*UNHOLD.*returned.*HOLD.*seized.*REGISTER' pumps history 88.118.8/HP-2
expect 0 'values.2000..data +Pump +Valve' pumps history 88.118.8/HP-2 --diff first latest
expect 0 '"field":"values.2002.","before":"","after":"model=V1 .PUBLIC."' \
  pumps history 88.118.8/HP-2 --diff first latest --json
expect 3 'REVISION_NOT_FOUND.*has no revision 7' pumps history 88.118.8/HP-2 --diff 7 latest
expect 0 'no difference' pumps history 88.118.8/HP-2 --diff latest latest
expect 0 'erased OWNER' pumps erase 88.118.8/HP-2 --tier owner --all --reason forget --yes
expect 0 'values of OWNER' pumps history 88.118.8/HP-2 --diff first latest

# ---- lists --------------------------------------------------------------------------------------------
registered=$("$gusu" resolve 88.118.8/HP-3 --json | sed 's/.*"create_time":"\([^"]*\)".*/\1/')
expect 0 '^CREATED' pumps register 88.118.8/LOT-2 --template product --value name=Pump \
  --value batch=L-2 --state reserved
expect 0 'HP-1.*HP-5' pumps list 88.118.8 --where batch=L-1
without 'LOT-2' pumps list 88.118.8 --where batch=L-1
expect 0 'HP-1.*LOT-2' pumps list 88.118.8 --begins batch=L-
expect 0 'LOT-2' pumps list 88.118.8 --state reserved
expect 0 'HP-3.*HP-4.*LOT-2' pumps list 88.118.8 --created-from "$registered"
without 'HP-4|LOT-2' pumps list 88.118.8 --created-from "$registered" --limit 1
expect 0 'HP-1' pumps list 88.118.8 --created-before "$registered"
expect 0 '[(]none[)]' pumps list 88.118.8 --created-from 2099-01-01
without 'LOT-2' pumps list 88.118.8 --as-of "$registered"
expect 0 'HP-1' pumps list --owner sz-pumps --where batch=L-1
expect 4 '' motors list 88.118.8
expect 4 '' motors list --owner sz-pumps
expect 0 'NOTE +OWNER +secret-7' bureau resolve 88.118.8/HP-1 --reason "inspection 4711"
without 'secret-7' bureau resolve 88.118.8/HP-1
expect 2 'FIELD_INVALID' pumps resolve 88.118.8/HP-1 --reason curious
expect 0 'HP-1.*secret-7' bureau list 88.118.8 --where batch=L-1 --reason "recall 2026-88"

# ---- a delivery ---------------------------------------------------------------------------------------
printf '88.118.8/HP-1\n88.118.8/HP-2\n88.118.8/hp-3\n88.118.8/HP-1\n88.118.8/NONE\n' >delivery.txt
offer=(pumps transfer offer --file delivery.txt --to sz-motors --ownership --custody
  --reference DN-1)
expect 1 'IDENTIFIER_NOT_FOUND.*DUPLICATE  1.*OFFERED  3' "${offer[@]}" --account offered.csv
expect 0 'HP-2,OFFERED,transfers/' cat offered.csv
expect 1 'OFFERED  3' "${offer[@]}"
expect 0 '^1$' bash -c "'$gusu' --token-file sz-motors.token transfer list --incoming --json | wc -l"
expect 0 'OFFERED.*ownership and custody.*DN-1' motors transfer list --incoming --state offered
transfer=$(motors transfer list --json | sed 's/.*"name":"\([^"]*\)".*/\1/')
expect 0 'HP-1 +OFFERED' motors transfer show "$transfer"
expect 4 'NOT_TRANSFER_PARTY' pumps transfer accept "$transfer"
printf '88.118.8/HP-1\n88.118.8/HP-3\n88.118.8/HP-5\n' >scans.txt
accept=(motors transfer accept --file scans.txt --account accepted.csv)
expect 1 '3 +88.118.8/HP-5 +NOT_OFFERED.*HP-2 +NOT_LISTED.*ACCEPTED  2' "${accept[@]}"
expect 0 '1,88.118.8/HP-1,ACCEPTED,transfers/' cat accepted.csv
expect 1 'ACCEPTED_BEFORE  2' "${accept[@]}"
expect 0 'Owner +registrants/sz-motors' "$gusu" resolve 88.118.8/HP-1
expect 0 'HP-1.*HP-3' motors list --owner sz-motors
expect 0 'owner +registrants/sz-pumps +registrants/sz-motors' motors history 88.118.8/HP-1 --diff \
  first latest
expect 4 'NOT_RECORD_OWNER' pumps transfer offer 88.118.8/HP-1 --to sz-motors --ownership
expect 0 '^ACCEPTED|^DECLINED' motors transfer decline "$transfer" 88.118.8/HP-2 --reason damaged
expect 0 'damaged' pumps transfer show "$transfer"
expect 0 '^OFFERED' pumps transfer offer 88.118.8/HP-4 --to sz-motors --custody --expires 30d
second=$(pumps transfer list --outgoing --state offered --json | sed 's/.*"name":"\([^"]*\)".*/\1/')
expect 0 '^WITHDRAWN' pumps transfer withdraw "$second" --reason "wrong customer"
expect 4 'TRANSFER_NOT_OPEN' motors transfer accept "$second"
expect 2 'FIELD_INVALID' pumps transfer offer 88.118.8/HP-4 --to sz-pumps --custody
expect 0 '^OFFERED' pumps transfer offer --range-from 88.118.8/BOLT-0000000101 \
  --range-to 88.118.8/BOLT-0000000110 --to sz-motors --ownership
third=$(pumps transfer list --outgoing --state offered --json | sed 's/.*"name":"\([^"]*\)".*/\1/')
expect 0 '^ACCEPTED' motors transfer accept "$third"
expect 0 'Owner +registrants/sz-motors' "$gusu" resolve 88.118.8/BOLT-0000000105
expect 3 'TRANSFER_NOT_FOUND' motors transfer show 00000000000000000000
expect 2 'FIELD_INVALID' motors transfer show none

# ---- how fast lists are -------------------------------------------------------------------------------
bench=(bureau bench list 88.118.99 --records 2500 --registrants 30 --calls 5)
expect 0 'records, batch=L-00001 +first +0 +100 .*gRPC echo' "${bench[@]}" --fill \
  --ceiling "$echo_program"
expect 0 '"list":"records","page":"last","rows_before":2400,"rows":100' "${bench[@]}" --json \
  --no-ceiling
expect 0 '^OK: ' bureau audit verify

stop_server
tell
