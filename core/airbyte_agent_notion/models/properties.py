"""The columns of a data source (property schemas) and what a page holds in them (property values).

How keys are marked is told in ``blocks``.
"""

from typing import Literal, Required

from typing_extensions import TypedDict

from .pieces import Date, Empty, File, ObjectRef, Present, RichText, User

__all__ = [
    "BareValue",
    "DualProperty",
    "Formula",
    "FormulaSchema",
    "Incomplete",
    "NamedFile",
    "NewOption",
    "NumberSchema",
    "Place",
    "PropertyItem",
    "PropertySchema",
    "PropertyValue",
    "RelationSchema",
    "Rollup",
    "RollupSchema",
    "SelectOption",
    "SelectSchema",
    "StatusGroup",
    "StatusSchema",
    "UniqueId",
    "UniqueIdSchema",
    "Verification",
]


class SelectOption(TypedDict, total=False):
    """An option of a select, multi-select or status column."""

    id: Required[str]
    name: Present[str]
    color: Present[str]
    description: str | None
    """In schemas only."""


class StatusGroup(TypedDict, total=False):
    """A group of status options, such as "In progress"."""

    id: Required[str]
    name: Present[str]
    color: Present[str]
    option_ids: Present[list[str]]


class NumberSchema(TypedDict, total=False):
    """Settings of a number column."""

    format: Present[str]
    """``number``, ``percent``, a currency, and so on."""


class SelectSchema(TypedDict, total=False):
    """Settings of a select or multi-select column."""

    options: Present[list[SelectOption]]


class StatusSchema(SelectSchema, total=False):
    """Settings of a status column."""

    groups: Present[list[StatusGroup]]


class FormulaSchema(TypedDict, total=False):
    """Settings of a formula column."""

    expression: Present[str]
    """Either ``prop("Name")`` syntax or Notion's internal form."""


class DualProperty(TypedDict, total=False):
    """The column at the other end of a two-way relation."""

    synced_property_id: Present[str]
    synced_property_name: Present[str]


class RelationSchema(TypedDict, total=False):
    """Settings of a relation column."""

    database_id: Present[str]
    data_source_id: Present[str]
    """The data source whose pages it relates to."""
    type: Required[str]
    """``single_property`` or ``dual_property``."""
    single_property: Present[Empty]
    dual_property: Present[DualProperty]


class RollupSchema(TypedDict, total=False):
    """Settings of a rollup column."""

    function: Present[str]
    relation_property_id: Present[str]
    """Not percent-encoded, unlike the ``id`` of a property."""
    relation_property_name: Present[str]
    rollup_property_id: Present[str]
    rollup_property_name: Present[str]


class UniqueIdSchema(TypedDict, total=False):
    """Settings of a unique id column."""

    prefix: Present[str | None]


class PropertySchema(TypedDict, total=False):
    """A column of a data source; ``type`` names the key that holds its settings."""

    id: Required[str]
    """Percent-encoded; ``title`` for the title column."""
    type: Required[str]
    name: Present[str]
    description: Present[str | None]

    title: Present[Empty]
    rich_text: Present[Empty]
    number: Present[NumberSchema]
    select: Present[SelectSchema]
    multi_select: Present[SelectSchema]
    status: Present[StatusSchema]
    date: Present[Empty]
    people: Present[Empty]
    files: Present[Empty]
    checkbox: Present[Empty]
    url: Present[Empty]
    email: Present[Empty]
    phone_number: Present[Empty]
    relation: Present[RelationSchema]
    rollup: Present[RollupSchema]
    formula: Present[FormulaSchema]
    unique_id: Present[UniqueIdSchema]
    created_time: Present[Empty]
    created_by: Present[Empty]
    last_edited_time: Present[Empty]
    last_edited_by: Present[Empty]
    last_visited_time: Present[Empty]
    button: Present[Empty]
    verification: Present[Empty]
    place: Present[Empty]
    location: Present[Empty]


class NamedFile(File, total=False):
    """A file in a files column."""

    name: Present[str]


class UniqueId(TypedDict, total=False):
    """A number that Notion gives each page of a data source."""

    prefix: Present[str | None]
    number: Present[int | None]


class Verification(TypedDict, total=False):
    """Whether a wiki page is verified, until when and by whom."""

    state: Present[str]
    """``verified``, ``expired`` or ``unverified``."""
    date: Present[Date | None]
    verified_by: Present[User | None]


class Place(TypedDict, total=False):
    """A place on the map."""

    lat: Present[float]
    lon: Present[float]
    name: str | None
    address: str | None
    aws_place_id: str | None
    google_place_id: str | None


class Formula(TypedDict, total=False):
    """Result of a formula; ``type`` names the key that holds it."""

    type: Required[str]
    """``string``, ``number``, ``boolean``, ``date`` or ``unsupported``."""
    string: Present[str | None]
    number: Present[float | None]
    boolean: Present[bool | None]
    date: Present[Date | None]
    unsupported: Present[Empty]
    """Too many related pages or nested formulas to compute; reading again does not help."""


class BareValue(TypedDict, total=False):
    """A value without the id of its property, as a rollup lists them; ``type`` names the key that holds it."""

    type: Required[str]

    title: Present[list[RichText]]
    """Truncated to 25 items in a page object."""
    rich_text: Present[list[RichText]]
    """Truncated to 25 items in a page object."""
    number: Present[float | None]
    select: Present[SelectOption | None]
    multi_select: Present[list[SelectOption]]
    status: Present[SelectOption | None]
    date: Present[Date | None]
    people: Present[list[User]]
    """Truncated to 25 items in a page object."""
    files: Present[list[NamedFile]]
    checkbox: Present[bool]
    url: Present[str | None]
    email: Present[str | None]
    phone_number: Present[str | None]
    relation: Present[list[ObjectRef]]
    """Truncated to 25 items in a page object; only here ``has_more`` tells."""
    formula: Present[Formula]
    """Evaluates at most 25 related pages."""
    unique_id: Present[UniqueId]
    created_time: Present[str]
    created_by: Present[User]
    last_edited_time: Present[str]
    last_edited_by: Present[User]
    button: Present[Empty]
    verification: Present[Verification | None]
    place: Present[Place | None]


class Rollup(TypedDict, total=False):
    """Result of a rollup; ``type`` names the key that holds it."""

    type: Required[str]
    """``number``, ``date``, ``array``, ``incomplete`` or ``unsupported``."""
    function: Present[str]
    number: Present[float | None]
    date: Present[Date | None]
    array: Present[list[BareValue]]
    incomplete: Present[Empty]
    """Until the last page of a property's items is read."""
    unsupported: Present[Empty]


class PropertyValue(BareValue, total=False):
    """What a page holds in one property; ``type`` names the key that holds the value."""

    id: Required[str]
    """Percent-encoded, as in the schema."""
    rollup: Present[Rollup]
    """Evaluates at most 25 related pages."""
    has_more: bool
    """Of a relation only: more than the 25 pages listed are related."""


class Incomplete(TypedDict):
    """A property of a page whose value lacks items, or may."""

    property: str
    """Its name."""
    reason: str


class NewOption(TypedDict):
    """An option that a row has brought into its data source: it did not exist before."""

    property: str
    """Its name."""
    option: str


class PropertyItem(TypedDict, total=False):
    """One property of a page read by itself, or one element of a title, rich text, people or relation property;
    ``type`` names the key that holds it.
    """

    object: Required[Literal["property_item"]]
    id: Present[str]
    type: Required[str]

    title: Present[RichText]
    rich_text: Present[RichText]
    people: Present[User]
    relation: Present[ObjectRef]
    number: Present[float | None]
    select: Present[SelectOption | None]
    multi_select: Present[list[SelectOption]]
    status: Present[SelectOption | None]
    date: Present[Date | None]
    files: Present[list[NamedFile]]
    checkbox: Present[bool]
    url: Present[str | None]
    email: Present[str | None]
    phone_number: Present[str | None]
    formula: Present[Formula]
    unique_id: Present[UniqueId]
    created_time: Present[str]
    created_by: Present[User]
    last_edited_time: Present[str]
    last_edited_by: Present[User]
    button: Present[Empty]
    verification: Present[Verification | None]
    place: Present[Place | None]
    request_id: str
