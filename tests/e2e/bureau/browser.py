"""A browser without scripts: cookies, pages, and forms that are sent as their page made them."""

import html.parser
import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request


class Form:
    """A form of a page: where it leads, and what it would send."""

    def __init__(self, action, method):
        self.action, self.method, self.fields = action, method, {}


class Reader(html.parser.HTMLParser):
    """The forms, links and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.links, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append(Form(attributes["action"], attributes["method"]))
        elif tag == "a":
            self.links.append(attributes["href"])
        elif tag in ("input", "textarea", "select") and self.forms:
            self.forms[-1].fields[attributes["name"]] = attributes.get("value") or ""

    def handle_data(self, data):
        self.text += data


class Answer:
    """A response, read as a page."""

    def __init__(self, response):
        self.status, self.headers, self.url = response.status, response.headers, response.url
        self.body = response.read()

    @property
    def page(self):
        return Reader(self.body.decode())


class Browser:
    def __init__(self, address):
        self.origin = f"http://{address}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path):
        return self._open(urllib.request.Request(self.origin + path))

    def send(self, answer, action, **fields):
        """The form of a page whose action begins so, with what was typed."""
        form = next(form for form in answer.page.forms if form.action.startswith(action))
        assert form.method == "post", form.method
        body = urllib.parse.urlencode({**form.fields, **fields}).encode()
        return self._open(urllib.request.Request(
            self.origin + form.action, data=body, headers={"Origin": self.origin}))

    def _open(self, request):
        try:
            with self.opener.open(request, timeout=60) as response:
                return Answer(response)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error)
