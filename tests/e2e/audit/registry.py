"""A registry of this build on loopback, as its operator, an enterprise and an auditor have it."""

import csv
import os
import shutil
import subprocess
import tempfile
import time

START_TIME_MAX_S = 60
COMMAND_TIME_MAX_S = 300
PREFIX = "88.118.8"


class StartRefused(Exception):
    """A server that ended by itself: `code`, and the last line of its log as `text`."""

    def __init__(self, code, text):
        super().__init__(f"gusud ended with {code}: {text}")
        self.code, self.text = code, text


class Ended:
    """What a command printed, and its exit code."""

    def __init__(self, arguments, ended):
        self.arguments, self.code = arguments, ended.returncode
        self.output, self.error = ended.stdout, ended.stderr

    def __str__(self):
        return f"{' '.join(self.arguments)}\nexit code {self.code}\n{self.output}{self.error}"


class Registry:
    """One data directory and the server on it, which `close` ends. Programs are absolute paths."""

    def __init__(self, gusud, gusu, directory):
        self.gusud, self.gusu, self.directory = gusud, gusu, directory
        self.data = os.path.join(directory, "data")
        self.token_file = os.path.join(directory, "enterprise.token")
        self.log_file = os.path.join(directory, "log")
        self._server = None
        os.makedirs(directory, exist_ok=True)

    @classmethod
    def enrolled(cls, case, gusud, gusu, rows, *flags):
        """For all tests of a class `case`, in a directory of its own that goes with them: running, with an
        enterprise and so many records of it."""
        directory = tempfile.mkdtemp()
        case.addClassCleanup(shutil.rmtree, directory)
        registry = cls(gusud, gusu, directory)
        case.addClassCleanup(registry.close)
        registry.start(*flags)
        registry.enroll()
        registry.import_rows(0, rows)
        return registry

    def copy(self, directory):
        """The same registry, whose server is stopped, in a directory of its own."""
        assert self._server is None
        shutil.copytree(self.directory, directory)
        return Registry(self.gusud, self.gusu, directory)

    # -------------------------------------------------------------------------------- the server

    def start(self, *flags):
        address = os.path.join(self.data, "grpc.address")
        if os.path.exists(address):
            os.remove(address)
        with open(self.log_file, "ab") as log:
            self._server = subprocess.Popen(
                [self.gusud, "--data", self.data, "--grpc", "127.0.0.1:0", "--handle", "127.0.0.1:0",
                 "--http", "127.0.0.1:0", *flags],
                stderr=log, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_TIME_MAX_S
        while not (os.path.exists(address) and os.path.getsize(address)):
            code = self._server.poll()
            if code is not None:
                self._server = None
                raise StartRefused(code, self.log().rstrip("\n").split("\n")[-1])
            if time.monotonic() > deadline:
                raise AssertionError(f"gusud does not listen:\n{self.log()}")
            time.sleep(0.01)
        with open(address, encoding="utf-8") as file:
            self.address = file.read().strip()
        return self

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self):
        self._server.terminate()
        code = self._server.wait(START_TIME_MAX_S)
        self._server = None
        return code

    def close(self):
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    # -------------------------------------------------------------------------------- its users

    def run(self, *arguments, more=None):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GUSU_")}
        environment["XDG_CONFIG_HOME"] = os.path.join(self.directory, "config")
        command = [self.gusu, *arguments]
        return Ended(command, subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=COMMAND_TIME_MAX_S,
            env=environment, cwd=self.directory, stdin=subprocess.DEVNULL, check=False, **(more or {})))

    def bureau(self, *arguments):
        return self.run("--data", self.data, *arguments)

    def anybody(self, *arguments):
        return self.run("--server", self.address, "--ca", os.path.join(self.data, "tls", "ca.crt"), *arguments)

    def enterprise(self, *arguments):
        return self.anybody("--token-file", self.token_file, *arguments)

    @staticmethod
    def done(ended):
        """What a command printed that must have succeeded."""
        assert ended.code == 0, str(ended)
        return ended.output

    def enroll(self):
        """An enterprise with a prefix and a token."""
        claim = os.path.join(self.directory, "claim")
        self.done(self.anybody("registrant", "apply", "sz-pumps", "--name", "Suzhou Pumps",
                               "--organization-code", "91320594MA1MABCD6F", "--claim-file", claim))
        self.done(self.bureau("registrant", "approve", "sz-pumps"))
        self.done(self.bureau("prefix", "grant", PREFIX, "--registrant", "sz-pumps"))
        self.done(self.anybody("credential", "create", "--claim-file", claim, "--out", self.token_file))

    def import_rows(self, first, end):
        """Registers PREFIX/P-first up to PREFIX/P-(end - 1)."""
        path = os.path.join(self.directory, "rows.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("identifier", "template", "name", "model"))
            for number in range(first, end):
                rows.writerow((f"{PREFIX}/P-{number}", "product", "Pump", f"HP-{number}"))
        output = self.done(self.enterprise("--json", "import", path))
        assert f'"created":{end - first},' in output, output

    def published(self, leaves_min):
        """The published checkpoint, as soon as it covers so many leaves: within a second or so."""
        deadline = time.monotonic() + START_TIME_MAX_S
        while True:
            checkpoint = self.done(self.anybody("audit", "checkpoint"))
            if int(checkpoint.split("\n")[1]) >= leaves_min:
                return checkpoint
            assert time.monotonic() < deadline, checkpoint

    def vkey(self):
        with open(os.path.join(self.data, "log.vkey"), encoding="utf-8") as file:
            return file.read().strip().split("\n")[0]
