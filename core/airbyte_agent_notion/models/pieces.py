"""Pieces that Notion's objects are made of: users, parents, files, icons and rich text.

The types describe what Notion returns; the objects themselves are plain dicts, never checked or converted. Notion
adds keys and values without notice, so only ``object`` is a closed set and an unknown key is no error.

Keys come in three kinds. ``Required`` ones are always there. ``Present`` ones are in every full object, or in every
object whose ``type`` names them; a partial object (no access to more than its id) lacks them. All others may be
missing at any time and are best read with ``.get()``.
"""

from typing import TYPE_CHECKING, Literal, Required

from typing_extensions import TypedDict

if TYPE_CHECKING:
    # Type checkers let a required key be read without a check: block["paragraph"]["rich_text"].
    from typing import Required as Present
else:
    # JSON Schema and validation stay lenient.
    from typing import NotRequired as Present

__all__ = [
    "Annotations",
    "Bot",
    "BotOwner",
    "CustomEmoji",
    "Date",
    "Empty",
    "Equation",
    "File",
    "HostedFile",
    "Icon",
    "Link",
    "LinkMention",
    "Mention",
    "NativeIcon",
    "ObjectRef",
    "Parent",
    "PartialUser",
    "Person",
    "Present",
    "RichText",
    "TemplateMention",
    "Text",
    "User",
    "WorkspaceLimits",
]


class Empty(TypedDict, total=False):
    """An object without keys, Notion's ``{}``."""


class ObjectRef(TypedDict, total=False):
    """A reference to an object by its id."""

    id: Required[str]


class Link(TypedDict, total=False):
    """An address."""

    url: Present[str]


class Date(TypedDict, total=False):
    """A day or a moment, or a range of them."""

    start: Present[str]
    """ISO 8601, with or without a time."""
    end: Present[str | None]
    time_zone: Present[str | None]
    """An IANA name; where it is given, ``start`` and ``end`` carry no offset."""


class Equation(TypedDict, total=False):
    """A formula to typeset."""

    expression: Present[str]
    """KaTeX."""


class CustomEmoji(TypedDict, total=False):
    """An emoji that the workspace has added."""

    id: Required[str]
    name: Present[str]
    url: Present[str]


class PartialUser(TypedDict, total=False):
    """Who did something: only the id, to be looked up among the users."""

    object: Required[Literal["user", "group"]]
    id: Required[str]


class Person(TypedDict, total=False):
    """What a user of type ``person`` carries."""

    email: str
    """Left out when the integration may not read e-mail addresses."""
    email_verified: bool


class BotOwner(TypedDict, total=False):
    """Whose bot it is."""

    type: Required[str]
    """``user`` or ``workspace``."""
    user: Present["User"]
    workspace: Present[bool]


class WorkspaceLimits(TypedDict, total=False):
    """What the workspace's plan allows."""

    max_file_upload_size_in_bytes: Present[int]


class Bot(TypedDict, total=False):
    """What a user of type ``bot`` carries; empty for bots other than the caller's own."""

    owner: BotOwner
    workspace_id: str
    workspace_name: str | None
    workspace_limits: WorkspaceLimits


class User(PartialUser, total=False):
    """A person or a bot; inside people values also a group, which has a name only."""

    type: Present[str]
    """``person`` or ``bot``."""
    name: Present[str | None]
    avatar_url: Present[str | None]
    person: Present[Person]
    bot: Present[Bot]
    request_id: str


class Parent(TypedDict, total=False):
    """Where an object lives; ``type`` names the key that holds the id."""

    type: Required[str]
    page_id: Present[str]
    block_id: Present[str]
    database_id: Present[str]
    """Also given beside ``data_source_id``."""
    data_source_id: Present[str]
    workspace: Present[bool]
    """Always true: the top level of the workspace."""
    agent_id: Present[str]


class HostedFile(TypedDict, total=False):
    """A file that Notion stores."""

    url: Present[str]
    """Signed: works until ``expiry_time``, then read the object again."""
    expiry_time: Present[str]


class File(TypedDict, total=False):
    """A file that Notion stores, or one elsewhere."""

    type: Required[str]
    """``file`` or ``external``."""
    file: Present[HostedFile]
    external: Present[Link]


class NativeIcon(TypedDict, total=False):
    """One of Notion's own icons."""

    name: Present[str]
    color: Present[str]


class Icon(TypedDict, total=False):
    """The icon of a page, database, callout or tab."""

    type: Required[str]
    """``emoji``, ``file``, ``external``, ``custom_emoji`` or ``icon``."""
    emoji: Present[str]
    file: Present[HostedFile]
    external: Present[Link]
    custom_emoji: Present[CustomEmoji]
    icon: Present[NativeIcon]


class Annotations(TypedDict, total=False):
    """How a piece of text looks."""

    bold: Present[bool]
    italic: Present[bool]
    strikethrough: Present[bool]
    underline: Present[bool]
    code: Present[bool]
    color: Present[str]
    """A colour name, or one with ``_background``."""


class Text(TypedDict, total=False):
    """Plain text with an optional link."""

    content: Present[str]
    link: Present[Link | None]


class TemplateMention(TypedDict, total=False):
    """A mention in a template, filled in when the template is used."""

    type: Required[str]
    template_mention_date: Present[str]
    """``today`` or ``now``."""
    template_mention_user: Present[str]
    """``me``."""


class LinkMention(TypedDict, total=False):
    """A link shown with what its page says of itself."""

    href: Present[str]
    title: str
    description: str
    link_author: str
    link_provider: str
    thumbnail_url: str
    icon_url: str
    iframe_url: str
    height: float
    padding: float
    padding_top: float


class Mention(TypedDict, total=False):
    """Something named within a text; ``type`` names the key that holds it."""

    type: Required[str]
    user: Present[User]
    page: Present[ObjectRef]
    database: Present[ObjectRef]
    date: Present[Date]
    template_mention: Present[TemplateMention]
    custom_emoji: Present[CustomEmoji]
    link_preview: Present[Link]
    link_mention: Present[LinkMention]


class RichText(TypedDict, total=False):
    """A stretch of text with one look; ``type`` names the key that holds it."""

    type: Required[str]
    """``text``, ``mention`` or ``equation``."""
    text: Present[Text]
    mention: Present[Mention]
    equation: Present[Equation]
    annotations: Present[Annotations]
    plain_text: Present[str]
    """There for every type; "Untitled" for a mention of something out of reach."""
    href: Present[str | None]
