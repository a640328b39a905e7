"""Pages that the command line writes stand alone and are whole.

    python3 page_check.py FILE...

Every element is closed where it should be, nothing is fetched or run, and text is not markup.
"""

import html.parser
import sys

VOID = {"meta", "rect", "path"}  # of those that the pages have
KNOWN = VOID | {
    "html", "head", "title", "style", "body", "h1", "h2", "p", "ul", "li", "span", "table", "caption",
    "small", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption", "svg", "text", "pre",
}
ATTRIBUTES = {
    "lang", "charset", "name", "content", "class", "scope", "viewbox", "xmlns", "role", "x", "y",
    "width", "height", "d", "stroke", "text-anchor",
}
CELLS = {"th", "td"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.cells, self.columns = [], [], 0, None

    def fault(self, what):
        self.faults.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attributes):
        if tag not in KNOWN:
            self.fault(f"<{tag}> is none of a page's elements")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.fault(f"<{tag}> has the attribute {name}={value!r}")
        if tag == "table":
            self.columns = None
        if tag == "tr":
            self.cells = 0
        if tag in CELLS:
            self.cells += 1
        # <rect> holds its <title>.
        if tag not in VOID or tag == "rect":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if self.open and self.open[-1] == "rect":
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fault(f"</{tag}> closes nothing")
        if tag == "tr":
            if self.columns not in (None, self.cells):
                self.fault(f"a row of {self.cells} cells in a table of {self.columns} columns")
            self.columns = self.cells

    def handle_data(self, data):
        if self.open and self.open[-1] == "style" and ("url(" in data or "@import" in data):
            self.fault("the style fetches something")


def main():
    failed = False
    for path in sys.argv[1:]:
        page = Page()
        page.feed(open(path, encoding="utf-8").read())
        page.close()
        if page.open:
            page.faults.append(f"not closed: {page.open}")
        for fault in page.faults:
            print(f"{path}: {fault}")
        failed |= bool(page.faults)
    sys.exit(1 if failed or len(sys.argv) < 2 else 0)


if __name__ == "__main__":
    main()
