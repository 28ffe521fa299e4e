"""Settings of a review and of the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from libreview.disk import places, settings
from libreview.disk.settings import ReviewSettings
from libreview.words.errors import Refused, ReviewError, Wrong


def write(root: Path, text: str) -> Path:
    (root / settings.FILE).write_bytes(text.encode())
    return root


def test_a_new_review_reads_back(tmp_path: Path) -> None:
    wanted = ReviewSettings('Kota "kembar"\\', "Why?\n", "id", "mla", ("catatan", "notes"), ("todo", "a#b"))
    (tmp_path / settings.FILE).write_bytes(settings.new_review(wanted).content)
    assert settings.of_review(tmp_path) == (wanted, ())


@pytest.mark.parametrize(
    ("text", "code", "subject"),
    [
        ('title = "x"\nhook = "rm"\n', "setting-unknown", "hook"),
        ('title = "x"\nstyle = "ieee"\n', "setting-misspelt", "style"),
        ("title = \n", "setting-broken", ""),
        ("title = 3\n", "setting-broken", "title"),
        ('notes = "notes"\n', "setting-broken", "notes"),
        ('notes = ["../other"]\n', "setting-broken", "notes"),
        ("a." * 4000 + "a = 1\n", "setting-broken", ""),
        ("a = " + "[" * 9000, "setting-broken", ""),
        ("title = \x00", "setting-broken", ""),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_the_default_holds(
    tmp_path: Path, text: str, code: str, subject: str
) -> None:
    found, problems = settings.of_review(write(tmp_path, text))
    assert found.notes == ("notes",)
    assert [(one.code, one.subject) for one in problems] == [(code, subject)]


def test_setting_a_key_touches_its_line_only() -> None:
    data = b'# mine\r\ntitle = "old" # why\r\n\r\nlanguage = "en"\r\n'
    edit = settings.set_review(data, "language", "id")
    assert (
        data[: edit.start] + edit.new + data[edit.end :] == b'# mine\r\ntitle = "old" # why\r\n\r\nlanguage = "id"\r\n'
    )


def test_a_key_that_is_not_there_is_added() -> None:
    data = b'title = "x"'
    edit = settings.set_review(data, "ignore-tags", "todo, later")
    assert data[: edit.start] + edit.new + data[edit.end :] == b'title = "x"\nignore-tags = ["todo", "later"]\n'


def test_a_value_over_several_lines_is_left_to_the_user() -> None:
    with pytest.raises(Refused):
        settings.set_review(b'notes = [\n  "notes",\n]\n', "notes", "papers")


def test_an_unknown_key_is_a_wrong_use() -> None:
    with pytest.raises(Wrong):
        settings.set_review(b"", "editor", "vi")


def test_the_users_settings_are_written_and_read() -> None:
    assert settings.of_user().coder == ""
    assert settings.user_change("coder", "nadia") == (places.user_file(), None, b'coder = "nadia"\n')
    assert not places.user_file().exists()
    settings.set_user("coder", "nadia")
    settings.set_user("language", "id")
    settings.set_user("coder", "rina")
    assert (settings.of_user().coder, settings.of_user().language) == ("rina", "id")
    assert places.user_file().read_text(encoding="utf-8") == 'coder = "rina"\nlanguage = "id"\n'


def test_a_broken_user_file_is_named(tmp_path: Path) -> None:
    places.user_file().write_text("coder = ", encoding="utf-8")
    with pytest.raises(ReviewError, match=r"config\.toml"):
        settings.of_user()


def test_the_nearest_review_upwards_counts(tmp_path: Path) -> None:
    write(tmp_path, "")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert settings.find_root(tmp_path / "a" / "b") == tmp_path
    assert settings.find_root(Path("/")) is None
