"""Sealing and opening, the keys of the environment, and the key file."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from airbyte_agent_notion.errors import ConfigurationError
from airbyte_agent_notion_gateway.key_file import FileKeyring
from airbyte_agent_notion_gateway.vault import (
    EnvironmentKeyring,
    MissingKey,
    Place,
    Sealed,
    VaultError,
    new_key,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
HERE = Place(table="connectors", row="1")


def encoded(key):
    return base64.b64encode(key.secret).decode()


def ring(*keys):
    return EnvironmentKeyring(SecretStr(",".join(f"{key.id}:{encoded(key)}" for key in keys)))


class TestSealing:
    @pytest.mark.parametrize("text", ["", "x", "Ä🙂\0", "long" * 10_000])
    def test_what_is_sealed_opens(self, text):
        key = new_key()
        sealed = key.seal(text, place=HERE)
        assert sealed.key_id == key.id
        assert ring(key).open(sealed, place=HERE) == text

    def test_the_same_text_never_looks_the_same(self):
        key = new_key()
        assert len({key.seal("x", place=HERE).ciphertext for _ in range(50)}) == 50

    @pytest.mark.parametrize(
        "elsewhere",
        [
            Place(table="oauth_apps", row="1"),
            Place(table="connectors", row="2"),
            Place(table="connectors", row="1", column="other"),
            Place(table="connectors\0ciphertext", row="1", column=""),
        ],
    )
    def test_it_opens_in_its_place_only(self, elsewhere):
        key = new_key()
        sealed = key.seal("x", place=HERE)
        with pytest.raises(VaultError, match="does not open") as refused:
            key.open(sealed, place=elsewhere)
        assert refused.value.details["table"] == elsewhere.table

    def test_not_a_bit_may_change(self):
        key = new_key()
        sealed = key.seal("secret", place=HERE)
        for position in range(len(sealed.ciphertext)):
            changed = bytearray(sealed.ciphertext)
            changed[position] ^= 1
            with pytest.raises(VaultError):
                key.open(Sealed(key_id=key.id, ciphertext=bytes(changed)), place=HERE)
        for cut in (b"", sealed.ciphertext[:5], sealed.ciphertext[:-1]):
            with pytest.raises(VaultError):
                key.open(Sealed(key_id=key.id, ciphertext=cut), place=HERE)

    def test_another_key_does_not_open_it(self):
        key, other = new_key(), new_key()
        sealed = key.seal("x", place=HERE)
        with pytest.raises(VaultError):
            other.open(sealed, place=HERE)

    def test_nothing_shows_in_repr(self):
        key = new_key()
        sealed = key.seal("canary-text", place=HERE)
        shown = f"{key!r} {sealed!r}"
        assert "canary-text" not in shown
        assert repr(key.secret) not in shown


class TestEnvironment:
    def test_the_first_is_the_newest(self):
        new, old = new_key(), new_key()
        keys = ring(new, old)
        assert keys.newest() == new.id
        assert list(keys.current()) == [new.id, old.id]

    def test_both_forms_of_base64_and_no_padding(self):
        text = base64.urlsafe_b64encode(b"\xfb\xff" * 16).decode().rstrip("=")
        keys = EnvironmentKeyring(SecretStr(f" a:{text} , b:{base64.b64encode(b'x' * 32).decode()} "))
        assert keys.key("a").secret == b"\xfb\xff" * 16
        assert keys.key("b").secret == b"x" * 32

    def test_a_key_that_is_missing_is_named(self):
        with pytest.raises(MissingKey, match=r"'k9'.*NOTION_GATEWAY_KEYS"):
            ring(new_key()).key("k9")
        with pytest.raises(MissingKey):
            ring(new_key()).require("k9")

    @pytest.mark.parametrize(
        "setting",
        [
            "canarycanary",
            "a:canary",
            "a:" + "canary" * 10,
            f"a b:{'A' * 43}",
            f":{'A' * 43}",
            f"a:{'A' * 43},a:{'B' * 43}",
            f"a:{'A' * 43},",
            f"{'i' * 65}:{'A' * 43}",
            f"a:{'é' * 43}",
        ],
    )
    def test_what_is_no_key_is_refused_and_not_shown(self, setting):
        with pytest.raises(ConfigurationError, match="NOTION_GATEWAY_KEYS") as refused:
            EnvironmentKeyring(SecretStr(setting))
        assert not any(part in str(refused.value) for part in ("canary", "AAAA", "BBBB", "éé"))


class TestFile:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "data" / "keys.json"

    def test_it_is_made_once_for_its_owner(self, path):
        key = new_key()
        assert FileKeyring(path).create(now=NOW, key=key)
        assert not FileKeyring(path).create(now=NOW, key=new_key())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert json.loads(path.read_text()) == {
            "keys": [{"id": key.id, "key": encoded(key), "created": NOW.isoformat()}]
        }
        assert FileKeyring(path).key(key.id) == key

    def test_of_many_one_makes_it(self, path):
        with ThreadPoolExecutor(20) as pool:
            made = list(pool.map(lambda _: FileKeyring(path).create(now=NOW, key=new_key()), range(20)))
        assert made.count(True) == 1
        assert sorted(each.name for each in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
    def test_a_file_that_others_may_read_is_refused(self, path, mode):
        keys = FileKeyring(path)
        keys.create(now=NOW, key=new_key())
        keys.keys()
        path.chmod(mode)
        with pytest.raises(ConfigurationError, match=f"chmod 600 {path}"):
            keys.keys()

    def test_a_change_is_seen_and_an_old_key_remembered(self, path):
        old, new = new_key(), new_key()
        running, changing = FileKeyring(path), FileKeyring(path)
        changing.create(now=NOW, key=old)
        assert running.newest() == old.id
        with changing.locked():
            changing.add(new, now=NOW)
        assert list(running.current()) == [new.id, old.id]
        with changing.locked():
            assert changing.drop([old.id, "never"]) == (old.id,)
            assert changing.drop([old.id]) == ()
        assert list(running.current()) == [new.id]
        assert running.key(old.id) == old
        with pytest.raises(MissingKey):
            running.require(old.id)
        with pytest.raises(MissingKey, match=str(path)):
            FileKeyring(path).key(old.id)

    def test_an_unknown_key_makes_it_look_again(self, path):
        old, new = new_key(), new_key()
        running, changing = FileKeyring(path), FileKeyring(path)
        changing.create(now=NOW, key=old)
        running.current()
        changing.add(new, now=NOW)
        assert running.key(new.id) == new

    def test_what_a_killed_process_left_is_cleared(self, path, stops):
        keys = FileKeyring(path)
        keys.create(now=NOW, key=new_key())
        stops.at("keys.written")
        with pytest.raises(stops.Stopped):
            keys.add(new_key(), now=NOW)
        assert len(keys.keys()) == 1
        left = list(path.parent.glob(".keys.json.*"))
        assert [stat.S_IMODE(each.stat().st_mode) for each in left] == [0o600]
        stops.nowhere()
        keys.add(new_key(), now=NOW)
        assert list(path.parent.glob(".keys.json.*")) == []

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff",
            b"[]",
            b"{}",
            b'{"keys": []}',
            b'{"keys": {}}',
            b'{"keys": [1]}',
            b'{"keys": [{"id": "a"}]}',
            b'{"keys": [{"id": "a", "key": "canary"}]}',
        ],
    )
    def test_a_file_with_something_else(self, path, content):
        path.parent.mkdir()
        path.touch(mode=0o600)
        path.write_bytes(content)
        with pytest.raises(ConfigurationError, match="keys") as refused:
            FileKeyring(path).current()
        assert "canary" not in f"{refused.value} {refused.value.__cause__}"

    def test_a_file_that_is_not_there(self, path):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            FileKeyring(path).current()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
    def test_a_file_that_may_not_be_read(self, path):
        FileKeyring(path).create(now=NOW, key=new_key())
        path.chmod(0o000)
        with pytest.raises(ConfigurationError, match="cannot be read"):
            FileKeyring(path).current()
