#!/usr/bin/env python3
"""Verifies what a Gusu server gives to its auditors, by a program that is not Gusu's.

  verify_export.py DIR [--vkey TEXT]... [--older PATH]... [--opening FILE]...
  verify_export.py --tlog-proof FILE --vkey TEXT... [--entry FILE] [--opening FILE]

The first form checks a directory that `gusu audit export DIR` wrote: signatures, every tile, every
entry, and that there is nothing else. Without --vkey the keys are those in DIR/vkey, which then prove
no more than that the directory agrees with itself. --older names an earlier export or checkpoint
that this log must extend. The second form checks a receipt; the entry is in the receipt, or --entry
is a file with its bytes. --opening names a file of JSON lines as `gusu audit entries --json` prints
them: each opening must be the one that the leaf in the log binds.

Prints one line. Exit code 0: all of it is right; 1: something is not; 2: it was called wrongly.
Standard library only; written from proto/AUDIT.md and proto/README.md.
"""

import argparse
import os
import sys

from verifier.export import Export
from verifier.fault import Fault, read
from verifier.opening import leaf_time_us
from verifier.shown import check_opening, check_receipt, json_lines
from verifier.signed_note import NOTE_BYTES_MAX, open_checkpoint, parse_key

RECEIPT_BYTES_MAX = 1024 * 1024


def openings_of(paths):
    for path in paths:
        for where, one in json_lines(path):
            if one.get("opening"):
                yield where, one


def check_opening_at(where, one, leaf):
    try:
        return check_opening(one, leaf)[0]
    except Fault as fault:
        raise Fault(f"{where}: {fault}") from None


def verify_directory(arguments):
    keys = [parse_key(text) for text in arguments.vkey]
    export = Export(arguments.directory, keys)
    older = []
    for path in arguments.older:
        file = os.path.join(path, "checkpoint") if os.path.isdir(path) else path
        try:
            older.append((path, open_checkpoint(read(file, NOTE_BYTES_MAX), export.keys)))
        except Fault as fault:
            raise Fault(f"{path}: {fault}") from None
    wanted = {}
    for where, one in openings_of(arguments.opening):
        index = one.get("leaf_index")
        if not isinstance(index, int) or not 0 <= index < export.checkpoint.size:
            raise Fault(f"{where}: the log has no leaf {index!r}")
        wanted.setdefault(index, []).append((where, one))

    last_time_us = -1

    def visit(index, entry):
        nonlocal last_time_us
        if not arguments.any_entries:
            try:
                time_us = leaf_time_us(entry)
            except Fault as fault:
                raise Fault(f"entry {index}: {fault}") from None
            if time_us <= last_time_us:
                raise Fault(f"entry {index} is not later than the one before")
            last_time_us = time_us
        for where, one in wanted.get(index, ()):
            check_opening_at(where, one, entry)

    roots = export.verify({checkpoint.size for _, checkpoint in older}, visit)
    for path, checkpoint in older:
        if checkpoint.origin != export.checkpoint.origin:
            raise Fault(f"{path} is of another log, {checkpoint.origin}")
        if checkpoint.size > export.checkpoint.size:
            raise Fault(f"{path} has {checkpoint.size} leaves, this log only {export.checkpoint.size}")
        if roots[checkpoint.size] != checkpoint.root:
            raise Fault(f"{path} is no beginning of this log: of {checkpoint.size} leaves it signs root "
                        f"{checkpoint.root.hex()}, here {roots[checkpoint.size].hex()}")
    said = [f"{export.checkpoint.size:,} leaves of {export.checkpoint.origin} hash to the signed root, "
            f"{export.tiles_count:,} tiles and {export.bundles_count:,} entry bundles are right"]
    if export.stale_count:
        said.append(f"so are {export.stale_count:,} earlier partial ones")
    if older:
        said.append(f"extends {', '.join(f'{checkpoint.size:,}' for _, checkpoint in older)}")
    if wanted:
        said.append(f"{sum(map(len, wanted.values())):,} openings are what their leaves bind")
    return said + signatures(export.checkpoint, export.keys_brought)


def verify_receipt(arguments):
    if not arguments.vkey:
        raise Fault("a receipt needs --vkey")
    keys = [parse_key(text) for text in arguments.vkey]
    given = read(arguments.entry, 65535) if arguments.entry else None
    leaf, index, checkpoint = check_receipt(read(arguments.tlog_proof, RECEIPT_BYTES_MAX), keys, given)
    said = [f"entry {index:,} stands in the log {checkpoint.origin} of {checkpoint.size:,} leaves"]
    for where, one in openings_of(arguments.opening):
        opened = check_opening_at(where, one, leaf)
        said.append(f"it is {opened['operation']} of {opened['resource']}")
    return said + signatures(checkpoint, False)


def signatures(checkpoint, brought):
    said = f"signed by {', '.join(checkpoint.signers)}"
    if checkpoint.witnesses:
        said += f", cosigned by {', '.join(checkpoint.witnesses)}"
    return [said + (", a key that came with the export" if brought else "")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", nargs="?")
    parser.add_argument("--vkey", action="append", default=[])
    parser.add_argument("--older", action="append", default=[])
    parser.add_argument("--opening", action="append", default=[])
    parser.add_argument("--tlog-proof")
    parser.add_argument("--entry")
    parser.add_argument("--any-entries", action="store_true", help="entries need not be leaves of Gusu's")
    arguments = parser.parse_args()
    if (arguments.directory is None) == (arguments.tlog_proof is None):
        parser.error("give DIR or --tlog-proof FILE")
    try:
        said = verify_receipt(arguments) if arguments.tlog_proof else verify_directory(arguments)
    except Fault as fault:
        print(f"FAILED: {fault}")
        sys.exit(1)
    print(f"OK: {'; '.join(said)}")


if __name__ == "__main__":
    main()
