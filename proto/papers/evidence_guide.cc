// The text of a pack that says how to verify it. Its commands are run by tests, as they stand.
#include "proto/papers/evidence.h"

namespace gusu::papers {
namespace {

constexpr char kIntroduction[] = R"MD(
This pack shows what was logged of one code. Nothing in it has to be believed: each step below can be
done with tools of your own choice. All commands are run in the pack's directory.

The one thing that a pack cannot show is whose key is in `vkey`. Compare it with the key that the
registry's operator, or the bureau, handed to you in another way.

## 1. The files are those that were packed

```sh
sha256sum --check --quiet manifest.sha256
```

## 2. With gusu

Needs no network and no credential.

```sh gusu
for proof in revisions/*.json; do
  gusu audit verify-proof "$proof" --vkey vkey
done
gusu audit verify-proof answer-proof.json --vkey vkey
```

The answer's proof also states which revision was the latest at the time that it names.

## 3. With openssl and Python: the checkpoint's signature

`checkpoint` is three lines, which are what is signed (origin, number of leaves, root), an empty line,
and signature lines: a dash, the key's name, and base64 of key ID (4 bytes) and Ed25519 signature. A line
of `vkey` is name, key ID in hexadecimal and base64 of 01 and the public key, joined by `+`. This takes
them apart, and openssl (3.0 or later) verifies:

```sh
work=$(mktemp -d)
python3 - "$work" <<'END'
import base64, hashlib, pathlib, sys
work = pathlib.Path(sys.argv[1])
note = pathlib.Path("checkpoint").read_bytes()
body, signatures = note[:note.rindex(b"\n\n") + 1], note[note.rindex(b"\n\n") + 2:].decode()
for line in pathlib.Path("vkey").read_text().splitlines():
    name, key_id, key = line.split("+", 2)
    key = base64.b64decode(key)
    if key[0] != 1 or name != body.decode().split("\n")[0]:
        continue  # a witness's
    assert key_id == hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    for signature in signatures.splitlines():
        dash, signer, blob = signature.split(" ")
        blob = base64.b64decode(blob)
        if signer == name and blob[:4].hex() == key_id:
            (work / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + key[1:])
            (work / "signature").write_bytes(blob[4:])
            (work / "body").write_bytes(body)
END
openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/body" \
  -sigfile "$work/signature"
rm -r "$work"
```

## 4. With Python: every revision is under the signed root

H is SHA-256, `‖` joins bytes.

```
leaf        01 ‖ commit time (8 bytes, big endian, microseconds since 1970 UTC)
            ‖ H("gusu.leaf.v1\n" ‖ salt ‖ opening)
leaf hash   H(00 ‖ leaf)
node        H(01 ‖ left ‖ right)
commitment  H("gusu.commitment.v1\n" ‖ salt ‖ content)
```

An opening is a version byte (01), then fields: tag (1 byte), length (4 bytes, big endian), content.
Tags: 1 operation, 2 resource, 3 registrant, 4 actor, 5 credential, 6 on behalf of, 7 revision (the commit
time), 8 index of the previous leaf of the same resource plus one, 9 number within the prefix, 10 reason,
11 commitments, each a label, a zero byte and 32 bytes, 12 erasures. Numbers are 8 bytes, big endian.
An inclusion proof is the hashes beside the way from the leaf up to the root, the leaf's sibling first.

```sh
python3 - <<'END'
import base64, hashlib, json, pathlib

H = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
B = base64.b64decode
note = pathlib.Path("checkpoint").read_text()
origin, size, root = note.split("\n")[:3]
size, root = int(size), B(root)

def fields(message):
    assert message[0] == 1
    at = 1
    while at < len(message):
        length = int.from_bytes(message[at + 1 : at + 5], "big")
        yield message[at], message[at + 5 : at + 5 + length]
        at += 5 + length

previous = 0  # index of the previous revision's leaf plus one
for path in sorted(pathlib.Path("revisions").glob("*.json"), key=lambda path: int(path.stem)):
    proof = json.loads(path.read_text())
    text = path.with_suffix(".tlog-proof").read_text()
    head, checkpoint = text.split("\n\n", 1)
    assert proof["tlog_proof"] == text and checkpoint == note
    lines = [line for line in head.split("\n")[1:] if not line.startswith("extra ")]
    index, hashes = int(lines[0].removeprefix("index ")), [B(line) for line in lines[1:]]

    leaf, salt, opening = B(proof["leaf"]), B(proof["salt"]), B(proof["opening"])
    assert leaf[0] == 1 and leaf[9:] == H(b"gusu.leaf.v1\n", salt, opening)
    r, f, s = H(b"\0", leaf), index, size - 1
    for h in hashes:
        assert s > 0
        if f & 1 or f == s:
            r = H(b"\1", h, r)
            while f and not f & 1:
                f, s = f >> 1, s >> 1
        else:
            r = H(b"\1", r, h)
        f, s = f >> 1, s >> 1
    assert s == 0 and r == root

    said, commitments = {}, {}
    for tag, content in fields(opening):
        if tag == 11:
            label, commitment = content.split(b"\0", 1)
            commitments[label.decode()] = commitment
        else:
            said[tag] = content
    assert said[7] == leaf[1:9]
    assert int.from_bytes(said.get(8, b""), "big") == previous
    previous = index + 1
    for part in proof.get("parts", []):
        if "content" in part:
            bound = H(b"gusu.commitment.v1\n", B(part["salt"]), B(part["content"]))
            assert bound == commitments[part["label"]]
    microseconds = int.from_bytes(leaf[1:9], "big")
    print(path.stem, said[1].decode(), said[2].decode(), "by", said.get(4, b"").decode(),
          "at", microseconds, "leaf", index)
print("all revisions are under the root of", origin, "at size", size)
END
```

What the content's bytes mean is told by the registry's API guide, "Canonical bytes".

## 5. Against the log itself

`gusu audit checkpoint` fetches today's checkpoint, and `gusu audit verify` reads the whole log; a
witness or another auditor who kept a checkpoint of this log can tell whether it is the same log.
)MD";

}  // namespace

std::string VerificationGuide(const Evidence& evidence) {
  return "# How to verify the evidence of " + evidence.record.identifier + "\n" + kIntroduction;
}

}  // namespace gusu::papers
