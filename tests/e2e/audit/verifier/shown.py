"""What `gusu --json` shows of leaves: openings, their parts, and the proofs of an answer."""

import json

from verifier.fault import Fault, base64_bytes
from verifier.merkle import leaf_hash, root_from_proof
from verifier.opening import check_leaf, check_part, leaf_time_us
from verifier.signed_note import open_checkpoint, parse_receipt

JSON_LINE_BYTES_MAX = 64 * 1024 * 1024


def json_lines(path):
    """(where, object) of each line of a file."""
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(JSON_LINE_BYTES_MAX + 1), b""), 1):
                where = f"{path}:{number}"
                if len(line) > JSON_LINE_BYTES_MAX:
                    raise Fault(f"{where} is too long")
                try:
                    one = json.loads(line)
                except (ValueError, RecursionError):
                    raise Fault(f"{where} is no JSON") from None
                if not isinstance(one, dict):
                    raise Fault(f"{where} is no JSON object")
                yield where, one
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}") from None


def field(one, name, kind):
    value = one.get(name, kind())
    if not isinstance(value, kind):
        raise Fault(f"{name} has another form")
    return value


def content_of(one, name):
    return base64_bytes(field(one, name, str), name)


def check_opening(one, leaf):
    """That the object's opening is what the leaf binds, and its parts what the opening binds.

    Gives what the opening says and the content of each part that is shown, by label."""
    if "leaf" in one and content_of(one, "leaf") != leaf:
        raise Fault("it has another leaf than the log")
    said = check_leaf(leaf, content_of(one, "salt"), content_of(one, "opening"))
    parts = {}
    for part in field(one, "parts", list):
        if not isinstance(part, dict):
            raise Fault("parts has another form")
        if part.get("salt"):
            label = field(part, "label", str)
            parts[label] = content_of(part, "content")
            check_part(said, label, content_of(part, "salt"), parts[label])
    return said, parts


def check_receipt(content, keys, leaf=None):
    """That a receipt leads from its entry, or the one given, to a checkpoint that the log signed."""
    receipt = parse_receipt(content)
    checkpoint = open_checkpoint(receipt.checkpoint, keys)
    entry = receipt.extra if leaf is None else leaf
    if entry is None:
        raise Fault("the receipt has no entry in it")
    if leaf is not None and receipt.extra not in (None, leaf):
        raise Fault("the receipt has another entry in it")
    root = root_from_proof(leaf_hash(entry), receipt.index, checkpoint.size, receipt.hashes)
    if root != checkpoint.root:
        raise Fault(f"the receipt leads to root {root.hex()}, the checkpoint is of {checkpoint.root.hex()}")
    return entry, receipt.index, checkpoint


class ProvenLeaf:
    """A leaf with its receipt, opening and parts, all of which hold."""

    def __init__(self, one, keys):
        leaf = content_of(one, "leaf")
        receipt = field(one, "tlog_proof", str).encode("utf-8", "surrogatepass")
        _, self.index, self.checkpoint = check_receipt(receipt, keys, leaf)
        self.time_us = leaf_time_us(leaf)
        self.said, self.parts = check_opening(one, leaf)
