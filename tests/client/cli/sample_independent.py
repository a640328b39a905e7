"""Draws the samples of golden/sample_draws.txt again, by the rule of proto/AUDIT.md alone.

    python3 sample_independent.py GOLDEN_FILE
"""

import hashlib
import sys


def draw(root, first, end, count):
    n = end - first
    if n <= count:
        return list(range(first, end))
    drawn = []
    i = 0
    while len(drawn) < count:
        digest = hashlib.sha256(b"gusu.sample.v1\n" + root + i.to_bytes(8, "big")).digest()
        number = int.from_bytes(digest[:8], "big")
        i += 1
        if number >= 2**64 - 2**64 % n:
            continue
        leaf = first + number % n
        if leaf not in drawn:
            drawn.append(leaf)
    return drawn


def main():
    lines = open(sys.argv[1], encoding="ascii").read().splitlines()
    faults = 0
    for line in lines:
        given, leaves = line.split(":")
        root, first, end, count = given.split(" ")
        expected = [int(leaf) for leaf in leaves.split()]
        if draw(bytes.fromhex(root), int(first), int(end), int(count)) != expected:
            faults += 1
            print("other leaves than", line)
    print(f"{len(lines)} samples, {faults} differ")
    sys.exit(1 if faults or not lines else 0)


if __name__ == "__main__":
    main()
