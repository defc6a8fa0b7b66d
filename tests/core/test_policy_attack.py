"""Two thousand calls that try to get outside the allowed roots. None gets through; without roots nearly all do."""

import pytest
from attack import Attack, Target, with_roots

from airbyte_agent_notion import Policy

pytestmark = pytest.mark.thorough

CALLS = 2_000

HARMLESS = {"users.list", "users.get", "users.get_me", "custom_emojis.list", "file_uploads.list"}
"""What has no place in the workspace: no call of these leads anywhere."""
NEVER_THERE = {"file_uploads.get", "file_uploads.complete", "async_tasks.get", "files.get"}
"""They name no page or table, or a file that is in none: not found."""


@pytest.mark.parametrize("policy", [Policy.full(), Policy.write(), Policy.read_only()], ids=["full", "write", "read"])
def test_no_call_gets_outside_the_roots(policy):
    target = Target()
    attack = Attack(target, with_roots(policy, target), seed=5)
    outside = target.state()
    attack.run(CALLS if policy == Policy.full() else CALLS // 4)
    assert attack.breached == {}
    assert target.state() == outside
    assert sum(attack.tried.values()) >= CALLS // 4
    if policy == Policy.full():
        assert {each.spec.name for each in attack.attacker.every} == set(attack.tried)
        assert sum(attack.refused.values()) > CALLS / 2


def test_without_roots_the_same_calls_get_out_and_are_noticed():
    target = Target()
    attack = Attack(target, Policy.full(), seed=5)
    attack.run(CALLS)
    tried = {each.spec.name for each in attack.attacker.every}
    assert tried - set(attack.breached) <= HARMLESS | NEVER_THERE
    assert sum(attack.breached.values()) > CALLS / 2
