"""Text that is shown as Markdown."""


class Markdown:
    """Text that is shown as Markdown; where that cannot be shown, it is the text."""

    __module__ = "headwater"

    def __init__(self, text: object) -> None:
        self.text = str(text)

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text
