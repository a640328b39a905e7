"""A start that would continue another log than the one that was signed is refused, and says what to do.

  start_test.py GUSUD GUSU LDB
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from registry import PREFIX, Registry, StartRefused
from store import Store

GUSUD, GUSU, LDB = sys.argv[1:4]
HERE = os.path.dirname(os.path.abspath(__file__))
OPERATIONS = os.path.join(HERE, "..", "..", "..", "deploy", "OPERATIONS.md")


class Start(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A registry, and an old copy of it."""
        cls.work = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.sound = Registry(GUSUD, GUSU, os.path.join(cls.work, "sound"))
        cls.addClassCleanup(cls.sound.close)
        cls.sound.start()
        cls.sound.enroll()
        cls.sound.import_rows(0, 20)
        cls.sound.stop()
        cls.old = cls.sound.copy(os.path.join(cls.work, "old"))
        cls.sound.start()
        cls.sound.import_rows(20, 40)
        cls.checkpoint = cls.sound.published(40)
        cls.sound.stop()

    def setUp(self):
        self.registry = self.sound.copy(os.path.join(self.work, self.id()))
        self.addCleanup(self.registry.close)

    def path(self, name):
        return os.path.join(self.registry.data, name)

    def refused(self, *named):
        with self.assertRaises(StartRefused) as raised:
            self.registry.start()
        for name in named:
            self.assertIn(name, raised.exception.text)
        print(f"{self.id().split('.')[-1]}: {raised.exception}")
        return raised.exception

    def change(self, name, change):
        with open(self.path(name), "rb") as file:
            content = file.read()
        changed = change(content)
        self.assertNotEqual(content, changed)
        with open(self.path(name), "wb") as file:
            file.write(changed)

    def starts_and_is_right(self):
        self.registry.start()
        ended = self.registry.bureau("audit", "verify")
        self.assertEqual(ended.code, 0, str(ended))

    def test_what_was_stopped_starts_again_and_so_does_a_copy_of_all_of_it(self):
        self.starts_and_is_right()

    def test_an_old_copy_of_the_store_is_refused_in_the_words_of_the_operations_page(self):
        shutil.rmtree(self.path("db"))
        shutil.copytree(os.path.join(self.old.data, "db"), self.path("db"))
        text = self.refused("It is an older copy").text
        with open(OPERATIONS, encoding="utf-8") as page:
            operations = page.read()
        said = re.search(r'error="(.*)"', text).group(1)
        # The page quotes the message; numbers and paths are those of its own example.
        fixed = re.split(r"(?<![\w.])/[^\s:;,()]+|\d+", said)
        pattern = r"\S+?".join(map(re.escape, fixed))
        self.assertRegex(re.sub(r"\s+", " ", operations), pattern)

    def test_a_store_of_another_registry_is_refused(self):
        other = Registry(GUSUD, GUSU, os.path.join(self.work, "other"))
        self.addCleanup(other.close)
        other.start()
        other.enroll()
        other.import_rows(0, 60)
        other.stop()
        shutil.rmtree(self.path("db"))
        shutil.copytree(os.path.join(other.data, "db"), self.path("db"))
        self.refused()

    def test_a_store_whose_last_commits_are_gone_is_refused(self):
        """The write-ahead log is cut, as a disk that lied about a sync leaves it."""
        logs = Store(LDB, self.registry).files(".log")
        whole = os.path.join(self.path("db"), logs[-1])
        os.truncate(whole, os.path.getsize(whole) * 3 // 4)
        self.refused()

    def test_a_head_that_was_changed_is_refused(self):
        store = Store(LDB, self.registry)
        good = store.get(b"h")
        for at in range(len(good) - 32, len(good), 13):  # the root stands last
            store.put(b"h", good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
            self.refused()
        for wrong in (b"", b"nonsense", good[:-1]):
            store.put(b"h", wrong)
            self.refused()
        store.delete(b"h")
        self.refused()
        store.put(b"h", good)
        self.starts_and_is_right()

    def test_an_anchor_that_was_changed_is_refused(self):
        with open(self.path("anchor"), "rb") as file:
            size = len(file.read())
        for at in (10, size // 2, size - 100):
            with self.subTest(at=at):
                self.change("anchor", lambda good, at=at: good[:at] + bytes([good[at] ^ 4]) + good[at + 1:])
                self.refused("anchor")
                self.change("anchor", lambda bad, at=at: bad[:at] + bytes([bad[at] ^ 4]) + bad[at + 1:])
        self.starts_and_is_right()

    def test_an_anchor_that_is_gone_is_asked_for(self):
        anchor = self.path("anchor")
        shutil.move(anchor, anchor + ".away")
        self.refused("--anchor-from", "--new-log-epoch")
        with open(anchor, "wb"):
            pass
        self.refused()
        os.remove(anchor)
        kept = os.path.join(self.registry.directory, "kept")
        with open(kept, "w", encoding="utf-8") as file:
            file.write(self.checkpoint)
        self.registry.start("--anchor-from", kept)
        ended = self.registry.bureau("audit", "verify")
        self.assertEqual(ended.code, 0, str(ended))
        self.registry.stop()
        self.starts_and_is_right()

    def test_an_anchor_from_a_checkpoint_that_is_none_of_this_log_is_refused(self):
        os.remove(self.path("anchor"))
        kept = os.path.join(self.registry.directory, "kept")
        wrongs = [b"", b"\0", b"x" * 2_000_000, self.checkpoint.encode()[:-20],
                  self.checkpoint.replace("\n", " ", 1).encode()]
        for wrong in wrongs:
            with open(kept, "wb") as file:
                file.write(wrong)
            with self.assertRaises(StartRefused):
                self.registry.start("--anchor-from", kept)
            self.assertFalse(os.path.exists(self.path("anchor")) and os.path.getsize(self.path("anchor")))
        with self.assertRaises(StartRefused):
            self.registry.start("--anchor-from", self.registry.directory)

    def test_a_log_key_that_is_gone_damaged_or_readable_by_others_is_refused(self):
        key = self.path("log.key")
        self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
        shutil.move(key, key + ".away")
        self.refused("log.key")
        self.assertFalse(os.path.exists(key))
        for wrong in (b"", b"\n", b"PRIVATE+KEY+x\n"):
            with open(key, "wb") as file:
                file.write(wrong)
            os.chmod(key, 0o600)
            self.refused("log.key")
        shutil.copy(key + ".away", key)
        os.chmod(key, 0o644)
        self.refused("log.key")
        os.chmod(key, 0o600)
        self.starts_and_is_right()
        with open(key, encoding="utf-8") as file:
            self.assertNotIn(file.read().strip()[-44:], self.registry.log())

    def test_a_log_key_of_another_log_is_refused(self):
        other = Registry(GUSUD, GUSU, os.path.join(self.work, "otherkey"))
        self.addCleanup(other.close)
        other.start("--origin", "other.example/log")
        other.stop()
        shutil.copy(os.path.join(other.data, "log.key"), self.path("log.key"))
        self.refused("log.key")

    def test_a_second_server_on_the_same_data_is_refused_also_without_the_lock_file(self):
        self.registry.start()
        arguments = [GUSUD, "--grpc", "127.0.0.1:0", "--handle", "off", "--http", "off", "--data"]

        def second(data):
            ended = subprocess.run([*arguments, data], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(ended.returncode, 3, ended.stderr)
            return ended.stderr.rstrip("\n").split("\n")[-1]

        self.assertIn("used by another server", second(self.registry.data))
        os.remove(self.path("lock"))
        print(second(self.registry.data))
        # Another data directory that leads to the same store.
        other = os.path.join(self.registry.directory, "other")
        os.mkdir(other)
        for name in os.listdir(self.registry.data):
            if name not in ("lock", "grpc.address"):
                os.symlink(self.path(name), os.path.join(other, name))
        print(second(other))
        self.registry.import_rows(50, 60)
        token = os.path.join(self.registry.data, "bureau-admin.token")
        ended = self.registry.anybody("--token-file", token, "audit", "verify", "--vkey", self.registry.vkey())
        self.assertEqual(ended.code, 0, str(ended))

    def test_a_whole_data_directory_put_back_starts_and_an_auditor_finds_it_out(self):
        """What the machine forgot as a whole, only those outside can know."""
        export = os.path.join(self.registry.directory, "export")
        self.registry.start()
        self.registry.done(self.registry.anybody("audit", "export", export, "--vkey", self.registry.vkey()))
        self.registry.stop()
        shutil.rmtree(self.registry.data)
        shutil.copytree(self.old.data, self.registry.data)
        self.registry.start()
        self.registry.import_rows(100, 200)
        self.registry.published(120)
        ended = self.registry.anybody("audit", "export", export, "--vkey", self.registry.vkey())
        self.assertEqual(ended.code, 1, str(ended))
        self.assertIn("LOG_DIFFERS", ended.error)
        print(ended.error.strip())
        earlier = os.path.join(self.registry.directory, "earlier")
        with open(earlier, "w", encoding="utf-8") as file:
            file.write(self.checkpoint)
        ended = self.registry.bureau("audit", "verify", "--earlier", earlier)
        self.assertEqual(ended.code, 1, str(ended))
        self.assertIn("earlier checkpoint of ", ended.output)
        print(ended.output.strip())
        ended = self.registry.bureau("show", f"{PREFIX}/P-30")
        self.assertEqual(ended.code, 3, str(ended))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
