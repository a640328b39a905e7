#!/usr/bin/env bash
# The registry by command line, as its users meet it: a server of its own on a free port, every
# command, and each error with its exit code.
#
#   cli_test.sh GUSUD GUSU GUSU_ECHO
set -euo pipefail
echo_program=$3
# shellcheck source=tests/e2e/cli_world.sh
source "$(dirname "${BASH_SOURCE[0]}")/cli_world.sh" "$1" "$2"
pumps() { "$gusu" --token-file sz-pumps.token "$@"; }

expect 6 'SERVER_NOT_RUNNING.*gusud --data' bureau registrant list

start_server

# ---- trust ----------------------------------------------------------------------------------------
expect 6 'gusu trust --server' "$gusu" --server "$address" --timeout 5 resolve 88.118.8/HP-1
expect 4 'NOT_CONFIRMED' "$gusu" trust --server "$address"
expect 1 'FINGERPRINT_DIFFERS' "$gusu" trust --server "$address" --fingerprint 00
fingerprint=$(openssl x509 -in "$data/tls/ca.crt" -noout -fingerprint -sha256 | cut -d= -f2)
expect 0 "$fingerprint.*Trusted from now on" "$gusu" trust --server "$address" --fingerprint "$fingerprint"
expect 3 'PREFIX_NOT_FOUND' "$gusu" resolve 88.118.8/HP-1
expect 6 'SERVER_UNREACHABLE' "$gusu" trust --server 127.0.0.1:1

# ---- from an application to a token ----------------------------------------------------------------
apply=("$gusu" registrant apply sz-pumps --name "Suzhou Pumps" --organization-code
  91320594MA1MABCD6F --claim-file sz-pumps.claim)
expect 0 'PENDING.*Next: the bureau approves' "${apply[@]}"
expect 0 'PENDING.*still in sz-pumps.claim' "${apply[@]}"
expect 0 '^600$' stat -c %a sz-pumps.claim
expect 5 'REGISTRANT_TAKEN' "$gusu" registrant apply sz-pumps --name Other --organization-code \
  91320594MA1MABCD6F --claim-file other.claim
expect 0 'PENDING' "$gusu" registrant show sz-pumps --claim-file sz-pumps.claim
expect 4 'CREDENTIAL_MISSING' "$gusu" registrant list
expect 4 'REGISTRANT_NOT_ACTIVE' "$gusu" credential create --claim-file sz-pumps.claim --out \
  sz-pumps.token
expect 0 'sz-pumps +PENDING' bureau registrant list --state pending
expect 0 'ACTIVE' bureau registrant approve sz-pumps
expect 0 '88.118.8' bureau prefix grant 88.118.8 --registrant sz-pumps
expect 5 'PREFIX_TAKEN' bureau prefix grant 88.118.8 --registrant sz-pumps --quota 7
expect 0 'REGISTRANT_WRITER' "$gusu" credential create --claim-file sz-pumps.claim --out \
  sz-pumps.token
expect 0 'as before' "$gusu" credential create --claim-file sz-pumps.claim --out sz-pumps.token
expect 0 '"prefix":"88.118.8"' bureau prefix show 88.118.8 --json
expect 0 'registrants/sz-pumps/credentials/' bureau credential list --registrant sz-pumps
expect 0 'product.*equipment|equipment.*product' "$gusu" template list
expect 0 'manufacturer' "$gusu" template show product
expect 3 'TEMPLATE' "$gusu" template show none

# ---- registering ------------------------------------------------------------------------------------
register=(pumps register 88.118.8/HP-1 --template product --value name=Pump --value model=HP
  --value "manufacturer=Suzhou Pumps")
expect 0 '^CREATED 88.118.8/HP-1' "${register[@]}"
expect 0 '^UNCHANGED 88.118.8/HP-1' "${register[@]}"
expect 5 'IDENTIFIER_TAKEN' pumps register 88.118.8/hp-1 --template product --value name=Other
expect 0 '^CREATED' bureau --as registrants/sz-pumps --reason drill register 88.118.8/HP-2 \
  --template product --value name=Pump
expect 0 'CREATED 88.118.8/HP-000500' pumps register 88.118.8 --mint 'HP-{serial:6}' --count 500 \
  --template product --value name=Pump --request-id order-1
expect 0 'UNCHANGED 88.118.8/HP-000500' pumps register 88.118.8 --mint 'HP-{serial:6}' --count 500 \
  --template product --value name=Pump --request-id order-1
expect 0 '"outcome":"CREATED"' pumps --json register 88.118.8/L-1 --value 1:URL=https://example.com/l1
expect 0 'CREATED' pumps register 88.118.8/M-1 --template product --level model --value name=Pump \
  --value brand=SZ
expect 0 'CREATED' pumps register 88.118.8/M-1-7 --instance-of 88.118.8/M-1 --owner 5:note=mine
expect 2 'IDENTIFIER_MALFORMED' pumps register 88.118.8 --value name=Pump
expect 2 'TEMPLATE_VIOLATED.*name' pumps register 88.118.8/T-1 --template product --value model=HP
expect 3 'PREFIX_NOT_FOUND' pumps register 88.118.9/X-1 --value note=x
expect 0 'PENDING' "$gusu" registrant apply sz-valves --name Valves --scheme other --authority Test \
  --organization-code V-1 --claim-file sz-valves.claim
expect 0 'ACTIVE' bureau registrant approve sz-valves
expect 0 'sz-valves' bureau prefix grant 88.118.9 --registrant sz-valves
expect 4 'NOT_PREFIX_HOLDER' pumps register 88.118.9/X-1 --value note=x
expect 4 'NOT_PREFIX_HOLDER' bureau --as sz-pumps --reason drill register 88.118.9/X-1 --value note=x
expect 4 'CREDENTIAL_MISSING' "$gusu" register 88.118.8/X-1 --value note=x
echo gusu_wrong >wrong.token
expect 4 'CREDENTIAL_INVALID' "$gusu" --token-file wrong.token register 88.118.8/X-1 --value note=x

# ---- resolving --------------------------------------------------------------------------------------
expect 0 'Identifier +88.118.8/HP-1.*Suzhou Pumps' "$gusu" resolve 88.118.8/hp-1
expect 0 '"identifier":"88.118.8/HP-1"' "$gusu" resolve 88.118.8/hp-1 --json
registered=$("$gusu" resolve 88.118.8/hp-1 --json | sed 's/.*"create_time":"\([^"]*\)".*/\1/')
expect 0 'As of' "$gusu" resolve 88.118.8/hp-1 --as-of "$registered"
expect 3 'IDENTIFIER_NOT_FOUND' "$gusu" resolve 88.118.8/hp-1 --as-of 2020-01-01
expect 2 'neither a date nor a time' "$gusu" resolve 88.118.8/hp-1 --as-of tomorrow
expect 2 'AS_OF_IN_FUTURE' "$gusu" resolve 88.118.8/hp-1 --as-of 2099-01-01T00:00:00Z
expect 0 'FROM.*88.118.8/M-1 +SZ.*1 more value' "$gusu" resolve 88.118.8/M-1-7
expect 0 'note +OWNER +mine' pumps show 88.118.8/M-1-7
expect 3 'IDENTIFIER_NOT_FOUND' "$gusu" resolve 88.118.8/none
expect 3 '"reason":"IDENTIFIER_NOT_FOUND".*"exit_code":3' "$gusu" resolve 88.118.8/none --json
expect 3 'PREFIX_NOT_FOUND' "$gusu" resolve 77.1/none
expect 2 'IDENTIFIER_MALFORMED.*PREFIX/SUFFIX' "$gusu" resolve nothing
expect 1 '1 of 2 codes have no answer' "$gusu" resolve 88.118.8/HP-1 88.118.8/none
printf '88.118.8/HP-1\r\n\n 88.118.8/HP-2 \n' >scans.txt
expect 0 'HP-1.*HP-2' "$gusu" resolve --file scans.txt

# ---- changing ---------------------------------------------------------------------------------------
expect 0 'ACTIVE 88.118.8/HP-2' pumps modify 88.118.8/HP-2 --set name=Valve --add 1:URL=https://x.example
expect 5 'ETAG_MISMATCH' pumps modify 88.118.8/HP-2 --set name=Pipe --etag other
expect 0 'ACTIVE' pumps update 88.118.8/HP-2 --value name=Pump --value model=HP2
expect 0 'SUSPENDED' pumps suspend 88.118.8/HP-2 --reason inspection
expect 4 'RECORD_SUSPENDED' pumps modify 88.118.8/HP-2 --set name=Pipe
expect 0 'ACTIVE' pumps activate 88.118.8/HP-2 --reason inspected
expect 0 'RETIRED' pumps retire 88.118.8/HP-2 --reason scrapped --text "press 4"
expect 4 'RECORD_RETIRED' pumps modify 88.118.8/HP-2 --set name=Pipe
expect 0 'RETIRED.*SCRAPPED: press 4' "$gusu" resolve 88.118.8/HP-2
expect 0 'ACTIVE' pumps reinstate 88.118.8/HP-2 --reason mistake
expect 0 'REINSTATE.*RETIRE.*REGISTER.*drill' pumps history 88.118.8/HP-2
expect 0 'Pump' pumps show 88.118.8/HP-2

# ---- forgetting -------------------------------------------------------------------------------------
revision_of() { pumps --json show "$1" | sed 's/.*"revision":"*\([0-9]*\).*/\1/'; }
pumps register 88.118.8/E-1 --template product --value name=Pump --owner 2:NOTE=secret-4711 >/dev/null
registered_at=$(revision_of 88.118.8/E-1)
expect 0 'ACTIVE' pumps modify 88.118.8/E-1 --set NOTE=open
modified_at=$(revision_of 88.118.8/E-1)
expect 4 "$registered_at .*REGISTER +NOTE.*NOT_CONFIRMED: nothing was erased: OWNER values of 1 rev.*--yes" \
  pumps erase 88.118.8/E-1 --tier owner --all-before "$modified_at" --reason "asked to forget"
expect 4 'NOT_CONFIRMED' pumps --json erase 88.118.8/E-1 --tier owner --all --reason "asked to forget"
expect 0 'erased OWNER values of 1 revisions of 88.118.8/E-1  \(.*, leaf [0-9]+\)' \
  pumps erase 88.118.8/E-1 --tier owner --all-before "$modified_at" --reason "asked to forget" --yes
expect 0 'ERASE_VALUES.*asked to forget.*MODIFY_VALUES.*REGISTER +ACTIVE +OWNER ' \
  pumps history 88.118.8/E-1
expect 0 'NOTE +OWNER +open' pumps show 88.118.8/E-1
expect 4 'VALUES_NOT_THERE' pumps erase 88.118.8/E-1 --tier owner --revision "$registered_at" \
  --reason again --yes
expect 4 'VALUES_NOT_THERE.*were erased' pumps erase 88.118.8/E-1 --tier owner \
  --all-before "$modified_at" --reason again --yes
expect 3 'REVISION_NOT_FOUND' pumps erase 88.118.8/E-1 --tier owner --revision 1 --reason again --yes
expect 5 'ETAG_MISMATCH' pumps erase 88.118.8/E-1 --tier owner --all --reason r --etag other --yes
# The bureau, which may not read them.
expect 0 'not shown.*erased OWNER values of 2 revisions' bureau --as sz-pumps \
  --reason "court order 7" erase 88.118.8/E-1 --tier owner --all --yes
expect 0 'ERASE_VALUES +ACTIVE  .*ERASE_VALUES +ACTIVE +OWNER .*MODIFY_VALUES +ACTIVE +OWNER ' \
  pumps history 88.118.8/E-1
expect 0 'Values +OWNER values erased' "$gusu" resolve 88.118.8/E-1 \
  --as-of "$(date -u -d "@${modified_at:0:10}.${modified_at:10}" +%Y-%m-%dT%H:%M:%S.%6NZ)"
expect 4 'VALUES_NOT_THERE' pumps erase 88.118.8/E-1 --tier owner --all --reason again --yes
expect 0 'HP-000001' pumps list 88.118.8 --state active --limit 3

# ---- importing --------------------------------------------------------------------------------------
cat >good.csv <<'CSV'
identifier,template,level,name,model,1:URL
I-1,product,model,"Pump, large",P1,https://example.com/i1
I-2,product,model,泵,,
CSV
expect 0 'Created +2' pumps import good.csv --prefix 88.118.8
expect 0 'Unchanged +2' pumps import good.csv --prefix 88.118.8
cat >bad.csv <<'CSV'
identifier,template,name
88.118.8/I-3,product,Pump
88.118.8/I-4,product
88.118.8/I-5,product,
88.118.9/I-6,product,Pump
CSV
expect 1 '"created":1,"unchanged":0,"refused":3' pumps --json import bad.csv --rejects rejects.csv
expect 0 '2,3,88.118.8/I-4,ROW_MALFORMED.*3,4,88.118.8/I-5,TEMPLATE_VIOLATED.*4,5,88.118.9/I-6,NOT_PREFIX_HOLDER' \
  sort rejects.csv
pumps list 88.118.8 --level model --json >models.jsonl
expect 0 'Unchanged +3' pumps import models.jsonl
expect 2 "no column 'identifier'" pumps import scans.txt
expect 4 'CREDENTIAL' "$gusu" import good.csv --prefix 88.118.8
expect 6 '' "$gusu" --server 127.0.0.1:1 --timeout 1 import good.csv --prefix 88.118.8

# ---- the audit log ------------------------------------------------------------------------------------
vkey=$data/log.vkey
witness=witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X
expect 0 'verified: .* leaves' bureau audit checkpoint
expect 0 'not verified' "$gusu" audit checkpoint
expect 0 '"checkpoint":.*"verified":' "$gusu" audit checkpoint --vkey "$vkey" --json
expect 3 'NOT_COSIGNED' "$gusu" audit checkpoint --cosigned
expect 0 'INITIALIZE.*registry' bureau audit entries --limit 3
expect 0 '[(]closed[)]' "$gusu" audit entries --limit 3
expect 0 'REGISTER +prefixes/88.118.8/records/HP-1 +registrants/sz-pumps' pumps audit entries \
  --prefix 88.118.8 --limit 3
expect 4 'CREDENTIAL_MISSING' "$gusu" audit entries --prefix 88.118.8
expect 0 'Written to HP-1.json' "$gusu" audit proof 88.118.8/HP-1 -o HP-1.json
expect 0 'PROVEN: 88.118.8/HP-1 was registered by registrants/sz-pumps.*STATED.*recalls are not known' \
  "$gusu" audit verify-proof HP-1.json --vkey "$vkey"
sed 's/"salt":"./"salt":"_/' HP-1.json >broken.json
expect 2 'JSON_MALFORMED' "$gusu" audit verify-proof broken.json --vkey "$vkey"
"$gusu" audit proof 88.118.8/HP-1 --tlog-proof >receipt
expect 0 'PROVEN: these bytes' "$gusu" audit verify-proof receipt --vkey "$vkey"
sed 's/^index .*/index 0/' receipt >moved
expect 1 'PROOF_INVALID.*not proven' "$gusu" audit verify-proof moved --vkey "$vkey"
expect 0 '"tlog_proof":.*"opening":.*"parts":' bureau audit proof --leaf 2 --json
expect 2 'TREE_SIZE_UNKNOWN' bureau audit proof --leaf 4711000
expect 0 '^OK: .* rows with .* parts against the openings.* files read' bureau audit verify
expect 0 '"ok":true.*"content":true' bureau audit verify --json
expect 0 'openings against their leaves; what is stored was not compared' pumps audit verify \
  --vkey "$vkey"
expect 0 '^OK: .*signed root; what is stored was not compared' "$gusu" audit verify --vkey "$vkey"
expect 2 'no verifier key is known.*--trust-server-key' "$gusu" audit verify
expect 0 "taking the server's word.*OK: " "$gusu" audit verify --trust-server-key
expect 4 'ROLE_REFUSED' pumps audit verify --vkey "$vkey" --content
expect 0 '^Written: ' "$gusu" audit export export --vkey "$vkey"
expect 0 '^CREATED' pumps register 88.118.8/HP-3 --template product --value name=Pump
cp export/checkpoint earlier
for ((i = 0; i < 100; ++i)); do  # a checkpoint is published each second; at most 10 s
  "$gusu" audit checkpoint 2>/dev/null | cmp -s - earlier || break
  sleep 0.1
done
expect 0 '^Written: ' bureau audit export export
expect 0 '^OK: ' "$gusu" audit verify export --vkey export/vkey --earlier earlier
printf x | dd of=export/tile/0/000 bs=1 seek=100 conv=notrunc status=none
expect 1 '^DIFFERS: 1 difference, first: tile/0/000: hash 3 is not that of leaf 3' \
  "$gusu" audit verify export --vkey "$vkey"
expect 1 'SIGNATURE_MISSING|ORIGIN_DIFFERS' "$gusu" audit verify export --vkey \
  registry.example/log1+4517142d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
expect 2 'SIGNATURE_MISSING' bureau --reason drill audit cosign earlier --witness-vkey "$witness"
expect 0 'extends|as before' "$gusu" audit follow --once --state state --vkey "$vkey"

# ---- the bureau's papers ------------------------------------------------------------------------------
expect 0 '^CREATED' pumps register 88.118.8/P-1 --template product --value name=N/A \
  --value gtin=6901234567890
until=$(date -u +%Y-%m-%dT%H:%M:%S.%NZ)
expect 0 '^CREATED' pumps register 88.118.8/P-2 --template product --value name=Pump
sample=(audit sample --from 2026-01-01 --to "$until" --seed seed)
for ((i = 0; i < 100; ++i)); do  # a checkpoint is published each second; at most 10 s
  bureau audit checkpoint >seed 2>/dev/null
  bureau "${sample[@]}" --count 1 >/dev/null 2>&1 && break
  sleep 0.1
done
report=(audit report --from 2026-01-01 --to "$until" --out report.html --csv report.csv)
expect 0 'Registrations +[1-9].*Retirements +1.*Counted at.*size.*Checked: ' bureau "${report[@]}"
expect 0 '"retirements":1,"recalls":0,"closed":true,' bureau "${report[@]}" --json
expect 0 '^total,,,retirements,1,' grep -a '^total,,,retirements' report.csv
expect 0 'district,320594,,registrations,[1-9]' cat report.csv
expect 0 '<!DOCTYPE html>.*</html>' cat report.html
expect 0 'no leaf after the interval' bureau audit report --from 2026-01-01 --to 2100-01-01
expect 2 'not after --from' bureau audit report --from 2026-02-01 --to 2026-01-01
expect 2 'time zone.*not known' bureau audit report --from 2026-01-01 --to 2026-02-01 --time-zone Mars
expect 4 'ROLE_REFUSED' pumps audit report --from 2026-01-01 --to 2100-01-01 --vkey "$vkey"
expect 2 'verifier key' "$gusu" audit report --from 2026-01-01 --to 2100-01-01
expect 1 'SIGNATURE_MISSING|ORIGIN_DIFFERS' bureau audit report --from 2026-01-01 --to 2100-01-01 \
  --vkey registry.example/log1+4517142d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
expect 0 'Drew 20 of [0-9,]+ leaves, .* findings; seed .*, size' bureau "${sample[@]}" --count 20
expect 0 '88.118.8/P-1.*gtin-check-digit.*Drew' bureau "${sample[@]}" --count 100000
expect 0 'Drew 20 of' bureau "${sample[@]}" --count 20 --out sample.csv
expect 0 '^21$' bash -c 'cut -d, -f1 sample.csv | sort -u | wc -l'
expect 2 'does not show the interval' bureau audit sample --from 2026-01-01 --to 2100-01-01 --seed seed
evidence=(audit evidence 88.118.8/hp-2 --out pack.zip)
expect 0 'Revisions +[5-9].*no newer revision' bureau "${evidence[@]}"
expect 0 'Revisions +[5-9]' pumps "${evidence[@]}" --vkey "$vkey"
expect 4 'CREDENTIAL_MISSING' "$gusu" "${evidence[@]}" --vkey "$vkey"
expect 3 'IDENTIFIER_NOT_FOUND' bureau audit evidence 88.118.8/none --out none.zip
# The commands of VERIFY.md, as they stand: for the pack, and for one with a byte changed.
mkdir -p pack tools
ln -s "$(readlink -f "$gusu")" tools/gusu
expect 0 '' python3 -m zipfile -e pack.zip pack
awk '/^```sh/ { inside = 1; next } /^```/ { inside = 0 } inside' pack/VERIFY.md >verify.sh
verify_pack() { (cd "$1" && PATH=$work/tools:$PATH bash -euo pipefail "$work/verify.sh"); }
expect 0 'PROVEN.*Signature Verified Successfully.*all revisions are under the root' verify_pack pack
cp -r pack changed
sed -i 's/"opening":"AQ/"opening":"AR/' changed/revisions/2.json
expect 1 'revisions/2.json: FAILED' verify_pack changed
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside && !/^sha256sum/' pack/VERIFY.md \
  >verify.sh
expect 1 'Signature Verified Successfully.*AssertionError' verify_pack changed

# ---- the rest -----------------------------------------------------------------------------------------
expect 0 'rows/s.*gRPC echo|gRPC echo.*rows/s' bureau bench resolve 88.118.8/HP-1 --count 500 \
  --seconds 1 --ceiling "$echo_program"
expect 0 '"rows":400' bureau --as sz-pumps --reason bench --json bench register 88.118.8 --count 400 \
  --stream --no-ceiling
for door in udp tcp; do
  expect 0 "${door^^} echo.*rows/s.*500 rows .* 0 errors" bureau bench resolve 88.118.8/HP-1 \
    --door "handle-$door" --count 500 --outstanding 4
done
expect 0 'HTTP echo.*rows/s.*500 rows .* 0 errors' bureau bench resolve 88.118.8/HP-1 --door http \
  --count 500 -c 2 --outstanding 4
expect 3 'IDENTIFIER_NOT_FOUND' bureau bench resolve 88.118.8/NOPE --door http
expect 2 'are of the gRPC door' bureau bench resolve 88.118.8/HP-1 --door handle-udp --batch 2
expect 1 'response code 100' bureau bench resolve 88.118.8/NOPE --door handle-tcp
expect 0 'primary, serial 1.*siteinfo.json, siteinfo.bin, pubkey.bin in site' \
  bureau handle site-info --out site
expect 0 '"kty": "RSA"' cat site/siteinfo.json
expect 0 '"serial":1' "$gusu" --json handle site-info --server "$(cat "$data/handle.address")" --out again
expect 0 '^$' cmp site/siteinfo.bin again/siteinfo.bin
expect 6 'SERVER_UNREACHABLE' "$gusu" handle site-info --server 127.0.0.1:1 --out again
expect 0 '_gusu' "$gusu" completion bash
credential=$(bureau credential list --registrant sz-pumps --json | sed 's/.*"name":"\([^"]*\)".*/\1/')
expect 0 '^REVOKED' bureau --as sz-pumps --reason lost credential revoke "$credential"
expect 4 'CREDENTIAL' pumps list 88.118.8
expect 2 'gusu --help' "$gusu" nonsense
stop_server
expect 6 'SERVER_UNREACHABLE' "$gusu" --timeout 1 resolve 88.118.8/HP-1

tell
