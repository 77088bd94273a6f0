import sqlite3
import stat
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from productloop.foundation.errors import UsageError, WorkspaceProblem
from productloop.foundation.wording import LANGUAGES
from productloop.loop.vault import Contact, Vault

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ROWS = [("p_a", "phone", "13800138000", "import-1"), ("p_b", "email", "a@b.com", "import-1")]


@pytest.fixture
def vault(tmp_path):
    vault = Vault.open(tmp_path)
    yield vault
    vault.close()


def test_what_is_put_can_be_revealed_once_opened_again(tmp_path):
    first = Vault.open(tmp_path)
    assert first.put_many(ROWS) == 2
    first.close()
    again = Vault.open(tmp_path)
    assert again.reveal(["p_b", "p_unknown", "p_a"], "call back", NOW) == {
        "p_b": Contact("email", "a@b.com"),
        "p_a": Contact("phone", "13800138000"),
    }
    again.close()


def test_putting_twice_changes_nothing(vault):
    assert vault.put_many(ROWS) == 2
    assert vault.put_many(ROWS + ROWS) == 0
    assert vault.put_many([("p_a", "phone", "another", "import-2")]) == 0
    assert vault.reveal(["p_a"], "check", NOW)["p_a"].value == "13800138000"
    assert vault.put_many([]) == 0


def test_every_look_is_in_the_audit_even_when_nothing_is_found(vault):
    east = NOW.astimezone(timezone(timedelta(hours=8)))
    vault.reveal(["p_unknown"], "  回访 ", east)
    (row,) = vault.audit()
    assert row == (NOW, "回访", ("p_unknown",))


def test_the_audit_row_comes_before_the_detail(tmp_path, vault):
    vault.put_many(ROWS)
    with sqlite3.connect(tmp_path / "vault.db") as connection:
        connection.execute("update contacts set encrypted = x'00'")
    connection.close()
    with pytest.raises(WorkspaceProblem) as caught:
        vault.reveal(["p_a"], "check", NOW)
    assert caught.value.code == "vault_unreadable"
    assert len(vault.audit()) == 1


def test_a_look_needs_a_reason_and_a_time_zone(vault):
    with pytest.raises(UsageError) as caught:
        vault.reveal(["p_a"], " ", NOW)
    assert caught.value.code == "reveal_without_reason"
    with pytest.raises(ValueError, match="zone"):
        vault.reveal(["p_a"], "check", NOW.replace(tzinfo=None))
    assert vault.audit() == []


def test_erase(tmp_path, vault):
    vault.put_many(ROWS)
    before = (tmp_path / "vault.db").read_bytes()
    with sqlite3.connect(tmp_path / "vault.db") as connection:
        (encrypted,) = connection.execute("select encrypted from contacts where pseudonym = 'p_a'").fetchone()
    connection.close()
    assert encrypted in before
    assert vault.erase(["p_a", "p_unknown"]) == 1
    assert vault.erase(["p_a"]) == 0
    assert set(vault.reveal(["p_a", "p_b"], "check", NOW)) == {"p_b"}
    assert encrypted not in (tmp_path / "vault.db").read_bytes()
    assert vault.put_many(ROWS) == 1


def test_an_import_takes_only_what_no_other_import_gave(vault):
    vault.put_many([*ROWS, ("p_a", "phone", "13800138000", "import-2")])
    assert vault.erase_import("import-1") == 1
    assert set(vault.reveal(["p_a", "p_b"], "check", NOW)) == {"p_a"}
    assert vault.erase_import("import-2") == 1
    assert vault.erase_import("import-2") == 0


def test_many_at_once(vault):
    rows = [(f"p_{index}", "email", f"{index}@x.com", "import-1") for index in range(1200)]
    assert vault.put_many(rows) == 1200
    found = vault.reveal([row[0] for row in rows], "check", NOW)
    assert found["p_1199"] == Contact("email", "1199@x.com")
    assert vault.erase([row[0] for row in rows]) == 1200


def test_nothing_readable_stands_in_the_file(tmp_path, vault):
    vault.put_many(ROWS)
    content = (tmp_path / "vault.db").read_bytes()
    assert b"13800138000" not in content
    assert b"a@b.com" not in content


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no owner-only mode")
def test_files_are_the_owners_only(tmp_path, vault):
    vault.put_many(ROWS)
    for name in ("vault.db", "vault.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_key_from_outside_leaves_no_key_file(tmp_path):
    key = Fernet.generate_key().decode()
    vault = Vault.open(tmp_path, key)
    vault.put_many(ROWS)
    vault.close()
    assert not (tmp_path / "vault.key").exists()
    with pytest.raises(WorkspaceProblem) as caught:
        Vault.open(tmp_path)
    assert caught.value.code == "vault_key_lost"
    assert not (tmp_path / "vault.key").exists()
    again = Vault.open(tmp_path, f" {key}\n")
    assert len(again.reveal(["p_a"], "check", NOW)) == 1
    again.close()


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("Q9t5hAEXVwHOXLXvNrSZpZgn7gKfVgngdWwrcKCO3Cw=", "vault_key_wrong"),
        ("secret", "vault_key_malformed"),
        ("é" * 44, "vault_key_malformed"),
    ],
)
def test_a_wrong_key_is_said_plainly(tmp_path, vault, key, code):
    vault.put_many(ROWS)
    with pytest.raises(WorkspaceProblem) as caught:
        Vault.open(tmp_path, key)
    assert caught.value.code == code
    for language in LANGUAGES:
        sentences = " ".join(caught.value.render(language))
        assert "{" not in sentences
        assert key not in sentences


def test_a_file_that_is_no_database(tmp_path):
    Vault.open(tmp_path).close()
    (tmp_path / "vault.db").write_bytes(b"not a database, " * 100)
    with pytest.raises(WorkspaceProblem) as caught:
        Vault.open(tmp_path)
    assert caught.value.code == "vault_unreadable"


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(WorkspaceProblem) as caught:
        Vault.open(tmp_path / "missing")
    assert caught.value.code == "vault_unreadable"


def test_without_a_vault_nothing_is_kept():
    vault = Vault.none()
    assert vault.put_many(ROWS) == 0
    assert vault.reveal(["p_a"], "check", NOW) == {}
    assert vault.erase(["p_a"]) == 0
    assert vault.erase_import("import-1") == 0
    assert vault.audit() == []
    vault.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text("abc", min_size=1), st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_any_value_comes_back_as_it_went_in(vault, contacts):
    vault.erase(contacts)
    vault.put_many((pseudonym, "text", value, "import-1") for pseudonym, value in contacts.items())
    assert vault.reveal(contacts, "check", NOW) == {pseudonym: Contact("text", value) for pseudonym, value in contacts.items()}
