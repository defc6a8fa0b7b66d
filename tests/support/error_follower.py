"""A scripted "model" that mends a failed call by its error text alone, and knows nothing of Notion or of the library.

It sees the arguments that it sent and the text that came back, edits the call once, and sends it again. What it goes by
are cues that any reader would take, whatever the error:

- ``did you mean X``: X stands for what was quoted, or named by a path, just before, or for what is likest it;
- ``entity.action(a, b?)``: that operation takes a, which it needs, b, and if there is no ``...`` nothing else;
- ``entity.action`` after *use*, *call*, *with*, *find*, or before *shows*, *has*: go there instead where it says *use*,
  *call* or *try* and speaks of nothing to find there; otherwise make that one read call first, and take the id from the
  line of its answer that is likest what was sought, or of the sort of handle that was;
- a list of quoted words, or of plain ones after a colon: one of them belongs where the wrong value is, the likest;
- ids or handles in the text that were not in the call: choices, of which the first is taken;
- an example, ``{"page_id": "..."}``: the shape that the named parameter wants, dots being what was given; an example
  without dots is taken as it is;
- *leave out*, *omit*, *without*, *drop* a name; *exclude each other*, *not both*, *one of*: drop one of those named;
- *1 to 100*, *at least 1*, *at most 100*: a number belongs within;
- *integer*, *list*, *object*, *date*: what sort of value the named parameter wants.
"""

import json
import re
from copy import deepcopy
from difflib import SequenceMatcher

_ID = re.compile(r"\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|[a-z]{1,2}\d{9})\b")
_QUOTED = re.compile(r"(?<!\w)['\"`]([^'\"`]{1,60})['\"`](?!\w)")
_CALL = re.compile(r"\b([a-z_]+)\.([a-z_]+)(?:\(([^)]*)\))?")
_MEANT = re.compile(r"(?:did you mean|nearest|closest|similar)[^'\"`\w]*(.*?)(?:\?|;|\.\s|\.$|$)", re.IGNORECASE)
_DROP = re.compile(r"\b(?:leave out|leave|omit|without|drop|remove)\s+['\"`]?([a-z_]+)", re.IGNORECASE)
_ONE_OF = re.compile(r"exclude each other|not both|exactly one|only one|one of them|either|mutually", re.IGNORECASE)
_RANGE = re.compile(r"(?:between )?(\d+)\s*(?:to|and|-)\s*(\d+)", re.IGNORECASE)
_MOST = re.compile(r"(?:at most|less than or equal to|maximum(?: of)?|up to|<=)\s*(\d+)", re.IGNORECASE)
_LEAST = re.compile(r"(?:at least|greater than or equal to|minimum(?: of)?|>=)\s*(\d+)", re.IGNORECASE)
_LISTED = re.compile(
    r"(?:(?:there are|one of|must be|should be|options|columns|operators|entities|actions|choose)\b(?: from)?\s*:?|"
    r"\b(?:options|columns|operators|entities|actions|choices)\b[^:.'\"`]*:)\s*(?=['\"`]|\w+,|\w+ or)(.+)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:use|call|with|try|from|see|by|via|for|is|run|find|list)\s*:?\s*['\"`]?$", re.IGNORECASE)

_SHOWS = re.compile(r"\W{0,2}\s*(?:shows?|lists?|finds?|has|have|gives?|answers?|names?|tells?)\b", re.IGNORECASE)


def likeness(one, other):
    """How much two words have in common, from 0 to 1."""
    return SequenceMatcher(None, str(one).lower(), str(other).lower()).ratio()


def likest(word, among):
    """The likest to a word; the first of equals."""
    return max(among, key=lambda each: likeness(word, each), default=None)


class Follower:
    """Makes a call, and after an error one more. ``send`` takes arguments and answers ``(ok, text)``."""

    def __init__(self, send):
        self.send = send

    def run(self, arguments):
        """Whether the call, or the one that its error led to, succeeded; with what was sent and what came back."""
        ok, text = self.send(arguments)
        told = [(arguments, text)]
        if not ok:
            mended = self.mended(arguments, text)
            ok, again = self.send(mended)
            told.append((mended, again))
        return ok, told

    def mended(self, arguments, text):
        """The call as the text says that it should be."""
        call = deepcopy(arguments)
        if not isinstance(call.get("params"), dict):
            call["params"] = {}
        text = " ".join(text.split())
        steps = (self._meant, self._elsewhere, self._signature, self._dropped, self._number)
        steps += (self._example, self._chosen, self._listed, self._sort_of, self._looked_up)
        for step in steps:
            step(call, text)
        return call

    # Names

    def _meant(self, call, text):
        """Put what was meant in place of what was not."""
        for found in _MEANT.finditer(text):
            operation = _CALL.search(found[1])
            if operation and operation[0].split("(")[0] in found[1] and "." in operation[0]:
                call["entity"], call["action"] = operation[1], operation[2]
                continue
            names = _QUOTED.findall(found[1]) or re.findall(r"[\w.]+", found[1])[:1]
            wrong = self._wrong(call, text[: found.start()], names)
            if names and wrong is not None:
                _replace(call, wrong, likest(wrong, names))

    def _wrong(self, call, before, names):
        """The word of the call that a suggestion is about: quoted last, or last in a path, or else the likest."""
        said = [each for each in _words(call) if re.search(r"(?<!\w)" + re.escape(str(each)) + r"(?!\w)", before)]
        quoted = [each for each in _QUOTED.findall(before) if each in map(str, _words(call))]
        if quoted:
            return quoted[-1]
        if said:
            return max(said, key=lambda each: before.rfind(str(each)))
        return likest(names[0], map(str, _words(call))) if names else None

    def _elsewhere(self, call, text):
        """Another operation where the text says to use that instead."""
        for found in _CALL.finditer(text):
            before = text[: found.start()]
            after = text[found.end() : found.end() + 40]
            told = re.search(r"\b(?:use|call|try)\s*:?\s*['\"`]?$", before, re.IGNORECASE)
            if not told or (found[1], found[2]) == (call.get("entity"), call.get("action")):
                continue
            if re.search(r"\b(?:first|to find|to get|for (?:an?|the) id|again)\b", after):
                continue
            call["entity"], call["action"] = found[1], found[2]
            if found[3]:
                self._fit(call, found[3])
            return

    def _signature(self, call, text):
        """Names as the operation's signature has them."""
        here = (call.get("entity"), call.get("action"))
        for found in _CALL.finditer(text):
            if (found[1], found[2]) == here and found[3] is not None:
                self._fit(call, found[3], text)
                return

    def _fit(self, call, listed, text=""):
        params = call["params"]
        names = [each.strip() for each in listed.split(",") if each.strip()]
        known = {each.rstrip("?") for each in names if each.strip(".")}
        missing = [each for each in names if not each.endswith("?") and each.strip(".") and each not in params]
        closed = not any(not each.strip(".") for each in names)
        refused = [each for each in params if f"'{each}'" in text or f"`{each}`" in text or f'"{each}"' in text]
        strange = [each for each in params if each not in known and (closed or each in refused or missing)]
        for each in missing:
            if strange:
                old = likest(each, strange)
                strange.remove(old)
                call["params"] = {each if key == old else key: value for key, value in call["params"].items()}
        for each in strange:
            near = likest(each, known - set(call["params"]))
            value = call["params"].pop(each)
            if near and likeness(near, each) > 0.6:
                call["params"][near] = value

    def _dropped(self, call, text):
        """Leave out what must not be there."""
        for name in _DROP.findall(text):
            call["params"].pop(name, None)
        if _ONE_OF.search(text):
            sentence = next((each for each in re.split(r"(?<=\.)\s", text) if _ONE_OF.search(each)), text)
            named = [each for each in call["params"] if re.search(rf"\b{re.escape(each)}\b", sentence)]
            for each in named[1:]:
                del call["params"][each]
        refused = re.findall(
            r"(?:no|unknown|unexpected)(?: such)? (?:parameter|argument|key)s?:? ['\"`](\w+)['\"`]", text, re.IGNORECASE
        )
        for each in refused:
            call["params"].pop(each, None)

    # Values

    def _named(self, call, text):
        """The parameters that the text speaks of, in its order."""
        places = {each: re.search(rf"(?<![\w(]){re.escape(each)}(?!\w)", text) for each in call["params"]}
        return sorted((each for each, place in places.items() if place), key=lambda each: places[each].start())

    def _number(self, call, text):
        found, most, least = _RANGE.search(text), _MOST.search(text), _LEAST.search(text)
        for name in self._named(call, text):
            value = call["params"][name]
            if not isinstance(value, int | str) or (isinstance(value, str) and not re.fullmatch(r"\s*-?\d+\s*", value)):
                if not (found and isinstance(value, str | bool) and re.search(rf"\b{name}\b[^.;]*\d", text)):
                    continue
                value = int(found[2])
            low = int(found[1]) if found else int(least[1]) if least else 1
            high = int(found[2]) if found else int(most[1]) if most else max(low, int(value))
            if (found or most or least) and low <= high:
                call["params"][name] = max(low, min(high, int(value)))
                return

    def _example(self, call, text):
        """The shape that an example shows, for the parameter that is named nearest before it."""
        for start, example in _examples(text):
            before = text[:start]
            if not re.search(r"[a-z]", json.dumps(example)) or '"action": "describe"' in json.dumps(example):
                continue
            named = list(self._named(call, before))
            if isinstance(example, dict) and len(example) == 1 and next(iter(example)) in call["params"]:
                (key, value), *_ = example.items()
                call["params"][key] = _filled(value, call["params"][key])
                return
            if not named:
                continue
            name = max(named, key=before.rfind)
            if type(call["params"][name]) is not type(example) or _shape(call["params"][name]) != _shape(example):
                call["params"][name] = _filled(_spoken_of(example, call["params"][name]), call["params"][name])
            return

    def _chosen(self, call, text):
        """An id of those that the text lists, where the call had none, or the wrong one."""
        held = json.dumps(call)
        ids = [each for each in _ID.findall(text) if each not in held]
        if not ids:
            return
        for holder, key, value in _leaves(call["params"]):
            about = isinstance(value, str) and (value in text or str(key).endswith("id"))
            if about and (value in text or _looks_like_reference(key, value)):
                holder[key] = ids[0]
                return

    def _listed(self, call, text):
        """A word of a list in place of a wrong one that the text quotes or leads to by its path."""
        found = _LISTED.search(text)
        if found is None or _MEANT.search(text):
            return
        choices = _QUOTED.findall(found[1]) or [
            each.strip() for each in found[1].split(".")[0].split(",") if re.fullmatch(r"\s*(or |and )?\w+\s*", each)
        ]
        choices = [re.sub(r"^(or|and) ", "", each) for each in choices]
        if not choices:
            return
        before = text[: found.start()]
        wrong = [str(each) for each in _QUOTED.findall(before) if each in map(str, _words(call))]
        paths = [each for path in re.findall(r"[\w ]+(?:\.[\w ]+)+", before) for each in path.split(".")]
        wrong = wrong or [
            each for each in paths if each in map(str, _words(call["params"])) and each not in call["params"]
        ]
        if wrong and wrong[-1] not in choices:
            _replace(call, wrong[-1], likest(wrong[-1], choices))

    def _sort_of(self, call, text):
        """The sort of value that the text names."""
        for name in self._named(call, text):
            value, clause = call["params"][name], _clause(text, name)
            if re.search(r"\b(list|array)\b", clause) and not isinstance(value, list):
                call["params"][name] = [value]
            elif re.search(r"\b(integer|number)\b", clause) and not isinstance(value, int):
                digits = re.search(r"\d+", str(value)) or re.search(r"\d+", clause)
                if digits:
                    call["params"][name] = int(digits[0])
                else:
                    del call["params"][name]
            elif re.search(r"\btrue\b.*\bfalse\b|boolean", clause) and not isinstance(value, bool):
                call["params"][name] = str(value).lower() in {"true", "yes", "1", "on"}

    def _looked_up(self, call, text):
        """Make the read call that the text names, and take the id that it answers."""
        if any(each not in json.dumps(call) for each in _ID.findall(text)):
            return
        place = _blamed(call, text)
        if place is None:
            return
        holder, key, value = place
        for found in _CALL.finditer(text):
            operation = (found[1], found[2])
            told = _FIRST.search(text[: found.start()]) or _SHOWS.match(text[found.end() :])
            if operation == (call["entity"], call["action"]) or not told:
                continue
            words = [] if _ID.fullmatch(str(value)) or not value else [str(value)]
            asked = {"query": words[0]} if words else {}
            for params in (asked, *({"query": each} for each in " ".join(words).split()[:1]), {}):
                ok, answer = self.send({"entity": operation[0], "action": operation[1], "params": params})
                choice = _first_id(answer, value) if ok else None
                if choice:
                    holder[key] = choice
                    return
            return


def _words(value):
    """All names and scalar values in an argument, the outer ones first."""
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    elif value is not None:
        yield value


def _replace(holder, wrong, right):
    """Put a word in place of another, key or value, wherever it stands."""
    if isinstance(holder, dict):
        for key, value in list(holder.items()):
            if str(value) == wrong:
                holder[key] = right
            else:
                _replace(value, wrong, right)
        if wrong in holder and right not in holder:
            items = [(right if key == wrong else key, value) for key, value in holder.items()]
            holder.clear()
            holder.update(items)
    elif isinstance(holder, list):
        for at, value in enumerate(holder):
            if str(value) == wrong:
                holder[at] = right
            else:
                _replace(value, wrong, right)


def _leaves(holder):
    """Each scalar with what holds it."""
    items = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
    for key, value in list(items):
        if isinstance(value, dict | list):
            yield from _leaves(value)
        else:
            yield holder, key, value


def _looks_like_reference(key, value):
    return str(key).endswith("id") or _ID.fullmatch(value) is not None


def _blamed(call, text):
    """Where the value stands that the text complains of: quoted there, or under a name that it begins with."""
    leaves = [each for each in _leaves(call["params"]) if isinstance(each[2], str | int)]
    quoted = [each for each in leaves if len(str(each[2])) > 2 and str(each[2]) in text]
    if quoted:
        return quoted[0]
    named = [
        each for each in leaves if re.search(rf"\b{re.escape(str(each[1]))}\b", text) and str(each[1]).endswith("id")
    ]
    if named:
        return named[0]
    missing = re.search(
        r"\b(\w+_id)\b[^.;]*\b(?:required|missing|needed)|(?:required|missing|needs|give)\W+(\w+_id)\b", text
    )
    name = missing and (missing[1] or missing[2])
    return (call["params"], name, "") if name else None


def _first_id(answer, sought):
    """The id that stands in the part of an answer that is likest what was sought; without that, the first."""
    parts = [each for each in _parts(answer) if _ID.search(each)]
    if not parts:
        return None
    words = re.findall(r"[^\W\d_]{3,}", str(sought).lower())
    sort = re.match(r"[a-z]{1,2}(?=\d{9}$)", str(sought))
    alike = [each for each in parts if sort and any(re.match(sort[0] + r"\d", one) for one in _ID.findall(each))]
    best = max(alike or parts, key=lambda each: sum(word in each.lower() for word in words))
    found = _ID.findall(best)
    return next((each for each in found if alike and re.match(sort[0] + r"\d", each)), found[0])


def _parts(answer):
    """The lines of an answer, or of JSON its items."""
    try:
        found = json.loads(answer)
    except ValueError:
        return answer.splitlines()
    items = (
        next((each for each in found.values() if isinstance(each, list)), [found]) if isinstance(found, dict) else found
    )
    return [json.dumps(each) for each in items]


def _examples(text):
    """JSON objects and lists that stand in a text, with where they begin."""
    text = text.replace("[...]", '["..."]')
    decoder, at = json.JSONDecoder(), 0
    while (found := re.search(r"[\[{]", text[at:])) is not None:
        start = at + found.start()
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError:
            at = start + 1
            continue
        if value:
            yield start, value
        at = end


def _shape(value):
    """The names of an object, or of the first in a list."""
    if isinstance(value, list):
        return ("list", _shape(value[0]) if value else None)
    return tuple(value) if isinstance(value, dict) else type(value).__name__


def _spoken_of(example, given):
    """Of an example's entries those that what was given speaks of, where it is words; all if it speaks of none."""
    if not isinstance(given, str):
        return example
    if isinstance(example, list):
        kept = [each for each in example if any(str(word) in given for word in _words(each))]
        return kept or example
    return {key: value for key, value in example.items() if key in given} or example


def _filled(example, given):
    """An example with what was given in place of its dots; as it is where it has none."""
    while (isinstance(given, dict) and len(given) == 1) or (isinstance(given, list) and len(given) == 1):
        given = next(iter(given.values())) if isinstance(given, dict) else given[0]
    if isinstance(given, dict):
        words = [each for _, _, each in _leaves(given) if isinstance(each, str)]
        given = next((each for each in words if _ID.search(each)), words[-1] if words else given)

    def fill(value):
        if isinstance(value, dict):
            return {key: fill(each) for key, each in value.items()}
        if isinstance(value, list):
            return [fill(each) for each in value]
        return given if value == "..." else value

    return fill(example)


def _clause(text, name):
    found = re.search(rf"\b{re.escape(name)}\b([^;.]*)", text)
    return found[1] if found else ""


__all__ = ["Follower", "likeness", "likest"]
