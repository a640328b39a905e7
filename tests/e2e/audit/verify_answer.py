#!/usr/bin/env python3
"""Verifies an answer that a Gusu server gave to its partners, by a program that is not Gusu's.

  verify_answer.py FILE --vkey TEXT... [--identifier CODE]

FILE is what `gusu audit proof CODE` printed, or an answer with such a `proof` in it. Needs no network. Tells apart what is
proven, that this was registered then and is unaltered, and what the server only states over its
signature, that there was no later revision.

Prints one line. Exit code 0: all of it is right; 1: something is not; 2: it was called wrongly.
Standard library only; written from proto/AUDIT.md and proto/README.md.
"""

import argparse
import hashlib
import sys
import time
import urllib.parse

from verifier.fault import Fault, base64_bytes, number
from verifier.opening import fields
from verifier.shown import ProvenLeaf, content_of, field, json_lines
from verifier.signed_note import open_note, parse_key, signers_of

VALUE_TYPE, VALUE_DATA = 2, 3


def moment(time_us):
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(time_us // 1_000_000))


def identifier_of(resource):
    """88.118.8/HP%2F1 of prefixes/88.118.8/records/HP%252F1."""
    parts = resource.split("/")
    if len(parts) != 4 or parts[0] != "prefixes" or parts[2] != "records":
        raise Fault(f"{resource} is no record")
    return f"{parts[1]}/{urllib.parse.unquote(parts[3])}"


def values_of(parts):
    """type=data of each value in the proven tiers."""
    shown = []
    for label, content in parts.items():
        if label == "BODY" or not content:
            continue
        for tag, value in fields(content):
            if tag != 1:
                raise Fault(f"{label} has a field {tag}")
            by_tag = dict(fields(value))
            shown.append(f"{by_tag.get(VALUE_TYPE, b'').decode('utf-8', 'replace')}="
                         f"{by_tag.get(VALUE_DATA, b'').decode('utf-8', 'replace')}")
    return shown


def check_statement(proof, leaf, keys):
    """What the log states over its signature of the proven revision."""
    lines, signers = open_note(field(proof, "statement", str).encode("utf-8", "surrogatepass"), keys)
    if len(lines) != 7 or lines[0] != "gusu.latest/v1":
        raise Fault("the statement is no gusu.latest/v1")
    if lines[1] != leaf.checkpoint.origin:
        raise Fault(f"the statement is of the log {lines[1]}")
    signers_of(lines[1], signers)
    time_us, read_revision, revision = (number(line, "a statement's number") for line in lines[3:6])
    salt = content_of(proof, "identifier_salt")
    bound = hashlib.sha256(b"gusu.identifier.v1\n" + salt + leaf.said["resource"].encode()).digest()
    if len(salt) != 32 or base64_bytes(lines[6], "a statement's hash") != bound:
        raise Fault("the statement is of another record")
    if revision != leaf.said["revision"]:
        raise Fault(f"the statement is of revision {revision}, the proof of {leaf.said['revision']}")
    if revision > read_revision or leaf.index >= number(lines[2], "a statement's tree size"):
        raise Fault("the statement contradicts itself")
    return time_us


def verify(arguments):
    keys = [parse_key(text) for text in arguments.vkey]
    answers = list(json_lines(arguments.file))
    if len(answers) != 1:
        raise Fault(f"{arguments.file} has {len(answers)} answers, not one")
    answer = answers[0][1]
    proof = field(answer, "proof", dict) or answer
    leaf = ProvenLeaf(field(proof, "record", dict), keys)
    identifier = identifier_of(leaf.said["resource"])
    if arguments.identifier is not None and identifier.upper() != arguments.identifier.upper():
        raise Fault(f"the proof is of {identifier}")
    stated_us = check_statement(proof, leaf, keys)
    ancestors = []
    for one in field(proof, "ancestors", list):
        if not isinstance(one, dict):
            raise Fault("ancestors has another form")
        ancestors.append(ProvenLeaf(one, keys))
    said = [f"proven: {leaf.said['operation']} of {identifier} by {leaf.said['actor']} at "
            f"{moment(leaf.time_us)}, leaf {leaf.index:,} of {leaf.checkpoint.origin}"]
    values = values_of(leaf.parts)
    if values:
        said.append(f"with {', '.join(values)}")
    for ancestor in ancestors:
        inherited = ", ".join(values_of(ancestor.parts))
        said.append(f"inheriting from {identifier_of(ancestor.said['resource'])} {inherited}")
    said.append(f"stated: no later revision as of {moment(stated_us)}")
    return said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--vkey", action="append", required=True)
    parser.add_argument("--identifier")
    arguments = parser.parse_args()
    try:
        said = verify(arguments)
    except Fault as fault:
        print(f"FAILED: {fault}")
        sys.exit(1)
    print(f"OK: {'; '.join(said)}")


if __name__ == "__main__":
    main()
