#!/usr/bin/env python3
"""Resolves identifiers from Python, through the C interface of the Gusu client library.

    resolve.py [--library libgusu_client.so.0] [--ca FILE] [--token-file FILE] SERVER IDENTIFIER...

Prints a line for each identifier: its state and values, or the reason why there is no answer. Exits with 0
when all resolve, with 1 otherwise.
"""
import argparse
import ctypes
import json
import sys


class Options(ctypes.Structure):
    _fields_ = [
        ("server", ctypes.c_char_p),
        ("ca_file", ctypes.c_char_p),
        ("token", ctypes.c_char_p),
        ("token_file", ctypes.c_char_p),
        ("plaintext", ctypes.c_int),
        ("deadline_ms", ctypes.c_int64),
    ]


class Error(ctypes.Structure):
    _fields_ = [
        ("code", ctypes.c_int),
        ("reason", ctypes.c_char_p),
        ("message", ctypes.c_char_p),
        ("metadata_json", ctypes.c_char_p),
    ]


class GusuError(Exception):
    def __init__(self, error):
        self.code = error.code
        self.reason = error.reason.decode()
        self.metadata = json.loads(error.metadata_json)
        super().__init__(f"{self.reason}: {error.message.decode()}")


class Client:
    def __init__(self, server, ca_file=None, token_file=None, library="libgusu_client.so.0"):
        self._library = ctypes.CDLL(library)
        self._library.gusu_client_open.restype = ctypes.c_void_p
        # Kept as a pointer, since the text has to be given back.
        self._library.gusu_resolve_batch.restype = ctypes.c_void_p
        options = Options(
            server=server.encode(),
            ca_file=ca_file and ca_file.encode(),
            token_file=token_file and token_file.encode(),
        )
        error = Error()
        self._client = self._library.gusu_client_open(ctypes.byref(options), ctypes.byref(error))
        if not self._client:
            raise self._taken(error)

    def resolve(self, identifiers, as_of=None):
        """A list of {"identifier", "answer"} or {"identifier", "error"}, in order."""
        texts = (ctypes.c_char_p * len(identifiers))(*[i.encode() for i in identifiers])
        error = Error()
        answer = self._library.gusu_resolve_batch(
            ctypes.c_void_p(self._client),
            texts,
            ctypes.c_size_t(len(identifiers)),
            as_of and as_of.encode(),
            ctypes.byref(error),
        )
        if not answer:
            raise self._taken(error)
        try:
            return json.loads(ctypes.string_at(answer))
        finally:
            self._library.gusu_free(ctypes.c_void_p(answer))

    def close(self):
        self._library.gusu_client_close(ctypes.c_void_p(self._client))

    def _taken(self, error):
        exception = GusuError(error)
        self._library.gusu_error_clear(ctypes.byref(error))
        return exception


def main():
    parser = argparse.ArgumentParser(description="Resolves identifiers.")
    parser.add_argument("--library", default="libgusu_client.so.0")
    parser.add_argument("--ca")
    parser.add_argument("--token-file")
    parser.add_argument("server")
    parser.add_argument("identifier", nargs="+")
    arguments = parser.parse_args()
    try:
        client = Client(
            arguments.server, arguments.ca, arguments.token_file, library=arguments.library
        )
        outcomes = client.resolve(arguments.identifier)
        client.close()
    except GusuError as error:
        sys.exit(str(error))
    for outcome in outcomes:
        if "answer" in outcome:
            if "referral" in outcome["answer"]:  # its prefix is resolved elsewhere
                print(outcome["identifier"], "REFERRED", outcome["answer"]["referral"])
                continue
            record = outcome["answer"]["record"]
            values = " ".join(
                f"{value['type']}={value.get('data', '(binary)')}" for value in record.get("values", [])
            )
            print(outcome["identifier"], record["state"], values)
        else:
            print(outcome["identifier"], outcome["error"]["reason"])
    return 0 if all("answer" in outcome for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
