"""Signed notes, verifier keys and checkpoints of C2SP, and receipts that end in one."""

import hashlib
import unicodedata
from dataclasses import dataclass

from verifier import ed25519
from verifier.fault import Fault, base64_bytes, number

NOTE_BYTES_MAX = 512 * 1024
SIGNATURES_MAX = 64
HASHES_MAX = 64
EXTRA_BYTES_MAX = 64 * 1024
SIGNS_NOTES, COSIGNS = 1, 4


@dataclass(frozen=True)
class Key:
    name: str
    id: bytes
    type: int
    public: bytes


def parse_key(text):
    """`name+key ID+base64(type, public key)`."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Fault(f"no verifier key: {text[:80]!r}")
    name, identifier, encoded = parts
    key = base64_bytes(encoded, "a verifier key's end")
    if not 1 <= len(name.encode()) <= 255 or any(c.isspace() or is_control(c) for c in name):
        raise Fault(f"no name of a key: {name[:80]!r}")
    if len(key) != 33 or key[0] not in (SIGNS_NOTES, COSIGNS):
        raise Fault(f"no Ed25519 key: {text[:80]!r}")
    right = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if identifier != right.hex():
        raise Fault(f"key ID {identifier[:20]!r} of {name} is not {right.hex()}")
    return Key(name, right, key[0], key[1:])


def is_control(character):
    return unicodedata.category(character) == "Cc"


@dataclass
class Checkpoint:
    origin: str
    size: int
    root: bytes
    signers: list  # names of the log's keys whose signature holds, with key IDs
    witnesses: list  # names of those known who cosigned


def _divide(content):
    """A note's text with its last line end, and its signature lines."""
    if len(content) > NOTE_BYTES_MAX:
        raise Fault(f"a note of more than {NOTE_BYTES_MAX} bytes")
    try:
        whole = content.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Fault(f"a note that is not UTF-8 at byte {error.start}") from None
    for at, character in enumerate(whole):
        if character != "\n" and is_control(character):
            raise Fault(f"a note with control character U+{ord(character):04X} at {at}")
    text, divider, signatures = whole.rpartition("\n\n")
    if not divider or not signatures.endswith("\n"):
        raise Fault("a note without text, empty line and signatures")
    lines = signatures[:-1].split("\n")
    if len(lines) > SIGNATURES_MAX:
        raise Fault(f"a note with more than {SIGNATURES_MAX} signatures")
    return text + "\n", lines


def _signatures(lines):
    for line in lines:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014" or not parts[1]:
            raise Fault(f"no signature line: {line[:80]!r}")
        content = base64_bytes(parts[2], "a signature")
        if len(content) < 5:
            raise Fault(f"no signature: {line[:80]!r}")
        yield parts[1], content[:4], content[4:]


def _holds(key, text, signature):
    if key.type == SIGNS_NOTES:
        return ed25519.is_valid(key.public, text.encode(), signature)
    if len(signature) != 72 or signature[0] & 0x80:
        return False
    time = int.from_bytes(signature[:8], "big")
    signed = f"cosignature/v1\ntime {time}\n{text}"
    return ed25519.is_valid(key.public, signed.encode(), signature[8:])


def open_note(content, keys):
    """The lines of a note, and the known keys that signed it; a wrong signature of one spoils it."""
    text, lines = _divide(content)
    known = {(key.name, key.id): key for key in keys}
    signers = []
    for name, identifier, signature in _signatures(lines):
        key = known.get((name, identifier))
        if key is None:
            continue
        if not _holds(key, text, signature):
            raise Fault(f"the signature of {name} ({identifier.hex()}) is wrong")
        signers.append(key)
    return text[:-1].split("\n"), signers


def signers_of(origin, signers):
    """Those of the log itself, as text; there must be one."""
    own = [f"{key.name} ({key.id.hex()})" for key in signers
           if key.type == SIGNS_NOTES and key.name == origin]
    if not own:
        raise Fault(f"no known key of the log {origin} signed")
    return own


def open_checkpoint(content, keys):
    """A checkpoint that one of the keys of its log signed, and all known keys as far as they did."""
    body, signers = open_note(content, keys)
    if len(body) < 3 or "" in body:
        raise Fault("a checkpoint needs origin, size and root, and has no empty line")
    size, root = number(body[1], "a checkpoint's size"), base64_bytes(body[2], "a checkpoint's root")
    if len(root) != 32:
        raise Fault(f"a root of {len(root)} bytes")
    if size == 0 and root != hashlib.sha256().digest():
        raise Fault("a log without leaves has another root")
    return Checkpoint(body[0], size, root, signers_of(body[0], signers),
                      [key.name for key in signers if key.type == COSIGNS])


@dataclass
class Receipt:
    extra: bytes
    index: int
    hashes: list
    checkpoint: bytes


def parse_receipt(content):
    """A tlog-proof."""
    head, divider, checkpoint = content.partition(b"\n\n")
    if not divider:
        raise Fault("a receipt without checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Fault("a receipt that is not text") from None
    if lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Fault("no c2sp.org/tlog-proof@v1")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = base64_bytes(lines.pop(0)[len("extra "):], "extra")
        if len(extra) > EXTRA_BYTES_MAX:
            raise Fault("extra is too long")
    if not lines or not lines[0].startswith("index "):
        raise Fault("a receipt without index")
    index = number(lines.pop(0)[len("index "):], "a receipt's index")
    hashes = [base64_bytes(line, "a receipt's hash") for line in lines]
    if len(hashes) > HASHES_MAX or any(len(one) != 32 for one in hashes):
        raise Fault("a receipt's hashes are at most 64, of 32 bytes each")
    return Receipt(extra, index, hashes, checkpoint)
