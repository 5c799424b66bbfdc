"""The fields of a form on a page."""

from html.parser import HTMLParser


class Fields(HTMLParser):
    """Reads what a browser would send of one form as it stands.

    The form is the one with all the attributes that are given, such as `id`.
    """

    def __init__(self, page: str, **form: str) -> None:
        super().__init__()
        self.form = form
        self.sent: list[tuple[str, str]] = []
        self.inside, self.select, self.area = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = self.form.items() <= given.items()
        elif self.inside and tag in ("select", "textarea"):
            setattr(self, "select" if tag == "select" else "area", given["name"])
        elif self.inside and (tag, "selected" in given) == ("option", True):
            self.sent.append((self.select, given["value"]))
        elif self.inside and tag == "input" and self.sends(given):
            self.sent.append((given["name"], given.get("value", "")))

    def sends(self, given: dict[str, str]) -> bool:
        box = given.get("type") in ("checkbox", "radio")
        return "name" in given and (not box or "checked" in given)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent.append((self.area, data.lstrip("\r\n")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        self.area = ""
