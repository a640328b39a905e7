"""A stopped server's store, read and changed behind its back with RocksDB's own `ldb`."""

import os
import subprocess


class Store:
    def __init__(self, ldb, registry):
        self.ldb, self.path = ldb, os.path.join(registry.data, "db")

    def _run(self, *arguments):
        ended = subprocess.run([self.ldb, f"--db={self.path}", "--hex", *arguments], capture_output=True,
                               text=True, check=False)
        assert ended.returncode == 0 and "Failed" not in ended.stdout, ended.stdout + ended.stderr
        return ended.stdout

    @staticmethod
    def _hex(content):
        return "0x" + content.hex().upper()

    def get(self, key):
        return bytes.fromhex(self._run("get", self._hex(key)).strip()[2:])

    def put(self, key, value):
        assert self._run("put", self._hex(key), self._hex(value)).strip() == "OK"

    def delete(self, key):
        assert self._run("delete", self._hex(key)).strip() == "OK"

    def keys(self, beginning):
        """Keys that begin so, in their order."""
        end = beginning[:-1] + bytes([beginning[-1] + 1])
        lines = self._run("scan", f"--from={self._hex(beginning)}", f"--to={self._hex(end)}", "--no_value")
        return [bytes.fromhex(line.strip()[2:]) for line in lines.splitlines() if line.startswith("0x")]

    def replace(self, key, old, new):
        """Writes `new` where `old` stands once or more in a row, which stays as long as it was."""
        value = self.get(key)
        assert old in value and len(old) == len(new), (key, value)
        self.put(key, value.replace(old, new))

    def files(self, ending):
        return sorted(name for name in os.listdir(self.path) if name.endswith(ending))

    def flip(self, name, offset):
        with open(os.path.join(self.path, name), "r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ 0x10]))
