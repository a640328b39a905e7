"""What does not hold, and the forms that several texts share."""

import base64
import binascii
import re


class Fault(Exception):
    """Something is not what it has to be; the text says what and where."""


def number(text, what):
    """A decimal number below 2^64 in its one form."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,19}", text) or int(text) >= 2**64:
        raise Fault(f"{what} is no number: {text[:40]!r}")
    return int(text)


def base64_bytes(text, what):
    """Standard base64 in its one form."""
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Fault(f"{what} is not base64: {text[:60]!r}") from None
    if base64.b64encode(content).decode() != text:
        raise Fault(f"{what} is not base64 in its one form: {text[:60]!r}")
    return content


def read(path, bytes_max):
    """A file that may be no longer."""
    try:
        with open(path, "rb") as file:
            content = file.read(bytes_max + 1)
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}") from None
    if len(content) > bytes_max:
        raise Fault(f"{path} has more than {bytes_max} bytes")
    return content
