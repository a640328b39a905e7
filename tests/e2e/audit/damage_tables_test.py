"""As damage_test.py, of the rows beside records: templates, groups, grants, serial ranges with their
patterns, transfers, and what the bureau read.

  damage_tables_test.py GUSUD GUSU LDB
"""

import json
import os
import shutil
import sys
import tempfile
import unittest

from registry import PREFIX, Registry, StartRefused
from store import Store

GUSUD, GUSU, LDB = sys.argv[1:4]

RANGE = f"prefixes/{PREFIX}/serialRanges/0-"


def range_key(last_serial):
    return b"j" + PREFIX.encode() + b"\0" + (0).to_bytes(4, "big") + last_serial.to_bytes(8, "big")


class DamagedTables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A registry with a row of every kind, some with history; its verdict is that all is sound."""
        cls.work = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.sound = Registry(GUSUD, GUSU, os.path.join(cls.work, "sound"))
        cls.addClassCleanup(cls.sound.close)
        cls.sound.start()
        cls.sound.enroll()
        cls.sound.import_rows(0, 3)
        cls.fill(cls.sound)
        cls.sound.stop()
        cls.sound.start()  # writes what was in the write-ahead log into table files
        said = cls.sound.done(cls.sound.bureau("audit", "verify"))
        print(said.rstrip("\n").split("\n")[-1])
        cls.sound.stop()

    @staticmethod
    def fill(registry):
        def enterprise(*arguments):
            registry.done(registry.enterprise(*arguments))

        def admin(*arguments):
            registry.done(registry.bureau("--as", "sz-pumps", "--reason", "by letter", *arguments))

        claim = os.path.join(registry.directory, "water.claim")
        registry.done(registry.anybody("registrant", "apply", "sz-water", "--name", "Suzhou Water",
                                       "--organization-code", "91320594MA1MABCD7J", "--claim-file", claim))
        registry.done(registry.bureau("registrant", "approve", "sz-water"))
        template = os.path.join(registry.directory, "pump.json")
        with open(template, "w", encoding="utf-8") as file:
            json.dump({"english_name": "Pump", "attributes": [{"name": "name", "type": "STRING",
                                                               "english_name": "Name"}]}, file)
        admin("template", "create", f"{PREFIX}/META_PUMP", "--file", template)
        admin("group", "set", "sz-pumps/customers", "--title", "Customers", "--member", "sz-water")
        admin("grant", "create", "--to-group", "sz-pumps/customers", "--own-in", PREFIX, "--read", "partner",
                   "--title", "their own lots")
        enterprise("range", "allocate", PREFIX, "--pattern", "BOLT-{permuted:6}", "--count", "1000", "--template",
                   "product", "--value", "name=Bolt")
        enterprise("range", "allocate", PREFIX, "--pattern", "BOLT-{permuted:6}", "--count", "500")
        enterprise("transfer", "offer", f"{PREFIX}/P-1", "--to", "sz-water", "--custody", "--reference", "DN-4711")
        registry.done(registry.bureau("resolve", f"{PREFIX}/P-2", "--reason", "inquiry"))

    def setUp(self):
        self.registry = self.sound.copy(os.path.join(self.work, self.id()))
        self.addCleanup(shutil.rmtree, self.registry.directory)
        self.addCleanup(self.registry.close)
        self.store = Store(LDB, self.registry)

    def found(self, *named):
        self.registry.start()
        ended = self.registry.bureau("audit", "verify")
        self.registry.stop()
        said = ended.output + ended.error
        self.assertEqual(ended.code, 1, said)
        for name in named:
            self.assertIn(name, said)
        print(f"{self.id().split('.')[-1]}: {said.strip()}")

    def key_of(self, table):
        keys = self.store.keys(table)
        self.assertEqual(len(keys), 1, keys)
        return keys[0]

    def test_a_template_that_was_changed_is_named(self):
        self.store.replace(self.key_of(b"e"), b"Pump", b"Pipe")
        self.found("META_PUMP")

    def test_a_template_that_was_deleted_is_named(self):
        self.store.delete(self.key_of(b"e"))
        self.found("META_PUMP")

    def test_a_group_with_another_member_is_named(self):
        self.store.replace(self.key_of(b"w"), b"sz-water", b"sz-mills")
        self.found("registrants/sz-pumps/groups/customers")

    def test_a_grant_that_was_changed_or_copied_is_named(self):
        key = self.key_of(b"a")
        self.store.replace(key, b"their own lots", b"all of our lot")
        self.found("registrants/sz-pumps/grants/")
        self.store.replace(key, b"all of our lot", b"their own lots")
        self.store.put(key + b"x", self.store.get(key))
        self.found("table grants")

    def test_a_serial_range_that_was_changed_or_deleted_is_named(self):
        self.store.replace(range_key(1000), b"Bolt", b"Nuts")
        self.found(RANGE + "1000")
        self.store.delete(range_key(1000))
        self.found(RANGE + "1000")

    def test_a_serial_range_that_nobody_allocated_is_named(self):
        self.store.put(range_key(9000), self.store.get(range_key(1000)))
        self.found("table serial_ranges")

    def test_patterns_with_another_permutation_are_named(self):
        key = self.key_of(b"l")
        patterns = self.store.get(key)
        # The permutation's key stands behind the pattern's text: field 2, 32 bytes.
        place = patterns.index(b"\x12\x20", patterns.index(b"permuted")) + 2
        other = bytes([patterns[place] ^ 1])
        self.store.put(key, patterns[:place] + other + patterns[place + 1 :])
        self.found(RANGE + "1500", "PATTERNS")

    def test_patterns_that_were_put_back_are_named(self):
        key = self.key_of(b"l")
        before = self.store.get(self.store.keys(b"y" + key)[0])
        self.store.put(key, before)
        self.found("range_patterns")

    def test_codes_that_the_counters_alone_have_are_named(self):
        key = b"s" + PREFIX.encode()
        self.store.put(key, self.store.get(key) + b"\x18\x07")
        self.found(f"prefixes/{PREFIX}: the store counts 7 codes of serial ranges")

    def test_a_transfer_to_another_is_named(self):
        self.store.replace(self.key_of(b"x"), b"sz-water", b"sz-mills")
        self.found("transfers/")

    def test_a_reading_whose_reason_was_changed_refuses_the_start(self):
        reading = [key for key in self.store.keys(b"o") if b"READ" in self.store.get(key)]
        self.assertEqual(len(reading), 1)
        self.store.replace(reading[0], b"inquiry", b"nothing")
        with self.assertRaises(StartRefused):
            self.registry.start()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
