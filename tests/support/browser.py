"""A browser for tests: follows redirects, keeps cookies, reads a page, presses its buttons and links."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

__all__ = ["Browser", "Form", "Page", "read"]


@dataclass
class Form:
    """A form: where it goes, its hidden fields, and its buttons by their text."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str] | None] = field(default_factory=dict)


@dataclass
class Page:
    """What is to be seen and pressed."""

    title: str = ""
    text: str = ""
    tags: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._within: list[str] = []
        self._said = ""
        self._pressed: tuple[str, str] | None = None
        self._target = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.page.tags.append(tag)
        if tag == "form":
            self.page.forms.append(Form(given.get("action", ""), given.get("method", "get").upper()))
        elif tag == "input":
            self.page.forms[-1].fields.append((given["name"], given.get("value", "")))
            return
        elif tag in ("button", "a"):
            self._said = ""
            self._pressed = (given["name"], given.get("value", "")) if "name" in given else None
            self._target = given.get("href", "")
        if tag not in ("meta", "link", "br", "hr", "img"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self.page.forms[-1].buttons[self._said.strip()] = self._pressed
        elif tag == "a":
            self.page.links[self._said.strip()] = self._target
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._said += data
        if "title" in self._within:
            self.page.title += data
        elif "style" not in self._within:
            self.page.text += data


def read(html: str) -> Page:
    """A page as a person sees it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.text = " ".join(reader.page.text.split())
    return reader.page


class Browser:
    """One person's browser: ``response`` is the last answer, ``visited`` every address asked for, redirects too."""

    def __init__(self) -> None:
        self.client = httpx.Client(timeout=30, follow_redirects=True, trust_env=False)
        self.visited: list[str] = []
        self.response: httpx.Response
        self.page: Page

    def go(self, url: str) -> Page:
        return self._took(self.client.get(url))

    def press(self, label: str) -> Page:
        """Press the button or the link of that text."""
        here = str(self.response.url)
        if label in self.page.links:
            return self.go(urljoin(here, self.page.links[label]))
        form = next(each for each in self.page.forms if label in each.buttons)
        pressed = form.buttons[label]
        fields = dict([*form.fields, *([pressed] if pressed else [])])
        target = urljoin(here, form.action)
        if form.method == "GET":
            return self._took(self.client.get(target, params=fields))
        return self._took(self.client.post(target, data=fields))

    def _took(self, response: httpx.Response) -> Page:
        self.visited += [str(each.url) for each in (*response.history, response)]
        self.response = response
        self.page = read(response.text)
        return self.page

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.close()
