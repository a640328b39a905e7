"""verify_export.py accepts what is right, and refuses it with any one thing wrong.

  verify_export_test.py AUDIT.md
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from verifier import ed25519
from verifier.export import tile_path, tiles_of
from verifier.merkle import leaf_hash, node_hash, root_from_proof, root_of
from verifier.opening import leaf_time_us
from verifier.signed_note import open_checkpoint, parse_key, parse_receipt

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGIN = "registry.example/log1"
SEED = bytes(range(32))
# RFC 8032, 7.1: public key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
     "595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
     "b4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9"
     "716ed28dc027beceea1ec40a"),
]


def sign(seed, message):
    """RFC 8032, 5.1.6."""
    def encode(point):
        x, y = (coordinate * pow(point[2], -1, ed25519.P) % ed25519.P for coordinate in point[:2])
        return (y | (x & 1) << 255).to_bytes(32, "little")

    digest = hashlib.sha512(seed).digest()
    secret = int.from_bytes(digest[:32], "little") & ~7 & ~(1 << 255) | 1 << 254
    public = encode(ed25519._multiply(secret, ed25519._BASE))
    nonce = int.from_bytes(hashlib.sha512(digest[32:] + message).digest(), "little") % ed25519.L
    r = encode(ed25519._multiply(nonce, ed25519._BASE))
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little")
    return public, r + ((nonce + k * secret) % ed25519.L).to_bytes(32, "little")


def text(content):
    return base64.b64encode(content).decode()


def key_of(seed, name=ORIGIN):
    key = b"\1" + sign(seed, b"")[0]
    identifier = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    return f"{name}+{identifier.hex()}+{text(key)}"


def checkpoint_of(size, root, seed=SEED, origin=ORIGIN):
    body = f"{origin}\n{size}\n{text(root)}\n"
    signature = parse_key(key_of(seed, origin)).id + sign(seed, body.encode())[1]
    return f"{body}\n\u2014 {origin} {text(signature)}\n".encode()


def plain_root(hashes):
    """The definition of RFC 6962, 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    left = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(plain_root(hashes[:left]), plain_root(hashes[left:]))


def opening_of(number):
    def field(tag, content):
        return bytes([tag]) + len(content).to_bytes(4, "big") + content

    salt, part = bytes([number % 256]) * 32, b"\1"
    bound = hashlib.sha256(b"gusu.commitment.v1\n" + salt + part).digest()
    opening = (b"\1" + field(1, b"REGISTER") + field(2, f"prefixes/1/records/{number}".encode()) +
               field(4, b"bureau") + field(7, (1000 + number).to_bytes(8, "big")) +
               field(11, b"BODY\0" + bound))
    leaf = b"\1" + (1000 + number).to_bytes(8, "big") + hashlib.sha256(
        b"gusu.leaf.v1\n" + salt + opening).digest()
    return {"leaf_index": number, "leaf": text(leaf), "opening": text(opening), "salt": text(salt),
            "parts": [{"label": "BODY", "content": text(part), "salt": text(salt)}]}


def leaves_of(size):
    return [base64.b64decode(opening_of(number)["leaf"]) for number in range(size)]


def write(directory, path, content):
    whole = os.path.join(directory, path)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "wb") as file:
        file.write(content)


def write_export(directory, entries):
    hashes = [leaf_hash(entry) for entry in entries]
    for level, index, width in tiles_of(len(entries)):
        span = 256**level
        tile = [plain_root(hashes[at * span:(at + 1) * span])
                for at in range(index * 256, index * 256 + width)]
        write(directory, tile_path(level, index, width), b"".join(tile))
        if level == 0:
            bundle = entries[index * 256:index * 256 + width]
            write(directory, tile_path("entries", index, width),
                  b"".join(len(entry).to_bytes(2, "big") + entry for entry in bundle))
    write(directory, "checkpoint", checkpoint_of(len(entries), plain_root(hashes)))
    write(directory, "vkey", key_of(SEED).encode() + b"\n")


def files_of(directory):
    return sorted(os.path.relpath(os.path.join(where, name), directory)
                  for where, _, names in os.walk(directory) for name in names)


def run(*arguments):
    """Exit code and the one line."""
    ended = subprocess.run([sys.executable, "-B", os.path.join(HERE, "verify_export.py"), *arguments],
                           capture_output=True, text=True, check=False)
    assert ended.stderr == "" or ended.returncode == 2, ended.stderr
    return ended.returncode, ended.stdout


class Vectors(unittest.TestCase):
    def test_signatures_of_rfc_8032_hold_and_others_do_not(self):
        for public, message, signature in RFC_8032:
            public, message, signature = map(bytes.fromhex, (public, message, signature))
            self.assertTrue(ed25519.is_valid(public, message, signature))
            self.assertFalse(ed25519.is_valid(public, message + b"x", signature))
            for at in range(0, 64, 7):
                wrong = bytearray(signature)
                wrong[at] ^= 1
                self.assertFalse(ed25519.is_valid(public, message, bytes(wrong)))
            same = int.from_bytes(signature[32:], "little") + ed25519.L
            self.assertFalse(
                ed25519.is_valid(public, message, signature[:32] + same.to_bytes(32, "little")))

    def test_roots_are_those_of_the_formats_page_and_of_the_definition(self):
        with open(sys.argv[1], encoding="utf-8") as page:
            roots = re.findall(r"^\| (\d+) \| `([^`]+)` \|$", page.read(), re.M)
        self.assertEqual(len(roots), 7)
        for size, root in roots:
            hashes = [leaf_hash(b"entry %d" % number) for number in range(int(size))]
            self.assertEqual(text(root_of(hashes)), root)
        for size in range(70):
            hashes = [leaf_hash(b"%d" % number) for number in range(size)]
            self.assertEqual(root_of(hashes), plain_root(hashes))

    def test_the_receipt_of_the_formats_page_holds_and_no_other_does(self):
        with open(sys.argv[1], encoding="utf-8") as page:
            content = page.read()
        receipt = re.search(r"c2sp.org/tlog-proof@v1\n.*?(?=```)", content, re.S).group()
        keys = re.findall(r"^\S+\+[0-9a-f]{8}\+\S+$", content, re.M)
        self.assertEqual(keys[0], key_of(SEED))
        with tempfile.TemporaryDirectory() as work:
            write(work, "receipt", receipt.encode())
            write(work, "entry", b"entry 2")
            call = ["--tlog-proof", f"{work}/receipt", "--entry", f"{work}/entry",
                    "--vkey", keys[0], "--vkey", keys[1]]
            self.assertEqual(run(*call), (
                0, "OK: entry 2 stands in the log registry.example/log1 of 5 leaves; signed by "
                   "registry.example/log1 (4517142d), cosigned by witness.example/w1\n"))
            self.assertEqual(run(*call[:-4])[0], 1)  # without a key
            self.assertEqual(run(*call[:-4], "--vkey", keys[1])[0], 1)  # a witness is not the log
            write(work, "entry", b"entry 3")
            self.assertEqual(run(*call)[0], 1)
            write(work, "entry", b"entry 2")
            lines = receipt.split("\n")
            for at in range(len(lines) - 2):
                for line in ([], [lines[at] + "A"], [lines[at][:-1]] if lines[at] else ["", ""]):
                    wrong = lines[:at] + line + lines[at + 1:]
                    write(work, "receipt", "\n".join(wrong).encode())
                    code, said = run(*call)
                    self.assertEqual((code, said[:7]), (1, "FAILED:"), wrong)


class Receipts(unittest.TestCase):
    def test_each_character_of_a_signed_checkpoint_counts(self):
        good = checkpoint_of(3, plain_root([leaf_hash(b"")] * 3))
        keys = [parse_key(key_of(SEED))]
        self.assertEqual(open_checkpoint(good, keys).size, 3)
        for at in range(len(good)):
            wrong = good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]
            with self.assertRaises(Exception, msg=wrong) as raised:
                open_checkpoint(wrong, keys)
            self.assertEqual(type(raised.exception).__name__, "Fault")

    def test_a_leaf_of_every_index_and_size_leads_to_the_root(self):
        def way(index, hashes):
            if len(hashes) == 1:
                return []
            left = 1 << (len(hashes) - 1).bit_length() - 1
            if index < left:
                return way(index, hashes[:left]) + [plain_root(hashes[left:])]
            return way(index - left, hashes[left:]) + [plain_root(hashes[:left])]

        for size in range(1, 20):
            hashes = [leaf_hash(b"%d" % number) for number in range(size)]
            for index in range(size):
                proof = way(index, hashes)
                self.assertEqual(root_from_proof(hashes[index], index, size, proof), plain_root(hashes))
                for other in range(size):
                    if other != index and len(way(other, hashes)) == len(proof):
                        self.assertNotEqual(
                            root_from_proof(hashes[index], other, size, proof), plain_root(hashes))

    def test_a_receipt_with_the_leaf_in_it_stands_alone(self):
        leaves = leaves_of(2)
        hashes = [leaf_hash(leaf) for leaf in leaves]
        receipt = (f"c2sp.org/tlog-proof@v1\nextra {text(leaves[1])}\nindex 1\n{text(hashes[0])}\n\n".encode() +
                   checkpoint_of(2, plain_root(hashes)))
        self.assertEqual(leaf_time_us(parse_receipt(receipt).extra), 1001)
        with tempfile.TemporaryDirectory() as work:
            write(work, "receipt", receipt)
            write(work, "opening", json.dumps(opening_of(1)).encode())
            call = ["--tlog-proof", f"{work}/receipt", "--vkey", key_of(SEED), "--opening", f"{work}/opening"]
            code, said = run(*call)
            self.assertEqual(code, 0, said)
            self.assertIn("it is REGISTER of prefixes/1/records/1", said)
            write(work, "opening", json.dumps(opening_of(0)).encode())
            self.assertEqual(run(*call)[0], 1)


class Exports(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.work)
        self.export = os.path.join(self.work, "export")

    def refuses(self, *expected, more=()):
        code, said = run(self.export, "--vkey", key_of(SEED), *more)
        self.assertEqual(code, 1, said)
        self.assertEqual(said.count("\n"), 1)
        for part in expected:
            self.assertIn(part, said)

    def test_exports_of_any_size_are_verified(self):
        for size in (0, 1, 255, 256, 257, 600):
            shutil.rmtree(self.export, ignore_errors=True)
            write_export(self.export, leaves_of(size))
            code, said = run(self.export)
            self.assertEqual(code, 0, said)
            self.assertIn(f"OK: {size} leaves of {ORIGIN} hash to the signed root", said)
            self.assertIn("a key that came with the export", said)
            self.assertNotIn("came with", run(self.export, "--vkey", key_of(SEED))[1])

    def test_any_file_that_is_changed_missing_or_too_many_is_named(self):
        write_export(self.export, leaves_of(300))
        self.assertEqual(run(self.export)[0], 0)
        for path in files_of(self.export):
            whole = os.path.join(self.export, path)
            with open(whole, "rb") as file:
                good = file.read()
            named = [] if path in ("checkpoint", "vkey") or "entries" in path else [path]
            for at in (0, len(good) // 2, len(good) - 1):
                write(self.export, path, good[:at] + bytes([good[at] ^ 0x20]) + good[at + 1:])
                self.refuses(*named)
            for wrong in (b"", good[:-1], good + good[-1:]):
                write(self.export, path, wrong)
                self.refuses(*named)
            os.remove(whole)
            self.refuses(os.path.dirname(path))
            os.mkdir(whole)
            self.refuses(path)
            os.rmdir(whole)
            os.symlink("/dev/zero", whole)
            self.refuses()
            os.remove(whole)
            write(self.export, path, good)
        for path in ("more", "tile/0/001.p/45", "tile/0/002", "tile/1/000", "tile/0/x000/000", "tile/00/000",
                     "tile/entries/001.p/44.gz", "tile/2/000.p/1", ".hidden"):
            write(self.export, path, b"")
            self.refuses("1 files are not of this log, first " + path)
            os.remove(os.path.join(self.export, path))
            directory = os.path.dirname(os.path.join(self.export, path))
            while not os.listdir(directory):
                os.rmdir(directory)
                directory = os.path.dirname(directory)
        self.assertEqual(run(self.export)[0], 0)
        os.mkdir(os.path.join(self.export, "tile/1/x001"))
        self.refuses("is empty")

    def test_partial_tiles_of_earlier_sizes_may_stay_when_they_are_right(self):
        leaves = leaves_of(300)
        write_export(self.export, leaves[:100])
        write_export(self.export, leaves[:270])
        write_export(self.export, leaves)
        code, said = run(self.export)
        self.assertEqual(code, 0, said)
        self.assertIn("so are 4 earlier partial ones", said)
        for path in ("tile/0/000.p/100", "tile/entries/001.p/14"):
            with open(os.path.join(self.export, path), "rb") as file:
                good = file.read()
            write(self.export, path, good[:-1] + bytes([good[-1] ^ 1]))
            self.refuses(path)
            write(self.export, path, good)

    def test_a_key_or_an_origin_of_another_log_is_refused(self):
        write_export(self.export, leaves_of(3))
        other = key_of(b"x" * 32)
        self.assertEqual(run(self.export, "--vkey", other)[0], 1)
        self.assertEqual(run(self.export, "--vkey", key_of(SEED, "other.example/log"))[0], 1)
        for wrong in ("", "x", key_of(SEED)[:-1], key_of(SEED).replace("4517142d", "4517142D")):
            self.assertEqual(run(self.export, "--vkey", wrong)[0], 1)

    def test_entries_that_are_no_leaves_or_do_not_come_in_order_are_refused(self):
        write_export(self.export, [b"entry %d" % number for number in range(5)])
        self.refuses("entry 0: no leaf")
        self.assertEqual(run(self.export, "--any-entries")[0], 0)
        leaves = leaves_of(5)
        write_export(self.export, [leaves[0], leaves[2], leaves[1], leaves[3], leaves[4]])
        self.refuses("entry 2 is not later")

    def test_a_log_that_shrank_or_forked_is_found_out_by_an_earlier_checkpoint(self):
        older = os.path.join(self.work, "older")
        leaves = leaves_of(300)
        write_export(older, leaves[:270])
        write_export(self.export, leaves)
        code, said = run(self.export, "--older", older, "--older", f"{older}/checkpoint")
        self.assertEqual(code, 0, said)
        self.assertIn("extends 270, 270", said)
        shutil.rmtree(self.export)
        write_export(self.export, leaves[:269])
        self.refuses("270 leaves, this log only 269", more=("--older", older))
        other = [leaves[0], *leaves[2:]]
        shutil.rmtree(self.export)
        write_export(self.export, other)
        self.refuses("is no beginning of this log", more=("--older", older))
        write(older, "checkpoint", b"")
        self.refuses("older", more=("--older", older))

    def test_openings_are_those_that_the_leaves_bind(self):
        write_export(self.export, leaves_of(10))
        good = [opening_of(number) for number in range(10)]
        file = os.path.join(self.work, "openings")

        def write_lines(lines):
            write(self.work, "openings", "".join(json.dumps(line) + "\n" for line in lines).encode())

        write_lines(good)
        code, said = run(self.export, "--opening", file)
        self.assertEqual(code, 0, said)
        self.assertIn("10 openings are what their leaves bind", said)
        for wrong in ({"leaf_index": 4}, {"leaf_index": 10}, {"leaf_index": "3"}, {"salt": ""},
                      {"salt": text(b"x" * 32)}, {"leaf": good[4]["leaf"]},
                      {"opening": good[4]["opening"]}, {"opening": text(b"\1")}, {"opening": "x"},
                      {"parts": [{**good[3]["parts"][0], "content": text(b"\1\1")}]},
                      {"parts": [{**good[3]["parts"][0], "label": "PUBLIC"}]}):
            write_lines([good[0], {**good[3], **wrong}])
            self.refuses("openings:2: ", more=("--opening", file))
        write(self.work, "openings", b"\xff\n")
        self.refuses("openings:1", more=("--opening", file))
        self.refuses("none", more=("--opening", os.path.join(self.work, "none")))

    def test_a_wrong_call_is_told_from_a_wrong_log(self):
        self.assertEqual(run()[0], 2)
        self.assertEqual(run("--nonsense")[0], 2)
        self.assertEqual(run("a", "--tlog-proof", "b")[0], 2)
        self.assertEqual(run(os.path.join(self.work, "none"))[0], 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
