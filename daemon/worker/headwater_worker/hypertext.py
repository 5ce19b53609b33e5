"""marimo's Markdown and layouts as text: what they say of themselves besides HTML is the name of a class."""
import collections
import json

from . import standard

HTML_CHARACTERS_MAX = 200_000
_DEPTH_MAX = 3
_BLOCKS = frozenset("p div li tr table ul ol pre br hr h1 h2 h3 h4 h5 h6 blockquote section details summary dt dd".split())
_EMPTY = frozenset("br hr img input link meta wbr col source area".split())
_UNSEEN = frozenset(("script", "style", "svg"))
# Where marimo's elements have their text.
_ATTRIBUTES = ("data-label", "data-labels", "data-value", "data-html", "data-json-data")


def text_of(value, parts):
    """The text of one of marimo's values with these parts; None for any other value, and where there is none to be read."""
    bases = type(value).__mro__
    is_hypertext = any(base.__name__ == "Html" and base.__module__ == "marimo._output.hypertext" for base in bases)
    # An element that a person moves or fills in says what it is.
    if not is_hypertext or any(base.__name__ == "UIElement" for base in bases):
        return None
    markdown, html = parts.get("text/markdown"), parts.get("text/html")
    # Values that stand in the Markdown stand there as HTML.
    if isinstance(markdown, str) and "<marimo-" not in markdown:
        return markdown[:HTML_CHARACTERS_MAX]
    return _Reader(_DEPTH_MAX).read(html) if isinstance(html, str) else None


class _Reader:
    def __init__(self, depth):
        self._depth = depth
        self._pieces = []
        # Of each element that is open: its name, and what stands between its children.
        self._open = []
        self._counts = collections.Counter()

    def read(self, html):
        parser = standard.load("html.parser").HTMLParser()
        parser.handle_starttag = self._start
        parser.handle_startendtag = lambda tag, attributes: (self._start(tag, attributes), self._end(tag))
        parser.handle_endtag = self._end
        parser.handle_data = self._data
        parser.feed(html[:HTML_CHARACTERS_MAX])
        lines = ("  ".join(part.strip() for part in line.split("  ") if part.strip()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)

    def _start(self, tag, attributes):
        given = dict(attributes)
        style = given.get("style") or ""
        if self._open:
            self._pieces.append(self._open[-1][1])
        if tag in _BLOCKS or given.get("class") == "paragraph":
            # The children of a row stand side by side, also where they are blocks.
            self._pieces.append("" if self._is_in_row else "\n")
        self._pieces.append({"li": "- ", "td": "  ", "th": "  "}.get(tag, ""))
        if tag not in _EMPTY:
            self._open.append((tag, "  " if "flex-direction: row" in style else "\n" if "flex-direction: column" in style else ""))
            self._counts[tag] += 1
        if tag.startswith("marimo-") and tag not in ("marimo-tex", "marimo-ui-element"):
            self._element(tag, given)

    @property
    def _is_in_row(self):
        return bool(self._open) and self._open[-1][1] == "  "

    def _element(self, tag, attributes):
        texts = [text for name in _ATTRIBUTES for text in self._texts(attributes.get(name))]
        self._pieces.append("\n".join(texts) or f"[{tag.removeprefix('marimo-')}]")

    def _texts(self, source):
        try:
            found = json.loads(source) if source else None
        except ValueError:
            return
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, (str, int, float)) and not isinstance(one, bool) and self._depth:
                yield _Reader(self._depth - 1).read(str(one))

    def _end(self, tag):
        if tag in _BLOCKS:
            self._pieces.append("\n")
        # What was not closed before it ends with it.
        while self._counts[tag]:
            name, _ = self._open.pop()
            self._counts[name] -= 1
            if name == tag:
                break

    def _data(self, data):
        if any(self._counts[name] for name in _UNSEEN):
            return
        if self._counts["marimo-tex"]:
            for mark in ("||(", "||)", "||[", "||]"):
                data = data.replace(mark, "$")
        # Blanks count as one, also at both ends.
        self._pieces.append(" ".join(f"x{data}x".split())[1:-1])
