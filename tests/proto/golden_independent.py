"""Builds the goldens' bytes again, from the format's description in proto/README.md alone."""

import hashlib
import sys


def number(value):
    return value.to_bytes(8, "big")


def message(*fields):
    """Fields are (tag, content); None is left out."""
    out = b"\x01"
    for tag, content in fields:
        if content is not None:
            out += bytes([tag]) + len(content).to_bytes(4, "big") + content
    return out


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(salt, content):
    return sha256(b"gusu.commitment.v1\n", salt, content)


def leaf(time_us, salt, opening):
    return b"\x01" + number(time_us) + sha256(b"gusu.leaf.v1\n", salt, opening)


def openings():
    rest = (
        (2, b"prefixes/88.118.8/records/HP-1"),
        (3, b"sz-pumps"),
        (4, b"bureau"),
        (5, b"c1"),
        (6, b"registrants/sz-pumps"),
        (7, number(1767225600000001)),
        (8, number(41)),
        (9, number(7)),
        (10, b"drill"),
        (11, b"BODY\0" + commitment(b"b" * 32, b"body")),
        (11, b"PUBLIC\0" + commitment(b"p" * 32, b"public")),
    )
    registration = message((1, b"REGISTER"), *rest)
    erasure = message(
        (1, b"ERASE_VALUES"),
        *rest,
        (12, number(0) + b"OWNER"),
        (12, number(0x0102030405060708) + b"PARTNER"),
    )
    first = message(
        (1, b"INITIALIZE"),
        (2, b"registry"),
        (4, b"bureau"),
        (7, number(1767225600000000)),
        (11, b"BODY\0" + commitment(b"b" * 32, b"")),
    )
    return [
        commitment(b"b" * 32, b"body"),
        registration,
        leaf(1767225600000001, b"s" * 32, registration),
        first,
        leaf(1767225600000000, b"s" * 32, first),
        erasure,
        leaf(1767225600000001, b"s" * 32, erasure),
    ]


def nouns():
    content = [
        (2, number(3)),
        (3, b"88.118.8/MODEL-HP"),
        (4, number(5)),
        (5, b"product"),
        (6, number(1)),
        (7, b"sz-pumps"),
        (8, b"sz-pumps"),
        (9, b"sz-pumps"),
        (10, number(2)),
        (12, message((1, b"old-erp"), (2, b"4711"), (3, number(6)), (4, b"e" * 32))),
        (13, number(7)),
        (14, message((1, number(9)), (2, b"lost in a fire"), (3, b"88.118.8/HP-2"))),
        (15, b"inspection"),
        (25, message((1, number(2)), (2, number(1)), (3, b"dispute"), (4, b"D-7"))),
    ]
    name = message(
        (1, number(2000)),
        (2, b"name"),
        (3, b"Pump"),
        (4, number(86400)),
        (6, number(1)),
        (7, b"registrants/sz-pumps"),
        (8, b"en"),
        (9, message((1, b"88.118.8/ADMIN"), (2, number(300)))),
    )
    note = message(
        (1, number(2)),
        (2, b"note"),
        (3, b"\x00\xff"),
        (4, number(1767225600)),
        (5, number(1)),
        (6, number(3)),
        (11, number(1)),
    )
    registrant = message(
        (1, number(1)),
        (2, "苏州水泵".encode()),
        (3, b"Suzhou Pumps"),
        (4, number(1)),
        (5, b"91320594MA1MABCD6F"),
        (6, b"SAMR"),
        (7, b"1 Pump Road"),
        (8, b"320594"),
        (9, b"3441"),
        (10, b"Li"),
        (11, b"li@example.com"),
        (12, b"+86 512 1"),
        (13, number(2)),
        (15, b"c" * 32),
        (16, b"district differs"),
        (20, number(2017)),
        (21, message((1, number(312989000)), (2, number(2**64 - 1205853000)), (3, number(2)))),
        (22, b"d" * 32),
        (
            23,
            message(
                (1, b"giant"),
                (2, "小巨人".encode()),
                (3, b"Little Giant"),
                (4, b"SRDI"),
                (5, b"JS-17"),
                (6, b"2026-02-28"),
                (7, b"2029-02-28"),
                (8, number(1)),
                (9, b"moved"),
            ),
        ),
        (24, b"sz-valves"),
        (25, b"merged"),
        (
            26,
            message(
                (1, message((2, b"Pumps Limited"))),
                (2, b"renamed"),
                (3, number(2)),
                (4, b"no document"),
            ),
        ),
    )
    prefix = message(
        (1, b"88.118.8"),
        (2, b"sz-pumps"),
        (3, number(1000)),
        (4, number(40)),
        (5, number(2)),
        (6, number(1)),
        (11, b"HP-[0-9]+"),
        (12, number(1)),
        (13, number(2)),
        (14, message((1, b"registry.example"), (2, number(1)), (3, number(7440)), (4, b"key"))),
        (15, b"misuse"),
        (16, number(60)),
        (17, b"sz-old"),
        (18, number(1)),
        (19, number(1)),
        (20, number(3)),
    )
    credential = message(
        (1, b"sz-pumps"), (2, b"c1"), (3, number(4)), (4, b"line 1"), (5, b"s" * 32), (6, number(9))
    )
    handle_credential = message(
        (1, b"sz-pumps"),
        (2, b"c1"),
        (3, number(4)),
        (4, b"line 1"),
        (6, number(9)),
        (12, number(4)),
        (13, b"88.118.8"),
        (14, number(301)),
        (15, b"key"),
        (16, b"c" * 32),
    )
    settings = message(
        (1, b"registry.example/0123abcd"),
        (2, b"88.118"),
        (2, b"88.119"),
        (3, b"Asia/Shanghai"),
        (4, b"https://registry.example"),
        (6, b"registry.example/0123abcd/epoch/1+00112233+AQ=="),
        (6, b"registry.example/0123abcd/epoch/1+44556677+AQ=="),
        (7, number(1)),
        (8, b"registry.example/0123abcd\n5\n"),
    )
    return [
        message(*content, (27, number(2))),
        message(),
        message((1, name)),
        b"",
        message((1, note)),
        sha256(b"gusu.content.v1\n", message((1, message(*content)), (2, name), (2, note))),
        registrant,
        prefix,
        credential,
        handle_credential,
        settings,
    ]


def templates():
    gasket = message(
        (1, number(2000)),
        (2, b"gasket"),
        (3, number(9)),
        (4, number(1)),
        (5, number(1)),
        (6, number(1)),
        (7, number(1)),
        (8, number(2)),
        (9, b"mm"),
        (10, b"EPDM"),
        (10, b"FKM"),
        (11, b"Gasket"),
        (12, "垫片".encode()),
    )
    power = message((1, number(2001)), (2, b"power"), (3, number(3)), (8, number(1)))
    return [
        message(
            (2, b"sz-pumps"),
            (3, number(2)),
            (4, number(3)),
            (5, b"Pump"),
            (6, "泵".encode()),
            (7, gasket),
            (8, gasket),
            (8, power),
        ),
        message(),
    ]


def grants():
    return [
        message(
            (1, b"sz-pumps"),
            (2, b"g1"),
            (3, b"sz-water"),
            (4, b"friends"),
            (5, number(3)),
            (6, b"X"),
            (7, b"7"),
            (8, number(8)),
            (9, b"88.118.8"),
            (10, b"LOT-"),
            (11, b"product"),
            (12, b"LOT-1"),
            (12, b"LOT-2"),
            (13, number(2)),
            (14, b"batch"),
            (15, number(1)),
            (16, number(1767225600000000)),
            (17, b"lots of 2026"),
            (18, number(1)),
            (23, number(1)),
            (24, b"88.118.8/lot-1"),
            (24, b"88.118.8/lot-2"),
            (25, number(0)),
            (25, number(2)),
        ),
        message(),
        message((1, b"sz-pumps"), (2, b"friends"), (3, b"Friends"), (4, b"sz-fixer"), (4, b"sz-water")),
    ]


def transfers():
    return [
        message(
            (2, b"sz-pumps"),
            (3, b"sz-water"),
            (4, number(1)),
            (5, number(1)),
            (6, message((1, b"88.118.8/HP-1"), (2, number(2)))),
            (6, message((1, b"88.118.8/HP-2"), (2, number(3)))),
            (7, b"88.118.8/BOLT-01"),
            (8, b"88.118.8/BOLT-99"),
            (9, number(1767225600000000)),
            (10, b"DN-117"),
            (11, number(2)),
            (12, b"damaged"),
            (17, b"88.118.8"),
            (18, b"sz-pumps"),
            (19, number(0)),
        ),
        message(),
    ]


def permuted(value, bound, key):
    """The Feistel network of proto/permutation.h."""
    half = ((bound - 1).bit_length() + 1) // 2
    mask = (1 << half) - 1
    while True:
        left, right = value >> half, value & mask
        for step in range(10):
            digest = sha256(b"gusu.permutation.v1\n", key, bytes([step]), number(right))
            left, right = right, left ^ int.from_bytes(digest[:8], "big") & mask
        value = left << half | right
        if value < bound:
            return value


def ranges():
    record = message(
        (2, number(3)), (3, b"88.118.8/M-1"), (7, b"sz-pumps"), (8, b"sz-pumps"), (9, b"sz-water"),
        (10, number(4)), (14, message((1, number(7)), (2, b"spoiled"))),
    )
    return [
        message(
            (1, b"88.118.8"),
            (2, number(2)),
            (3, b"BOLT-{serial:10}"),
            (4, number(11)),
            (5, number(20)),
            (6, record),
            (7, number(1000000000)),
        ),
        message(
            (1, message((1, b"BOLT-{serial:10}"), (3, number(2)), (4, number(21)))),
            (
                1,
                message(
                    (1, b"V-{permuted:6}"), (2, sha256(b"k" * 32)), (3, number(3)), (4, number(1))
                ),
            ),
        ),
    ] + [
        number(permuted(value, bound, b"k" * 32))
        for value, bound in ((1, 10**4), (9999, 10**4), (1, 10**10), (1, 10**18))
    ]


def main():
    failures = 0
    goldens = (
        ("opening.txt", openings()),
        ("record_canonical.txt", nouns()),
        ("grant_canonical.txt", grants()),
        ("range_canonical.txt", ranges()),
        ("template_canonical.txt", templates()),
        ("transfer_canonical.txt", transfers()),
    )
    for file, expected in goldens:
        with open(f"{sys.argv[1]}/{file}", encoding="utf-8") as golden:
            lines = [line.rstrip("\n").rsplit(":", 1) for line in golden if not line.startswith("#")]
        if len(lines) != len(expected):
            print(f"{file}: {len(lines)} lines, not {len(expected)}")
            failures += 1
        for (name, hexadecimal), content in zip(lines, expected):
            if hexadecimal.strip() != content.hex():
                print(f"{file}: {name}: {hexadecimal.strip()}, but here {content.hex()}")
                failures += 1
    sys.exit(1 if failures else 0)


main()
