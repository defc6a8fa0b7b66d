"""Calls of ``notion_execute`` as a model gets them wrong, each with what was meant by it. All from a seed.

A call is a right one (``Intent``, on the sample workspace) to which one to three ``KINDS`` of misuse are done. What the
right answer to each kind is, beside doing what was meant, stands with the kind: a ``Fix``. Nothing here comes from the
library's own repair: the words are those that models have been seen to use.
"""

from dataclasses import dataclass, field
from random import Random

import misuse_ids
import misuse_names
import misuse_values
from misuse_draft import KINDS, Draft, Fix, Kind, Misuse
from misuse_ground import INTENTS, OFTEN, Ground, Intent

_ENTERED = (misuse_ids, misuse_names, misuse_values)
"""Modules that enter kinds as they are imported."""


@dataclass
class Maker:
    """Makes misuses, seeded."""

    ground: Ground
    seed: int
    random: Random = field(init=False)

    def __post_init__(self):
        self.random = Random(self.seed)
        there = [name for name in INTENTS if name.split(".")[1] in self.ground.known.get(name.split(".")[0], {})]
        self.names = [name for name in there for _ in range(3 if name in OFTEN else 1)]

    def pick(self, among):
        return self.random.choice(among)

    def maybe(self, **params):
        return params if self.random.random() < 0.4 else {}

    def page(self):
        return self.pick([*self.ground.docs, *self.ground.rows[::9]])

    def table(self):
        return self.ground.source[self.pick(["Tasks", "Projects", "People", "Meeting notes"])]

    def base(self):
        return self.ground.database[self.pick(["Work", "People", "Meetings", "Parts store"])]

    def intent(self):
        """A right call."""
        name = self.pick(self.names)
        return Intent(*name.split("."), INTENTS[name](self))

    def call(self):
        """A wrong one."""
        while True:
            count = self.random.choices([1, 2, 3], [60, 27, 13])[0]
            kinds = self.random.choices(KINDS, [each.weight for each in KINDS], k=count)
            for _ in range(60):
                draft = Draft(self, self.intent())
                self._spoil(draft, kinds)
                if kinds[0].name in draft.kinds:
                    arguments = draft.arguments or {**draft.named, "params": draft.params}
                    return Misuse(arguments, tuple(draft.kinds), draft.accept, draft.fixes, draft.intent.write)

    def _spoil(self, draft, kinds):
        """Do to a call what of several kinds can be done to it; of names and packing one each."""
        done = set()
        for each in sorted(kinds, key=lambda each: _STAGES.index(each.stage)):
            late = each.stage != "params"
            if each.name in draft.kinds or (late and each.stage in done):
                continue
            fix = each.do(draft)
            if fix is not None:
                draft.kinds.append(each.name)
                draft.fixes.append(fix)
                done.add(each.stage)


_STAGES = ["params", "names", "packing"]


__all__ = ["INTENTS", "KINDS", "Fix", "Ground", "Intent", "Kind", "Maker", "Misuse"]
