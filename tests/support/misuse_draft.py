"""A call on its way from right to wrong, and how a kind of misuse is entered."""

from copy import deepcopy
from dataclasses import dataclass

from misuse_ground import Intent


@dataclass(frozen=True)
class Fix:
    """What an answer must hold to mend a call: of each group one, as a word; an id also as its handle."""

    groups: tuple

    @classmethod
    def of(cls, *groups):
        return cls(tuple((each,) if isinstance(each, str) else tuple(each) for each in groups))


@dataclass
class Misuse:
    """A call as it is sent. ``accept`` lists what may be made of it: nothing where only a refusal is right."""

    arguments: object
    kinds: tuple
    accept: list
    fixes: list
    write: bool


class Draft:
    """A call on its way from right to wrong."""

    def __init__(self, maker, intent):
        self.maker, self.intent = maker, intent
        self.random, self.ground = maker.random, maker.ground
        self.entity, self.action, self.params = intent.entity, intent.action, deepcopy(intent.params)
        self.accept, self.fixes, self.kinds, self.spent = [intent], [], [], set()
        self.arguments = None

    @property
    def known(self):
        """The operation's parameters, by name."""
        return self.ground.known[self.intent.entity][self.intent.action]

    @property
    def named(self):
        """Entity and action, where they are given."""
        given = {"entity": self.entity, "action": self.action}
        return {key: value for key, value in given.items() if value is not None}

    def pick(self, among):
        return self.random.choice(among)

    def free(self, test=lambda name, value: True):
        """A parameter that nothing was done to, or None."""
        names = [each for each, value in self.params.items() if each not in self.spent and test(each, value)]
        return self.pick(names) if names else None

    def rename(self, old, new):
        self.params = {new if key == old else key: value for key, value in self.params.items()}
        self.spent |= {old, new}

    def put(self, name, value):
        self.params[name] = value
        self.spent.add(name)

    def lost(self):
        """Nothing can be made of the call: only a refusal is right."""
        self.accept = []

    def otherwise(self, **changes):
        """Something near is meant: these parameters instead."""
        self.accept = [Intent(each.entity, each.action, {**each.params, **changes}) for each in self.accept]


@dataclass
class Kind:
    """A kind of misuse: ``do`` changes a draft and says the fix, or None where it does not apply."""

    name: str
    stage: str
    do: object
    weight: int = 1


KINDS: list[Kind] = []


def kind(name, stage="params", weight=1):
    """Enter a function as a kind."""

    def enter(function):
        KINDS.append(Kind(name, stage, function, weight))
        return function

    return enter


def id_kind(name):
    """What a parameter's ids are of; None if it takes none."""
    return name[:-3] if name.endswith("_id") and name not in {"property_id", "query_id", "discussion_id"} else None


def is_id(name, value):
    return id_kind(name) is not None and isinstance(value, str)


def spelled_action(entity, action):
    """The ways to name an action plainly."""
    marked = (f"{mark}{action}{mark}" for mark in "'\"`")
    return (f"{entity}.{action}", *marked, f"{action}(", f" {action},", f" {action}.", f" {action};")


def misspell(random, word):
    """A word with one slip."""
    at = random.randrange(1, len(word) - 1)
    slips = [word[:at] + word[at + 1 :], word[:at] + word[at] * 2 + word[at + 1 :]]
    if word[at] != word[at + 1]:
        slips.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    return random.choice([each for each in slips if each != word])


def camel(word):
    head, *rest = word.split("_")
    return head + "".join(each.capitalize() for each in rest)
