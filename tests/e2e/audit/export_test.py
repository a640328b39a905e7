"""A log that `gusu audit export` wrote is verified by a program that shares no code with Gusu.

  export_test.py GUSUD GUSU [LDB]
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import unittest
import zipfile

from registry import PREFIX, Registry
from verifier.export import tile_path

HERE = os.path.dirname(os.path.abspath(__file__))
EXPORT, ANSWER = os.path.join(HERE, "verify_export.py"), os.path.join(HERE, "verify_answer.py")
LEAVES = 70_000


def verify(program, *arguments):
    ended = subprocess.run([sys.executable, program, *arguments], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


class ExportedLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registry = Registry.enrolled(cls, sys.argv[1], sys.argv[2], LEAVES)
        cls.work = os.path.join(cls.registry.directory, "work")
        os.mkdir(cls.work)
        cls.registry.published(LEAVES)
        cls.vkey = cls.registry.vkey()
        cls.export = cls.path("export")
        cls.registry.done(cls.registry.anybody("audit", "export", cls.export, "--vkey", cls.vkey))

    @classmethod
    def path(cls, name):
        return os.path.join(cls.work, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def holds(self, program, *arguments):
        code, said = verify(program, *arguments, "--vkey", self.vkey)
        self.assertEqual(code, 0, said)
        print(said, end="")
        return said

    def test_a_log_of_70000_leaves_is_verified_by_the_independent_program_and_so_is_its_continuation(self):
        registry, older = self.registry, self.path("older")
        self.assertTrue(os.path.exists(os.path.join(self.export, tile_path(0, LEAVES // 256 - 1, 256))))
        said = self.holds(EXPORT, self.export)
        leaves = int(said.split()[1].replace(",", ""))
        self.assertTrue(LEAVES <= leaves < LEAVES + 20, leaves)  # and what it took to begin

        shutil.copytree(self.export, older)
        registry.import_rows(LEAVES, LEAVES + 1000)
        registry.published(leaves + 1000)
        registry.done(registry.anybody("audit", "export", self.export, "--vkey", self.vkey))
        said = self.holds(EXPORT, self.export, "--older", older)
        self.assertGreaterEqual(int(said.split()[1].replace(",", "")), leaves + 1000)
        self.assertIn(f"extends {leaves:,}", said)

    def test_the_bureaus_openings_are_what_the_leaves_bind_and_others_are_shown_none(self):
        entries = ("--json", "audit", "entries", "--from", "300", "--to", "1300")
        openings = self.write("openings", self.registry.done(self.registry.bureau(*entries)))
        said = self.holds(EXPORT, self.export, "--opening", openings)
        self.assertIn("1,000 openings are what their leaves bind", said)
        shown = self.registry.done(self.registry.anybody(*entries))
        self.assertEqual(shown.count('"leaf_index"'), 1000)
        self.assertNotIn("opening", shown)

    def test_verification_finds_nothing_while_others_write(self):
        registry, code = self.registry, f"{PREFIX}/P-80"
        done = threading.Event()
        faults = []

        def write():
            number = 0
            while not done.is_set() and not faults:
                number += 1
                ended = registry.enterprise("modify", code, "--set", f"name=Pump {number}")
                ended = registry.enterprise("register", PREFIX, "--mint", "W-{serial:6}", "--count", "50",
                                            "--value", "note=x") if ended.code == 0 else ended
                if ended.code != 0:
                    faults.append(str(ended))

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(4):
                ended = registry.bureau("audit", "verify")
                self.assertEqual(ended.code, 0, str(ended))
        finally:
            done.set()
            writer.join()
        self.assertEqual(faults, [])
        # And at once after a write, which no published checkpoint covers yet.
        registry.import_rows(LEAVES + 1000, LEAVES + 1010)
        ended = registry.bureau("audit", "verify")
        self.assertEqual(ended.code, 0, str(ended))
        print(ended.output, end="")

    def test_a_receipt_and_an_answer_are_verified_with_no_network(self):
        code = f"{PREFIX}/P-77"
        receipt = self.write("receipt", self.registry.done(
            self.registry.anybody("audit", "proof", code, "--tlog-proof")))
        self.assertIn("stands in the log", self.holds(EXPORT, "--tlog-proof", receipt))
        answer = self.registry.done(self.registry.anybody("audit", "proof", code))
        said = self.holds(ANSWER, self.write("answer", answer), "--identifier", code)
        self.assertIn(f"proven: REGISTER of {code} by registrants/sz-pumps", said)
        self.assertIn("model=HP-77", said)
        self.assertIn("stated: no later revision as of", said)

    def test_an_evidence_pack_is_verified_with_no_network(self):
        code, pack = f"{PREFIX}/P-81", self.path("pack")
        registry = self.registry
        registry.done(registry.enterprise("modify", code, "--set", "name=Valve"))
        registry.published(LEAVES + 1)
        registry.done(registry.enterprise(
            "audit", "evidence", code, "--out", f"{pack}.zip", "--vkey", self.vkey))
        with zipfile.ZipFile(f"{pack}.zip") as file:
            file.extractall(pack)
        for revision, operation in (("1", "REGISTER"), ("2", "MODIFY_VALUES")):
            said = self.holds(EXPORT, "--tlog-proof", f"{pack}/revisions/{revision}.tlog-proof",
                              "--opening", f"{pack}/revisions/{revision}.json")
            self.assertIn(f"it is {operation} of prefixes/{PREFIX}/records/P-81", said)
        said = self.holds(ANSWER, f"{pack}/answer-proof.json", "--identifier", code)
        self.assertIn("name=Valve", said)

    def test_an_answer_with_any_one_part_of_it_changed_is_refused(self):
        answer = json.loads(self.registry.done(self.registry.anybody("audit", "proof", f"{PREFIX}/P-78")))
        other = json.loads(self.registry.done(self.registry.anybody("audit", "proof", f"{PREFIX}/P-79")))

        def wrongs(good, other):
            """The object with one text in it replaced, or changed in one character."""
            if isinstance(good, str):
                if good != other:
                    yield other
                for at in (0, len(good) // 2, len(good) - 1):
                    yield good[:at] + chr(ord(good[at]) ^ 1) + good[at + 1:]
                return
            for key in good if isinstance(good, dict) else range(len(good)):
                if key == "label":
                    continue
                for wrong in wrongs(good[key], other[key]):
                    if isinstance(good, dict):
                        yield {**good, key: wrong}
                    else:
                        yield [*good[:key], wrong, *good[key + 1:]]

        count = 0
        for wrong in wrongs(answer, other):
            path = self.write("wrong", json.dumps(wrong))
            code, said = verify(ANSWER, path, "--vkey", self.vkey, "--identifier", f"{PREFIX}/P-78")
            self.assertEqual((code, said[:7]), (1, "FAILED:"), said)
            ended = self.registry.run("audit", "verify-proof", path, "--vkey", self.vkey, "--code",
                                      f"{PREFIX}/P-78")
            self.assertNotEqual(ended.code, 0, str(ended))
            count += 1
        self.assertGreater(count, 30)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
