#!/usr/bin/env bash
# Labels as a factory makes them, against a server of its own: codes of the command line, of a file
# and of a range, read back by programs of others, and the same picture over HTTP.
#
#   label_test.sh GUSUD GUSU
set -euo pipefail
# shellcheck source=tests/e2e/cli_world.sh
source "$(dirname "${BASH_SOURCE[0]}")/cli_world.sh" "$1" "$2"
pumps() { "$gusu" --data "$data" --token-file sz-pumps.token "$@"; }
qr_of() { zbarimg -q --nodbus --raw "$@"; }
# A GET over the server's HTTP door: its status behind its body.
get() { curl -s --max-time 30 -o "$2" -w '%{http_code}\n' "http://$(cat "$data/http.address")$1"; }

enroll() {
  start_server
  "$gusu" --data "$data" registrant apply sz-pumps --name "Suzhou Pumps" --organization-code \
    91320594MA1MABCD6F --claim-file sz-pumps.claim >/dev/null
  bureau registrant approve sz-pumps >/dev/null
  bureau prefix grant 88.118.8 --registrant sz-pumps >/dev/null
  "$gusu" --data "$data" credential create --claim-file sz-pumps.claim --out sz-pumps.token >/dev/null
  pumps register 88.118.8/HP-1 --template product --value name=离心泵 --value gtin=9506000134352 \
    --value serial=SN-0042 >/dev/null
}

# ---- a registry that nobody reaches on the web --------------------------------------------------
enroll
expect 4 'PUBLIC_URL_MISSING.*--public-url' pumps label 88.118.8/HP-1 --format svg
expect 0 '1 label' pumps label 88.118.8/HP-1 --payload handle --out handle.png
expect 0 '^88.118.8/HP-1$' qr_of handle.png
expect 0 '400' get '/88.118.8/HP-1?label=svg' none.json
expect 0 'PUBLIC_URL_MISSING' cat none.json
stop_server
rm -rf "$data" sz-pumps.*

# ---- one that has an address ----------------------------------------------------------------------
url=https://id.example.cn
server_options=(--public-url "$url")
enroll
expect 0 '1 label of 30x15mm, modules of 0.339mm, in hp.png' pumps label 88.118.8/hp-1 --text code,name \
  --out hp.png
expect 0 "^$url/88.118.8/HP-1\$" qr_of hp.png
expect 0 '1 label' pumps label 88.118.8/HP-1 --symbol gs1-datamatrix --out gs1.png
expect 0 '^~010950600013435221SN-0042' dmtxread -n -N1 -G126 gs1.png
expect 0 '1 label' "$gusu" --data "$data" label 88.118.8/HP-1 --symbol datamatrix --out dm.png
expect 0 "^$url/88.118.8/HP-1\$" dmtxread -n -N1 dm.png
# What a scan says resolves, at the address and by the code in it.
scanned=$(qr_of hp.png)
expect 0 '200' get "${scanned#"$url"}" page.html
expect 0 '离心泵' "$gusu" --data "$data" resolve "${scanned#"$url"/}"
# The same over HTTP.
expect 0 '200' get '/88.118.8/HP-1?label=png&size=30x15mm&text=code,name' web.png
expect 0 '' cmp hp.png web.png
expect 0 '200' get '/88.118.8/HP-1?label=svg&size=30x15mm&text=code,name' web.svg
pumps label 88.118.8/HP-1 --size 30x15mm --text code,name --out hp.svg >/dev/null
expect 0 '' cmp hp.svg web.svg

# ---- only codes that exist -------------------------------------------------------------------------
expect 3 'IDENTIFIER_NOT_FOUND' pumps label 88.118.8/NEVER --out never.svg
printf '88.118.8/HP-1\n88.118.8/NEVER\nnothing\n' >codes.txt
expect 1 'no label for 88.118.8/NEVER: IDENTIFIER_NOT_FOUND.*no label for nothing: IDENTIFIER_MALFORMED.*1 label of .*; 2 codes have none' \
  pumps label --file codes.txt --out some.zpl
expect 0 '^1$' grep -c '\^XZ' some.zpl
expect 1 '"labels":1,"skipped":2' pumps --json label --file codes.txt --out some.zpl
expect 3 'nothing was printed' pumps label 88.118.8/NEVER 88.118.8/NOR --out never.zpl
expect 2 'LABEL_TOO_SMALL.*the least is' pumps label 88.118.8/HP-1 --size 10x10mm --out never.zpl
expect 0 '^none$' bash -c 'ls never* 2>/dev/null || echo none'
expect 0 '1 label' pumps label 88.118.8/NEVER --unchecked --out unchecked.png
expect 0 "^$url/88.118.8/NEVER\$" qr_of unchecked.png
pumps retire 88.118.8/HP-1 --reason scrapped >/dev/null
expect 0 '88.118.8/HP-1 is RETIRED.*1 label' pumps label 88.118.8/HP-1 --out hp.png

# ---- ranges ----------------------------------------------------------------------------------------
pumps range allocate 88.118.8 --pattern 'BOLT-{serial:10}{check}' --count 1000000000 \
  --template product --value name=螺栓 >/dev/null
# Its first or last code, of a range's answer.
first_of() { sed 's/.*"first_identifier":"\([^"]*\)".*/\1/'; }
last_of() { sed 's/.*"last_identifier":"\([^"]*\)".*/\1/'; }
first=$(pumps range list 88.118.8 --json | first_of)
expect 2 '1,000,000,000 codes, more than 1,000,000' pumps label --range "$first" --out all.zpl
expect 2 'is no code of 88.118.8/BOLT' pumps label --range "$first" --to 88.118.8/BOLT-7 --out all.zpl
expect 2 'is no code of 88.118.8/BOLT' pumps label --from "$first" --to 88.118.8/HP-1 --out all.zpl
# Codes are worked out here as the registry does, with their check characters.
rivets=$(pumps range allocate 88.118.8 --pattern 'RIVET-{serial:4}{check}' --count 10 --json)
expect 0 '10 labels' pumps label --range "$(first_of <<<"$rivets")" --format svg --out rivets/
last=$(last_of <<<"$rivets")
expect 0 "^${last/\//%2F}.svg\$" bash -c 'ls rivets | tail -1'
pumps range allocate 88.118.8 --pattern 'NUT-{serial:6}' --count 10000 --template product \
  --value name=螺母 >/dev/null
expect 0 '96 labels of 30x15mm' pumps label --from 88.118.8/NUT-000101 --to 88.118.8/NUT-000196 \
  --sheet A4 --text code,name --out nuts.pdf
expect 0 'Pages: +1' pdfinfo nuts.pdf
pdftoppm -r 300 -png -singlefile -x 118 -y 159 -W 354 -H 177 nuts.pdf nut
expect 0 "^$url/88.118.8/NUT-000101\$" qr_of nut.png
permuted=$(pumps range allocate 88.118.8 --pattern 'P{permuted:6}' --count 100 --json | first_of)
expect 2 '88.118.8/P\{permuted:6\} are permuted under a key' pumps label --range "$permuted" --format zpl

# ---- ten thousand labels in bounded memory -----------------------------------------------------------
expect 0 '10,000 labels' pumps label --range 88.118.8/NUT-000001 --text code,name --out nuts.zpl
expect 0 '^10000$' grep -c '\^XZ' nuts.zpl
peak_kib() {
  python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"
}
label=("$gusu" --data "$data" --token-file sz-pumps.token label --text "code,name" --out)
few=$(peak_kib "${label[@]}" few.zpl --from 88.118.8/NUT-000001 --to 88.118.8/NUT-000010)
many=$(peak_kib "${label[@]}" many.zpl --range 88.118.8/NUT-000001)
echo "memory: 10 labels $few KiB, 10000 labels $many KiB"
expect 0 '^bounded$' bash -c "(( $many < $few + 20000 )) && echo bounded"

stop_server
tell
