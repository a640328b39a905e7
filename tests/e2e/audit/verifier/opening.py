"""Gusu's own bytes: the leaf, its opening, and what an opening's commitments bind (proto/README.md)."""

import hashlib

from verifier.fault import Fault

LEAF_BYTES = 41
OPENING_BYTES_MAX = 16 * 1024
NAMES = {1: "operation", 2: "resource", 3: "registrant", 4: "actor", 5: "credential", 6: "on_behalf_of",
         7: "revision", 8: "previous", 9: "sequence", 10: "reason", 11: "commitments", 12: "erasures"}
NUMBERS, LISTS = (7, 8, 9), (11, 12)


def leaf_time_us(leaf):
    if len(leaf) != LEAF_BYTES or leaf[0] != 1:
        raise Fault(f"no leaf of version 1 and {LEAF_BYTES} bytes")
    return int.from_bytes(leaf[1:9], "big")


def fields(content):
    """(tag, content) of each field of canonical bytes, in their order."""
    if content[:1] != b"\1":
        raise Fault("canonical bytes begin with version 1")
    at, last = 1, 0
    while at < len(content):
        tag, length = content[at], int.from_bytes(content[at + 1:at + 5], "big")
        if at + 5 + length > len(content) or tag < max(last, 1):
            raise Fault(f"canonical bytes break at {at}")
        yield tag, content[at + 5:at + 5 + length]
        at, last = at + 5 + length, tag


def parse_opening(content):
    """What an opening says, by the names of its fields."""
    if len(content) > OPENING_BYTES_MAX:
        raise Fault(f"an opening of more than {OPENING_BYTES_MAX} bytes")
    said = {"commitments": {}, "erasures": []}
    for tag, part in fields(content):
        name = NAMES.get(tag)
        if name is None or not part or (name in said and tag not in LISTS):
            raise Fault(f"an opening with a field {tag} that it cannot have")
        if tag in NUMBERS:
            if len(part) != 8 or part == bytes(8):
                raise Fault(f"{name} is no number")
            said[name] = int.from_bytes(part, "big")
        elif tag == 11:
            label, zero, commitment = part.partition(b"\0")
            if not zero or len(commitment) != 32 or label in said[name]:
                raise Fault("a commitment is a label, a zero byte and 32 bytes")
            said[name][label.decode("utf-8", "replace")] = commitment
        elif tag == 12:
            said[name].append((int.from_bytes(part[:8], "big"), part[8:].decode("utf-8", "replace")))
        else:
            try:
                said[name] = part.decode("utf-8")
            except UnicodeDecodeError:
                raise Fault(f"{name} is not UTF-8") from None
    for needed in ("operation", "resource", "actor", "revision"):
        if needed not in said:
            raise Fault(f"an opening without {needed}")
    return said


def check_leaf(leaf, salt, content):
    """That the leaf binds the opening; gives what the opening says."""
    said = parse_opening(content)
    time_us = leaf_time_us(leaf)
    if len(salt) != 32:
        raise Fault(f"a salt of {len(salt)} bytes")
    if hashlib.sha256(b"gusu.leaf.v1\n" + salt + content).digest() != leaf[9:]:
        raise Fault("the leaf binds another opening")
    if said["revision"] != time_us:
        raise Fault("the opening's revision is not the leaf's time")
    return said


def check_part(said, label, salt, content):
    """That an opening's commitment of this label binds the content."""
    bound = said["commitments"].get(label)
    if bound is None:
        raise Fault(f"the opening has no commitment {label!r}")
    if len(salt) != 32 or hashlib.sha256(b"gusu.commitment.v1\n" + salt + content).digest() != bound:
        raise Fault(f"the opening's commitment {label!r} binds another content")
