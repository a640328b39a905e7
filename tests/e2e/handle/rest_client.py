"""A client of the Handle JSON API, as those of the field are: one connection that is kept, Basic authentication
with an identity and its secret percent-encoded, and records that are read before they are changed."""

import base64
import http.client
import json
import ssl
import urllib.parse
import uuid

PERMISSIONS = "011111110011"  # of an administrator, where nothing else is said
RESERVED_FOR_ADMINISTRATORS = range(100, 200)


class NotFound(Exception):
    """No such handle."""


class AlreadyExists(Exception):
    """The handle that was to be created."""


class NotAuthenticated(Exception):
    """The server does not believe, or wants to know, who asks."""


class Refused(Exception):
    """Any other answer: `status` of HTTP, and the answer's JSON as `answer`."""

    def __init__(self, status, answer):
        super().__init__(f"{status} {answer}")
        self.status, self.answer = status, answer


class RestClient:
    """One server; `identity` as 300:88.118.8/ADMIN. Without one it only reads."""

    def __init__(self, address, ca_file=None, identity=None, secret=None, owner=None):
        host, port = address.rsplit(":", 1)
        if ca_file is None:
            self._connection = http.client.HTTPConnection(host, int(port), timeout=20)
        else:
            context = ssl.create_default_context(cafile=ca_file)
            self._connection = http.client.HTTPSConnection(host, int(port), timeout=20, context=context)
        self._authorization, self._owner = None, owner
        if identity is not None:
            self._authorization = self.basic(identity, secret)
            try:
                self._must_exist(identity.split(":", 1)[1])
            except Exception:
                self.close()
                raise

    @staticmethod
    def basic(identity, secret):
        words = f"{urllib.parse.quote(identity)}:{urllib.parse.quote(secret)}"
        return "Basic " + base64.b64encode(words.encode()).decode()

    def close(self):
        self._connection.close()

    def _must_exist(self, handle):
        status, answer = self.get(handle)
        if status == 404:
            raise NotFound(handle)
        if status != 200 or answer["responseCode"] != 1 or answer["handle"] != handle:
            raise Refused(status, answer)

    # ----------------------------------------------------------------------------------- requests

    def send(self, method, target, headers=None, body=None):
        """Status, headers and body of the answer."""
        self._connection.request(method, target, body, headers or {})
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()

    @staticmethod
    def target(handle, indexes=(), overwrite=None):
        parameters = [f"index={index}" for index in indexes]
        if overwrite is not None:
            parameters.append(f"overwrite={'true' if overwrite else 'false'}")
        query = "?" + "&".join(parameters) if parameters else ""
        return f"/api/handles/{urllib.parse.quote(handle)}{query}"

    def get(self, handle, indexes=()):
        status, _, body = self.send("GET", self.target(handle, indexes), {"Accept": "application/json"})
        return status, json.loads(body)

    def put(self, handle, values, indexes=(), overwrite=False):
        headers = {"Content-Type": "application/json"}
        if self._authorization is not None:
            headers["Authorization"] = self._authorization
        return self._written(*self.send("PUT", self.target(handle, indexes, overwrite), headers,
                                        json.dumps({"values": values})))

    def delete(self, handle, indexes=()):
        headers = {} if self._authorization is None else {"Authorization": self._authorization}
        return self._written(*self.send("DELETE", self.target(handle, indexes), headers))

    @staticmethod
    def _written(status, _, body):
        answer = json.loads(body)
        if status == 401 or answer["responseCode"] in (402, 403):
            raise NotAuthenticated(answer)
        if status == 404 and answer["responseCode"] == 100:
            raise NotFound(answer["handle"])
        if status == 409 and answer["responseCode"] == 101:
            raise AlreadyExists(answer["handle"])
        if status not in (200, 201) or answer["responseCode"] != 1:
            raise Refused(status, answer)
        return status, answer["handle"]

    # ------------------------------------------------------------------------------------ records

    def record(self, handle):
        """The values as the server has them; None: no such handle."""
        status, answer = self.get(handle)
        if status == 404 and answer["responseCode"] == 100:
            return None
        if status != 200 or answer["handle"] != handle:
            raise Refused(status, answer)
        return answer["values"]

    def value(self, handle, key):
        """Of the first value of this type; None: there is none."""
        values = self.record(handle)
        if values is None:
            raise NotFound(handle)
        return next((value["data"]["value"] for value in values if value["type"] == key), None)

    @staticmethod
    def _free_index(values, is_url=False, is_administrator=False):
        taken = {int(value["index"]) for value in values}
        if is_administrator:
            return next(index for index in RESERVED_FOR_ADMINISTRATORS if index not in taken)
        taken |= set(RESERVED_FOR_ADMINISTRATORS) | (set() if is_url else {1})
        index = 1
        while index in taken:
            index += 1
        return index

    def _administrator(self, handle):
        """As clients name one: the owner that they were given, or the prefix's own handle, with its index as text."""
        index, administrator = (self._owner.split(":", 1) if self._owner is not None
                                else ("200", "0.NA/" + handle.split("/", 1)[0]))
        return {"handle": administrator, "index": index if self._owner is None else int(index),
                "permissions": PERMISSIONS}

    def register(self, handle, overwrite=False, **types):
        """What the server calls the handle. Looks first whether it is there, as clients do."""
        if not overwrite and self.record(handle) is not None:
            raise AlreadyExists(handle)
        values = [{"index": self._free_index([], is_administrator=True), "type": "HS_ADMIN",
                   "data": {"format": "admin", "value": self._administrator(handle)}}]
        for key, data in types.items():
            values.append({"index": self._free_index(values, is_url=key == "URL"), "type": key, "data": data})
        return self.put(handle, values, overwrite=overwrite)[1]

    def generate(self, prefix, **types):
        return self.register(f"{prefix}/{uuid.uuid4()}", overwrite=True, **types)

    def modify(self, handle, **types):
        """Changes values, and adds those that are not there: only what changes is sent."""
        values = self.record(handle)
        if values is None:
            raise NotFound(handle)
        changed = []
        for key, data in types.items():
            value = next((value for value in values if value["type"] == key), None)
            if value is None:
                value = {"index": self._free_index(values + changed, is_url=key == "URL"), "type": key}
            else:
                value.pop("timestamp")
            value["data"] = data
            changed.append(value)
        return self.put(handle, changed, [value["index"] for value in changed], overwrite=True)[1]

    def delete_values(self, handle, *types):
        """None when there is nothing to be deleted."""
        values = self.record(handle)
        if values is None:
            raise NotFound(handle)
        indexes = [value["index"] for value in values if value["type"] in types]
        return self.delete(handle, indexes)[1] if indexes else None
