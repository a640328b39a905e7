"""Whatever is changed in a store behind the server's back is found, and named.

  damage_test.py GUSUD GUSU LDB

Changes are made with RocksDB's `ldb`, or to the bytes of its files, while the server is stopped.
GUSU_SEED repeats the places that a random test chose.
"""

import os
import random
import shutil
import sys
import tempfile
import unittest

from registry import PREFIX, Registry, StartRefused
from store import Store

GUSUD, GUSU, LDB = sys.argv[1:4]
RECORDS = 600


def record(number):
    return b"r" + f"{PREFIX}/P-{number}".encode()


def named(suffix):
    return f"{PREFIX}/{suffix}"


def number_key(table, number):
    return table + number.to_bytes(8, "big")


class DamagedStore(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A registry of some hundred records with history, whose rows are all in table files."""
        cls.work = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.sound = Registry(GUSUD, GUSU, os.path.join(cls.work, "sound"))
        cls.addClassCleanup(cls.sound.close)
        cls.sound.start()
        cls.sound.enroll()
        cls.sound.import_rows(0, RECORDS)
        for name in ("Pipe", "Valve"):
            cls.sound.done(cls.sound.enterprise("modify", f"{PREFIX}/P-7", "--set", f"name={name}"))
        cls.sound.done(cls.sound.enterprise("retire", f"{PREFIX}/P-8", "--reason", "scrapped"))
        cls.sound.stop()
        cls.sound.start()  # writes what was in the write-ahead log into table files
        said = cls.sound.done(cls.sound.bureau("audit", "verify"))
        print(said.rstrip("\n").split("\n")[-1])
        cls.sound.stop()

    def setUp(self):
        self.registry = self.sound.copy(os.path.join(self.work, self.id()))
        self.addCleanup(shutil.rmtree, self.registry.directory)
        self.addCleanup(self.registry.close)
        self.store = Store(LDB, self.registry)

    def verdict(self):
        """The exit code and the output of `gusu audit verify` by the bureau."""
        self.registry.start()
        ended = self.registry.bureau("audit", "verify")
        self.registry.stop()
        return ended.code, ended.output + ended.error

    def found(self, *named):
        code, said = self.verdict()
        self.assertEqual(code, 1, said)
        for name in named:
            self.assertIn(name, said)
        print(f"{self.id().split('.')[-1]}: {said.strip()}")

    def refused(self, *named):
        """The server does not start."""
        with self.assertRaises(StartRefused) as raised:
            self.registry.start()
        for name in named:
            self.assertIn(name, raised.exception.text)
        print(f"{self.id().split('.')[-1]}: {raised.exception}")

    def test_a_store_that_only_ldb_opened_is_right(self):
        self.store.put(b"q0", b"x")
        self.store.delete(b"q0")
        self.assertEqual(self.verdict()[0], 0)

    def test_a_record_that_was_changed_is_named(self):
        self.store.replace(record(5), b"HP-5", b"HP-6")
        self.found(named("P-5"))

    def test_a_record_that_was_deleted_is_named(self):
        self.store.delete(record(6))
        self.found(named("P-6"))

    def test_a_record_that_was_put_back_to_an_older_revision_is_named(self):
        oldest = self.store.keys(b"y" + record(7))[-1]
        self.store.put(record(7), self.store.get(oldest))
        self.found(named("P-7"))

    def test_a_record_that_became_active_again_is_named(self):
        before = self.store.get(self.store.keys(b"y" + record(8))[0])
        now = self.store.get(record(8))
        self.store.put(record(8), now[:17] + before[17:])
        self.found(named("P-8"))

    def test_a_record_that_is_a_copy_of_another_is_named(self):
        self.store.put(b"r" + f"{PREFIX}/COPY".encode(), self.store.get(record(9)))
        self.found(named("COPY"))

    def test_two_records_that_changed_places_are_named(self):
        one, other = self.store.get(record(10)), self.store.get(record(11))
        self.store.put(record(10), other)
        self.store.put(record(11), one)
        self.found(named("P-10"))

    def test_a_row_of_history_that_was_changed_is_named(self):
        self.store.replace(self.store.keys(b"y" + record(7))[0], b"Pipe", b"Pump")
        self.found(named("P-7"))

    def test_a_row_of_history_that_was_deleted_is_named(self):
        self.store.delete(self.store.keys(b"y" + record(7))[1])
        self.found(named("P-7"))

    def test_a_row_of_history_that_was_added_is_named(self):
        key = self.store.keys(b"y" + record(7))[0]
        self.store.put(key[:-1] + bytes([key[-1] ^ 1]), self.store.get(key))
        self.found(named("P-7"))

    def test_a_row_of_bytes_that_are_none_is_named(self):
        self.store.put(record(12), b"\1nonsense")
        self.found(named("P-12"))

    def test_a_registrant_prefix_or_credential_that_was_changed_is_named(self):
        self.store.replace(b"nsz-pumps", b"Suzhou Pumps", b"Suzhou Pipes")
        self.found("registrants/sz-pumps")
        self.store.replace(b"nsz-pumps", b"Suzhou Pipes", b"Suzhou Pumps")
        self.assertEqual(self.verdict()[0], 0)
        key = b"p" + PREFIX.encode()
        self.store.put(key, self.store.get(key) + b"\x18\x07")  # a quota
        self.found(f"prefixes/{PREFIX}")

    def test_a_credential_that_was_added_is_named(self):
        key = self.store.keys(b"csz-pumps\0")[0]
        self.store.put(key + b"x", self.store.get(key))
        self.found("sz-pumps")

    def test_counters_of_a_prefix_that_were_changed_are_named(self):
        key = b"s" + PREFIX.encode()
        self.store.put(key, self.store.get(key) + b"\x10\x01")
        self.found(f"prefixes/{PREFIX}")

    def test_an_opening_that_was_changed_is_named_by_its_leaf(self):
        self.store.replace(number_key(b"o", 100), b"REGISTER", b"REGISTES")
        self.found("100")

    def test_an_opening_that_was_deleted_is_named_by_its_leaf(self):
        self.store.delete(number_key(b"o", 101))
        self.found("101")

    def test_a_salt_that_was_changed_is_named_by_its_leaf(self):
        key = number_key(b"o", 102)
        value = self.store.get(key)
        at = value.index(b"\x12\x20", 3 + value[1]) + 20
        self.store.put(key, value[:at] + bytes([value[at] ^ 1]) + value[at + 1:])
        self.found("102")

    def test_an_opening_in_the_growing_tile_refuses_the_start(self):
        last = self.store.keys(b"o")[-1]
        key = number_key(b"o", int.from_bytes(last[1:], "big") - 5)
        self.store.replace(key, b"REGISTER", b"REGISTES")
        self.refused("the row at key o", "unknown operation REGISTES")

    def test_a_tile_that_was_changed_refuses_the_start(self):
        key = self.store.keys(b"t")[0]
        value = self.store.get(key)
        self.store.put(key, bytes([value[0] ^ 1]) + value[1:])
        # Level 1 is still growing: a start makes it anew from this tile, and finds the fault itself.
        self.refused("the row at key t", "its hash 0 is not that of the row at 6f0000000000000000")

    def test_a_byte_that_was_flipped_in_a_table_file_is_named_by_file_and_keys(self):
        name = max(self.store.files(".sst"),
                   key=lambda name: os.path.getsize(os.path.join(self.store.path, name)))
        self.store.flip(name, os.path.getsize(os.path.join(self.store.path, name)) // 3)
        self.found(f"file {name}, keys ")

    def flip_anywhere(self, base, ending, flips):
        """Every flip, each in a copy of its own, is found by the start or else by `verify`."""
        seed = int(os.environ.get("GUSU_SEED", random.randrange(2**32)))
        print(f"GUSU_SEED={seed}")
        choice = random.Random(seed)
        files = [name for name in Store(LDB, base).files(ending)
                 if os.path.getsize(os.path.join(base.data, "db", name))]
        self.assertTrue(files)
        for name in files:
            size = os.path.getsize(os.path.join(base.data, "db", name))
            for offset in sorted(choice.randrange(size) for _ in range(flips)):
                self.registry = base.copy(os.path.join(self.work, f"{name}-{offset}"))
                self.addCleanup(self.registry.close)
                Store(LDB, self.registry).flip(name, offset)
                try:
                    code, said = self.verdict()
                except StartRefused as refused:
                    code, said = refused.code, refused.text
                self.assertNotEqual(code, 0, f"{name} at {offset}: {said}")
                shutil.rmtree(self.registry.directory)

    def test_a_byte_flipped_anywhere_in_a_table_file_is_found_by_verify_or_the_start(self):
        self.flip_anywhere(self.sound, ".sst", 12)

    def test_a_byte_flipped_anywhere_in_the_write_ahead_log_is_found_by_the_start(self):
        self.registry.start()
        self.registry.import_rows(RECORDS, RECORDS + 40)  # some 25 KiB: less than one block of it
        self.registry.stop()
        self.flip_anywhere(self.registry, ".log", 12)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
