#!/usr/bin/env bash
# A year of the bureau and of an enterprise by command line: applications that go back and forth,
# changes of legal data, prefixes below prefixes, templates, grants, groups, statistics; and each
# error with its exit code.
#
#   cli_registrar_test.sh GUSUD GUSU
set -euo pipefail
# shellcheck source=tests/e2e/cli_world.sh
source "$(dirname "${BASH_SOURCE[0]}")/cli_world.sh" "$1" "$2"
as() { local who=$1; shift; "$gusu" --token-file "$who.token" "$@"; }
start_server
"$gusu" trust --server "$address" --yes >/dev/null

# apply ID CODE OPTIONS…
apply() {
  local id=$1 code=$2
  shift 2
  "$gusu" registrant apply "$id" --name "$id" --scheme other --authority Test \
    --organization-code "$code" --claim-file "$id.claim" "$@"
}
# An approved registrant with an admin's token in ID.token.
join() {
  apply "$1" "$2" "${@:3}" >/dev/null
  bureau registrant approve "$1" >/dev/null
  "$gusu" credential create --claim-file "$1.claim" --role registrant-admin --out "$1.token" \
    >/dev/null
}

# ---- an application goes back and forth -------------------------------------------------------------
printf 'licence' >licence.pdf
licence=$(sha256sum licence.pdf | cut -d' ' -f1)
expect 0 'PENDING' apply sz-pumps P-1 --district 320594 --industry-class C3441 \
  --location 31.2744,120.7437,cgcs2000 --document licence.pdf
expect 0 "CGCS2000.*$licence" "$gusu" registrant show sz-pumps --claim-file sz-pumps.claim
expect 2 'reason is required' bureau registrant return sz-pumps
expect 0 'RETURNED.*page 2 is missing' bureau registrant return sz-pumps --reason 'page 2 is missing'
expect 4 'REGISTRANT_' bureau registrant approve sz-pumps
expect 0 'PENDING.*District +320505' "$gusu" registrant update sz-pumps \
  --claim-file sz-pumps.claim --district 320505
expect 5 'ETAG_MISMATCH' "$gusu" registrant update sz-pumps --claim-file sz-pumps.claim \
  --district 320506 --etag other
expect 0 'ACTIVE' bureau registrant approve sz-pumps --reason 'licence seen'
expect 0 'REGISTRANT_ADMIN' "$gusu" credential create --claim-file sz-pumps.claim \
  --role registrant-admin --out sz-pumps.token
expect 0 'PENDING' apply sz-other P-9
expect 0 'REJECTED.*no such firm' bureau registrant reject sz-other --reason 'no such firm'
expect 4 'REGISTRANT_' bureau registrant approve sz-other
join sz-metro M-1 --kind partner --district 310115
join sz-valves V-1 --district 320506 --industry-class C3443

# ---- credentials of Handle clients -------------------------------------------------------------------
create() { as sz-pumps credential create --registrant sz-pumps "$@"; }
expect 0 'not encrypted.*admpub.bin' "$gusu" handle export-key --out keys
expect 2 'exists and is not overwritten' "$gusu" handle export-key --out keys
expect 2 'holds no prefix' create --public-key keys/admpub.bin
bureau prefix grant 88.118.80 --registrant sz-pumps >/dev/null
expect 0 'HS_PUBKEY.*300:88.118.80/ADMIN' create --public-key keys/admpub.bin --title ERP
expect 0 'HS_PUBKEY.*300:88.118.80/ADMIN' create --public-key keys/admpub.bin --title ERP
expect 5 'CREDENTIAL_TAKEN' create --public-key keys/admpub.bin --title MES
expect 0 'HS_SECKEY.*301:88.118.80/ADMIN.*erp.secret' create --handle-secret-file erp.secret \
  --handle-prefix 88.118.80
expect 0 '301:88.118.80/ADMIN.*as before' create --handle-secret-file erp.secret \
  --handle-prefix 88.118.80
expect 0 '^600 65$' stat -c '%a %s' erp.secret
expect 0 '^600 32$' stat -c '%a %s' "$data/credentials.key"
expect 2 'holds no such prefix' create --handle-secret-file other.secret --handle-prefix 88.118.81
printf 'short' >short.secret; chmod 600 short.secret
expect 2 '16 to 255' create --handle-secret-file short.secret
expect 2 'holds no public key' create --public-key erp.secret
expect 0 '"kind":"HS_SECKEY","handle_prefix":"88.118.80","handle_identity":"301:88.118.80/ADMIN"' \
  as sz-pumps --json credential list --registrant sz-pumps
expect 1 '^$' bash -c "grep -rqF \"\$(cat erp.secret)\" '$data'"
seckey=$(as sz-pumps credential list --registrant sz-pumps | awk '/HS_SECKEY/ {print $1}')
expect 0 'REVOKED' as sz-pumps credential revoke "$seckey"
expect 0 '302:88.118.80/ADMIN' create --handle-secret-file other.secret
expect 0 '^OK: ' bureau audit verify
stop_server
printf 'not a key' >"$data/credentials.key"
start_server
"$gusu" trust --server "$address" --yes >/dev/null
expect 4 'CREDENTIAL_KEY_UNUSABLE.*9 bytes' create --handle-secret-file third.secret
expect 0 'HS_PUBKEY' create --public-key keys/admpub.bin --title ERP

# ---- changes of an approved registrant --------------------------------------------------------------
expect 0 'Contact +Li' as sz-pumps registrant update sz-pumps --contact-person Li
expect 0 'Amendment, PENDING.*renamed.*Name +Suzhou Pumps Ltd +was: sz-pumps' \
  as sz-pumps registrant update sz-pumps --name 'Suzhou Pumps Ltd' --reason renamed
expect 0 'Address +1 Road +was: .none' as sz-pumps registrant update sz-pumps --address '1 Road'
expect 0 'sz-pumps.*PENDING' bureau registrant list --amendments
expect 0 'Amendment, RETURNED.*which document' bureau registrant return sz-pumps \
  --reason 'which document?'
expect 0 'Amendment, PENDING.*Suzhou Pumps Ltd' as sz-pumps registrant update sz-pumps \
  --document licence.pdf --reason 'with the licence'
expect 0 'Name +Suzhou Pumps Ltd.*Address +1 Road' bureau registrant approve sz-pumps
expect 0 '^.none.' bureau registrant list --amendments
expect 4 'ROLE_REFUSED' as sz-pumps registrant approve sz-pumps
expect 3 'REGISTRANT_NOT_FOUND' bureau registrant suspend sz-none --reason r

# ---- lists --------------------------------------------------------------------------------------------
expect 0 '^[^/]*registrants/sz-pumps[^/]*registrants/sz-valves[^/]*$' bureau registrant list \
  --district 3205 --state active
expect 0 '^[^/]*registrants/sz-metro[^/]*$' bureau registrant list --kind partner
expect 0 '^[^/]*registrants/sz-valves[^/]*$' bureau registrant list --industry-class C3443
expect 0 '^[^/]*registrants/sz-pumps[^/]*$' bureau registrant list --name 'PUMPS LTD'
expect 0 '"name":"registrants/sz-metro"' bureau registrant list --limit 1 --json

# ---- honours ------------------------------------------------------------------------------------------
designate=(bureau registrant designate sz-pumps green-2026 --title 绿色工厂
  --english-title 'Green factory' --issued-on 2026-11-01 --certificate-number G-1)
expect 0 'Designation +green-2026: 绿色工厂 .Green factory., no. G-1, 2026-11-01' "${designate[@]}"
expect 0 'green-2026' "${designate[@]}"
expect 2 'FIELD_INVALID.*issued_on' bureau registrant designate sz-pumps x --title T \
  --issued-on 2026-02-30
expect 0 'revoked: audit failed' bureau registrant revoke-designation sz-pumps green-2026 \
  --reason 'audit failed'
expect 3 'DESIGNATION_NOT_FOUND' bureau registrant revoke-designation sz-pumps none --reason r

# ---- prefixes -----------------------------------------------------------------------------------------
expect 0 '88.118.8.*Quota +1000' bureau prefix grant 88.118.8 --registrant sz-pumps --quota 1000
expect 0 'Quota +300' as sz-pumps prefix grant 88.118.8.1 --registrant sz-valves --quota 300 \
  --pattern '[A-Z]+-[0-9]+'
expect 0 '1000, 300 of it granted' as sz-pumps prefix show 88.118.8
expect 4 'QUOTA' as sz-pumps prefix grant 88.118.8.2 --registrant sz-valves --quota 900
expect 4 'NOT_PREFIX_HOLDER' as sz-valves prefix grant 88.118.8.3 --registrant sz-valves --quota 1
expect 0 '88.118.8.1' as sz-pumps prefix list --above 88.118.8
expect 0 'CREATED' as sz-valves register 88.118.8.1/V-1 --value note=x
expect 2 'SUFFIX' as sz-valves register 88.118.8.1/valve --value note=x
expect 0 'Quota +500' as sz-pumps prefix update 88.118.8.1 --quota 500
expect 0 'Disclosure +OPEN' as sz-pumps prefix update 88.118.8 --disclosure open
expect 5 'ETAG_MISMATCH' as sz-pumps prefix update 88.118.8 --disclosure closed --etag other
expect 0 'SUSPENDED.*inquiry' bureau prefix suspend 88.118.8.1 --reason inquiry
expect 4 'PREFIX_SUSPENDED' as sz-valves register 88.118.8.1/V-2 --value note=x
expect 0 'note' "$gusu" resolve 88.118.8.1/V-1
expect 0 '^[^.]*88.118.8.1 [^/]*/sz-valves' bureau prefix list --state suspended
expect 0 'ACTIVE' bureau prefix activate 88.118.8.1 --reason closed
expect 0 '88.118.9' bureau prefix grant 88.118.9 --registrant sz-valves
openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout >site.pem 2>/dev/null
expect 0 'Resolved at +grpc://registry.example:7440, with a key' as sz-valves prefix delegate \
  88.118.9 --site grpc://registry.example:7440 --public-key site.pem --reason 'own registry'
expect 4 'PREFIX_DELEGATED' as sz-valves register 88.118.9/X-1 --value note=x
expect 0 'elsewhere' bureau prefix list --registrant sz-valves
expect 4 'PREFIX_IN_USE' as sz-pumps prefix delegate 88.118.8 --site grpc://a:1 --reason r
expect 0 'Disclosure' as sz-valves prefix delegate 88.118.9 --here --reason back
expect 0 'CREATED' as sz-valves register 88.118.9/X-1 --value note=x
expect 0 'Holder +registrants/sz-pumps' bureau prefix transfer 88.118.9 --registrant sz-pumps \
  --reason 'line sold'
expect 4 'NOT_PREFIX_HOLDER' as sz-valves register 88.118.9/X-2 --value note=x
expect 0 'RETIRED.*line closed' bureau prefix retire 88.118.9 --reason 'line closed'
expect 4 'PREFIX_RETIRED' as sz-pumps register 88.118.9/X-2 --value note=x
expect 3 'PREFIX_NOT_FOUND' bureau prefix suspend 99.1 --reason r

# ---- templates ----------------------------------------------------------------------------------------
cat >pump.json <<'JSON'
{"english_name": "Pump", "chinese_name": "泵", "attributes": [
  {"name": "head", "type": "decimal", "unit": "m", "required": true},
  {"name": "lot", "type": "string", "indexed": true, "default_tier": "partner"}]}
JSON
expect 0 'DRAFT.*not published yet.*head +DECIMAL .m. +required' as sz-pumps template create \
  88.118.8/META_PUMP --file pump.json
expect 4 'TEMPLATE_NOT_PUBLISHED' as sz-pumps register 88.118.8/P-1 --template 88.118.8/META_PUMP \
  --value head=12.5
expect 0 'PUBLISHED.*Version +1' as sz-pumps template publish 88.118.8/META_PUMP
expect 0 'CREATED' as sz-pumps register 88.118.8/P-1 --template 88.118.8/META_PUMP \
  --value head=12.5 --value lot=L-7
expect 2 'TEMPLATE_VIOLATED' as sz-pumps register 88.118.8/P-2 --template 88.118.8/META_PUMP \
  --value head=high
as sz-pumps --json template show 88.118.8/META_PUMP |
  sed 's/"attributes":\[/"attributes":[{"name":"note","type":"STRING"},/' >pump2.json
expect 0 'Draft of the next version.*note' as sz-pumps template update 88.118.8/META_PUMP \
  --file pump2.json
expect 0 'Version +2' as sz-pumps template publish 88.118.8/META_PUMP
expect 0 'Version +1' "$gusu" template show 88.118.8/META_PUMP --version 1
expect 4 'TEMPLATE_ATTRIBUTE_FIXED' as sz-pumps template update 88.118.8/META_PUMP --file pump.json
expect 4 'NOT_PREFIX_HOLDER' as sz-valves template create 88.118.8/META_V --file pump.json
expect 0 'META_PUMP +PUBLISHED +2 +3' "$gusu" template list --registrant sz-pumps
expect 0 'WITHDRAWN' as sz-pumps template withdraw 88.118.8/META_PUMP --reason 'no more pumps'
expect 4 'TEMPLATE_NOT_PUBLISHED' as sz-pumps register 88.118.8/P-3 \
  --template 88.118.8/META_PUMP --value head=1

# ---- grants and groups --------------------------------------------------------------------------------
expect 0 '1 more value' as sz-metro resolve 88.118.8/P-1
expect 0 'State +ACTIVE.*88.118.8/P-….*read PARTNER' as sz-pumps grant create --to sz-metro \
  --beginning 88.118.8/P- --read partner --title 'order 4711' --expires 90d
expect 0 'lot +PARTNER +L-7' as sz-metro resolve 88.118.8/P-1
expect 0 'order 4711' as sz-metro grant list
grant=$(as sz-pumps --json grant list --from sz-pumps | sed 's/.*"name":"\([^"]*\)".*/\1/')
expect 0 'REVOKED' as sz-pumps grant revoke "$grant" --reason 'order closed'
expect 0 'REVOKED' as sz-pumps grant revoke "$grant" --reason 'order closed'
expect 0 '1 more value' as sz-metro resolve 88.118.8/P-1
expect 2 'FIELD_INVALID' as sz-pumps grant create --to sz-pumps --prefix 88.118.8 --read partner
expect 4 'NOT_PREFIX_HOLDER' as sz-valves grant create --to sz-metro --prefix 88.118.8 \
  --read partner
expect 3 'GRANT_NOT_FOUND' as sz-pumps grant revoke sz-pumps/none
expect 0 'Member +registrants/sz-metro' as sz-pumps group set sz-pumps/dealers --title Dealers \
  --member sz-metro --member sz-valves
expect 0 'group registrants/sz-pumps/groups/dealers' as sz-pumps grant create \
  --to-group sz-pumps/dealers --prefix 88.118.8 --template 88.118.8/META_PUMP --read partner
expect 0 'L-7' as sz-valves resolve 88.118.8/P-1
etag=$(as sz-pumps --json group list sz-pumps | sed 's/.*"etag":"\([^"]*\)".*/\1/')
expect 5 'ETAG_MISMATCH' as sz-pumps group set sz-pumps/dealers --no-members --etag 0
expect 0 'Members +none' as sz-pumps group set sz-pumps/dealers --no-members --etag "$etag"
expect 0 '1 more value' as sz-valves resolve 88.118.8/P-1
expect 0 'sz-pumps/groups/dealers' as sz-pumps group list sz-pumps
printf '88.118.8/P-1\n' >codes.txt
expect 0 'code M-1 .OTHER, Test.' as sz-pumps grant create --to-code M-1 --scheme other \
  --authority Test --codes-file codes.txt --read owner

# ---- statistics ---------------------------------------------------------------------------------------
today=$(TZ=Asia/Shanghai date +%Y-%m-%d)
tomorrow=$(TZ=Asia/Shanghai date -d tomorrow +%Y-%m-%d)
expect 0 'RETIRED' as sz-pumps retire 88.118.8/P-1 --reason scrapped
expect 0 "88.118.8 .*$today +registrants/sz-pumps +1 .*SCRAPPED 1" as sz-pumps stats 88.118.8
expect 0 '"created":1,"changed":1,"retired":."SCRAPPED":1.' as sz-pumps stats 88.118.8 --json \
  --from "$today" --to "$tomorrow"
expect 0 '^.none.' as sz-pumps stats 88.118.8 --to "$today"
expect 0 'TOTAL.*3 rows +3 ' bureau stats
expect 0 '^OK: the counts of [0-9]+ prefixes are what' bureau stats --verify
expect 0 '"prefix":"prefixes/88.118.8","ok":true,"counts":."created":1' as sz-pumps stats \
  88.118.8 --verify --json
expect 4 'NOT_PREFIX_HOLDER|ROLE_REFUSED' as sz-metro stats 88.118.8 --verify
expect 3 'PREFIX_NOT_FOUND' bureau stats 99.1 --verify
for ((i = 0; i < 300; ++i)); do  # written every 10 s; at most 30 s
  as sz-pumps usage 88.118.8 2>/dev/null | grep -q GRPC && break
  sleep 0.1
done
expect 0 "88.118.8 +$today +GRPC +[1-9].* us at " as sz-pumps usage 88.118.8
expect 0 'GRPC +127.0.0.1 +[1-9]' bureau usage 88.118.8 --sources
expect 0 '"door":"GRPC","asked":[1-9]' as sz-pumps usage 88.118.8 --json

# ---- suspension and the end ---------------------------------------------------------------------------
expect 0 'SUSPENDED.*licence expired' bureau registrant suspend sz-valves --reason 'licence expired'
expect 4 'REGISTRANT_SUSPENDED|REGISTRANT_NOT_ACTIVE' as sz-valves register 88.118.8.1/V-3 \
  --value note=x
expect 0 'ACTIVE' bureau registrant activate sz-valves --reason renewed
expect 0 'CREATED' as sz-valves register 88.118.8.1/V-3 --value note=x
expect 4 'SUCCESSOR_MISSING' bureau registrant close sz-valves --reason merged
expect 0 'CLOSED.*merged.*Successor +registrants/sz-pumps' bureau registrant close sz-valves \
  --successor sz-pumps --reason merged
expect 0 'Holder +registrants/sz-pumps' bureau prefix show 88.118.8.1
expect 0 'note' "$gusu" resolve 88.118.8.1/V-3
expect 4 'CREDENTIAL|REGISTRANT' as sz-valves register 88.118.8.1/V-4 --value note=x

stop_server
tell
