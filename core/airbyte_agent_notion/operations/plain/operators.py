"""The operators of short filters, by family of types, with the other names that one would try."""

import re
from collections.abc import Mapping

from ...brevity import fitting
from .columns import Unfit
from .names import did_you_mean, told

__all__ = ["FAMILIES", "RELATIVE_DAYS", "RELATIVE_RANGES", "Names", "operator_of", "wanted_range"]

Names = Mapping[str, tuple[str, ...]]
"""An operator's name, and what else it is called."""

_SAME = ("eq", "is", "=", "==", "equal", "equal_to", "equals_to", "match", "matches")
_EQUALS = (*_SAME, "in", "any", "any_of", "one_of", "is_any_of", "contains_any", "has_any")
_DIFFERS = ("ne", "neq", "!=", "<>", "is_not", "not", "not_equal", "not_equals", "nin", "not_in", "none_of", "isnt")
_HAS = ("contain", "has", "have", "include", "includes", "like", "ilike", "~", "containing")
_LACKS = ("not_contain", "not_contains", "not_has", "exclude", "excludes", "lacks", "without", "not_like")
_EMPTY: Names = {
    "is_empty": ("empty", "is_null", "null", "missing", "unset", "blank", "none"),
    "is_not_empty": ("not_empty", "is_not_null", "not_null", "exists", "filled", "present", "is_set"),
}
_ORDER = {
    "more": ("gt", ">", "more_than", "above", "over", "greater", "larger_than"),
    "least": ("gte", "ge", ">=", "at_least", "from", "min", "greater_than_or_equal", "greater_or_equal"),
    "less": ("lt", "<", "fewer_than", "below", "under", "smaller_than"),
    "most": ("lte", "le", "<=", "at_most", "up_to", "max", "less_than_or_equal", "less_or_equal"),
}

_TEXT: Names = {
    "equals": _EQUALS,
    "does_not_equal": _DIFFERS,
    "contains": _HAS,
    "does_not_contain": _LACKS,
    "starts_with": ("begins_with", "prefix", "start_with"),
    "ends_with": ("suffix", "end_with"),
    **_EMPTY,
}
_NUMBER: Names = {
    "equals": _EQUALS,
    "does_not_equal": _DIFFERS,
    "greater_than": _ORDER["more"],
    "greater_than_or_equal_to": _ORDER["least"],
    "less_than": _ORDER["less"],
    "less_than_or_equal_to": _ORDER["most"],
    "between": ("range", "within"),
    **_EMPTY,
}
_CHECKBOX: Names = {"equals": _EQUALS, "does_not_equal": _DIFFERS}
_CHOICE: Names = {
    "equals": (*_EQUALS, *_HAS, "contains"),
    "does_not_equal": (*_DIFFERS, *_LACKS, "does_not_contain"),
    **_EMPTY,
}
_MANY: Names = {
    "contains": (*_HAS, *_EQUALS, "equals"),
    "does_not_contain": (*_LACKS, *_DIFFERS, "does_not_equal"),
    "contains_all": ("all", "all_of", "has_all", "includes_all"),
    **_EMPTY,
}
_DATE: Names = {
    "equals": (*_EQUALS, "on"),
    "before": (*_ORDER["less"], "earlier_than", "less_than", "older_than"),
    "after": (*_ORDER["more"], "later_than", "greater_than", "newer_than"),
    "on_or_before": (*_ORDER["most"], "until", "till", "by", "to", "end", "less_than_or_equal_to", "before_or_on"),
    "on_or_after": (*_ORDER["least"], "since", "start", "starting", "greater_than_or_equal_to", "after_or_on"),
    "between": ("range", "within", "during"),
    **_EMPTY,
}
_VERIFICATION: Names = {"status": (*_EQUALS, "equals", "state"), "does_not_equal": _DIFFERS}

FAMILIES: Mapping[str, Names] = {
    **dict.fromkeys(("title", "rich_text", "url", "email", "phone_number"), _TEXT),
    **dict.fromkeys(("number", "unique_id"), _NUMBER),
    "checkbox": _CHECKBOX,
    **dict.fromkeys(("select", "status"), _CHOICE),
    **dict.fromkeys(("multi_select", "people", "created_by", "last_edited_by", "relation"), _MANY),
    **dict.fromkeys(("date", "created_time", "last_edited_time"), _DATE),
    "files": _EMPTY,
    "verification": _VERIFICATION,
}
"""Operators by type of property; ``between`` and ``contains_all`` are ours, and become several of Notion's."""

RELATIVE_DAYS = frozenset(
    {"today", "tomorrow", "yesterday", "one_week_ago", "one_week_from_now", "one_month_ago", "one_month_from_now"}
)
RELATIVE_RANGES = frozenset(
    {"this_week", "past_week", "past_month", "past_year", "next_week", "next_month", "next_year"}
)


def operator_of(kind: str, said: str) -> str:
    """The operator that a type of property has under this name; raises Unfit."""
    names, wanted = FAMILIES[kind], _squashed(said)
    for name, others in names.items():
        if wanted == _squashed(name) or wanted in map(_squashed, others):
            return name
    if names is _DATE and (word := wanted_range(said)):
        return word
    known = fitting(names, 50, most=12, separator=", ")
    raise Unfit(f"{kind} has no operator {told(said)}{did_you_mean(said, names)} There are: {known}")


def wanted_range(said: str) -> str | None:
    """The relative range of that name, such as ``past_week``."""
    return next((word for word in RELATIVE_RANGES if _squashed(word) == _squashed(said)), None)


def _squashed(name: str) -> str:
    return re.sub(r"[\s_$-]", "", name).lower()
