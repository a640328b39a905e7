"""The bytes of the Handle protocol (RFC 3652, version 2.11), written from its description alone and with
Python's standard library alone: nothing here is shared with the server or with our own clients."""

import dataclasses
import hashlib
import struct

PORT = 2641
PACKET_BYTES_MAX = 512
PACKET_DATA_BYTES = 492
MESSAGE_BYTES_MAX = 262_144

# Operations.
RESOLVE, SITE_INFO = 1, 2
CREATE, DELETE, ADD_VALUE, REMOVE_VALUE, MODIFY_VALUE, LIST = 100, 101, 102, 103, 104, 105
CHALLENGE_ANSWER, VERIFY_CHALLENGE = 200, 201
SESSION_SETUP = 400

# Response codes.
SUCCESS, ERROR, TOO_BUSY, PROTOCOL_ERROR, NOT_SUPPORTED = 1, 2, 3, 4, 5
HANDLE_NOT_FOUND, HANDLE_EXISTS, INVALID_HANDLE = 100, 101, 102
VALUES_NOT_FOUND, VALUE_EXISTS, INVALID_VALUE = 200, 201, 202
NOT_RESPONSIBLE = 301
INVALID_ADMIN, INSUFFICIENT_PERMISSIONS, AUTHENTICATION_NEEDED, AUTHENTICATION_FAILED = 400, 401, 402, 403
SESSION_TIMEOUT = 500

# Flags of a message's header.
AUTHORITATIVE, CERTIFY = 0x8000_0000, 0x4000_0000
RECURSIVE, CACHE_CERTIFY, CONTINUOUS = 0x1000_0000, 0x0800_0000, 0x0400_0000
PUBLIC_ONLY, RETURN_DIGEST, OVERWRITE, MINT = 0x0100_0000, 0x0080_0000, 0x0040_0000, 0x0020_0000

PUBLIC, PRIVATE = 0x0e, 0x0c  # permissions of a value
DIGESTS = {1: ("md5", 16), 2: ("sha1", 20), 3: ("sha256", 32)}


class Malformed(Exception):
    """Bytes that are not what the protocol says."""


class Reader:
    """Takes fields from the front of some bytes."""

    def __init__(self, octets):
        self.rest = octets

    def take(self, count):
        if count > len(self.rest):
            raise Malformed(f"{count} bytes wanted, {len(self.rest)} left")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def byte(self):
        return self.take(1)[0]

    def number(self):
        return int.from_bytes(self.take(4), "big")

    def octets(self):
        return self.take(self.number())

    def text(self):
        return self.octets().decode()

    def end(self):
        if self.rest:
            raise Malformed(f"{len(self.rest)} bytes too many")


def number(value):
    return struct.pack(">I", value)


def octets(value):
    value = value.encode() if isinstance(value, str) else value
    return number(len(value)) + value


def several(values, encode):
    return number(len(values)) + b"".join(map(encode, values))


@dataclasses.dataclass
class Envelope:
    """The 20 bytes before a message or a packet."""

    session_id: int = 0
    request_id: int = 0
    sequence: int = 0
    message_bytes: int = 0
    version: tuple = (2, 11)
    suggested: tuple = (2, 11)
    flags: int = 0
    SIZE = 20

    def encode(self):
        return struct.pack(">BBBBIIII", *self.version, self.flags | self.suggested[0] & 3, self.suggested[1],
                           self.session_id, self.request_id, self.sequence, self.message_bytes)

    @classmethod
    def decode(cls, octets_):
        if len(octets_) < cls.SIZE:
            raise Malformed(f"an envelope of {len(octets_)} bytes")
        major, minor, flags, suggested, *numbers = struct.unpack(">BBBBIIII", octets_[:cls.SIZE])
        return cls(*numbers, version=(major, minor), suggested=(flags & 3, suggested), flags=flags & ~3)


@dataclasses.dataclass
class Message:
    """Header, body and credential."""

    operation: int
    body: bytes = b""
    flags: int = 0
    code: int = 0  # 0: a request
    site_serial: int = 0xffff
    recursions: int = 0
    expiration_s: int = 0
    credential: bytes = b""

    def header_and_body(self):
        return struct.pack(">IIIHBBII", self.operation, self.code, self.flags, self.site_serial, self.recursions,
                           0, self.expiration_s, len(self.body)) + self.body

    def encode(self):
        return self.header_and_body() + octets(self.credential)

    @classmethod
    def decode(cls, octets_):
        reader = Reader(octets_)
        operation, code, flags, serial, recursions, _, expiration_s, body_bytes = struct.unpack(
            ">IIIHBBII", reader.take(24))
        message = cls(operation, reader.take(body_bytes), flags, code, serial, recursions, expiration_s)
        if reader.rest:
            message.credential = reader.octets()
        reader.end()
        return message

    def digest(self):
        """What an answer states of this request."""
        return hashlib.sha256(self.header_and_body()).digest()

    def split_digest(self):
        """The request's digest that this answer begins with, None without one; and the rest of its body."""
        if not self.flags & RETURN_DIGEST:
            return None, self.body
        reader = Reader(self.body)
        algorithm = reader.byte()
        if algorithm not in DIGESTS:
            raise Malformed(f"digest algorithm {algorithm}")
        return (DIGESTS[algorithm][0], reader.take(DIGESTS[algorithm][1])), reader.rest


@dataclasses.dataclass
class Value:
    """A value of a handle."""

    index: int
    type: str
    data: bytes
    permissions: int = PUBLIC
    ttl: int = 86_400
    ttl_type: int = 0
    timestamp_s: int = 0
    references: tuple = ()  # of (handle, index)

    def encode(self):
        return (struct.pack(">IIBIB", self.index, self.timestamp_s, self.ttl_type, self.ttl, self.permissions)
                + octets(self.type) + octets(self.data)
                + several(self.references, lambda reference: octets(reference[0]) + number(reference[1])))

    @classmethod
    def read(cls, reader):
        index, timestamp_s, ttl_type, ttl, permissions = struct.unpack(">IIBIB", reader.take(14))
        type_, data = reader.text(), reader.octets()
        references = tuple((reader.text(), reader.number()) for _ in range(reader.number()))
        return cls(index, type_, data, permissions, ttl, ttl_type, timestamp_s, references)


def admin_value(index, handle, key_index, permissions=0x0fff):
    """HS_ADMIN: who administers a handle, and what may be done."""
    return Value(index, "HS_ADMIN", struct.pack(">H", permissions) + octets(handle) + number(key_index))


def resolve_body(handle, indexes=(), types=()):
    return octets(handle) + several(indexes, number) + several(types, octets)


def values_body(handle, values):
    return octets(handle) + several(values, Value.encode)


def indexes_body(handle, indexes):
    return octets(handle) + several(indexes, number)


def read_values(body):
    """Of an answer to RESOLVE: the handle, and its values."""
    reader = Reader(body)
    handle = reader.text()
    values = [Value.read(reader) for _ in range(reader.number())]
    reader.end()
    return handle, values


def read_handles(body):
    """Of an answer to LIST: one page."""
    reader = Reader(body)
    handles = [reader.text() for _ in range(reader.number())]
    reader.end()
    return handles


def read_site(body):
    """HS_SITE: serial, whether primary, and servers as (id, address, public key, interfaces)."""
    reader = Reader(body)
    _, _, _, serial, flags, _ = struct.unpack(">HBBHBB", reader.take(8))
    reader.octets()
    attributes = {reader.text(): reader.text() for _ in range(reader.number())}
    servers = []
    for _ in range(reader.number()):
        identifier, address, key = reader.number(), reader.take(16), reader.octets()
        interfaces = [(reader.byte(), reader.byte(), reader.number()) for _ in range(reader.number())]
        servers.append((identifier, address, key, interfaces))
    reader.end()
    return {"serial": serial, "is_primary": bool(flags & 0x80), "attributes": attributes, "servers": servers}
