from __future__ import annotations

import json
from pathlib import Path

import pytest

from workforce_sim.report import folder as room
from workforce_sim.report.folder import MANIFEST, PROGRAM, check_writable, output_folder
from workforce_sim.scenario.errors import InputError


def write(folder: Path, text: str) -> None:
    (folder / "tables").mkdir()
    (folder / "tables" / "ratios.csv").write_text(text, encoding="utf-8")
    manifest = {"program": PROGRAM, "files": [{"path": "tables/ratios.csv"}]}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def earlier(tmp_path):
    folder = tmp_path / "outputs" / "阳城"
    with output_folder(folder) as work:
        write(work, "earlier")
    return folder


def text_in(folder: Path) -> str:
    return (folder / "tables" / "ratios.csv").read_text(encoding="utf-8")


def names_beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def refused(folder: Path) -> str:
    with pytest.raises(InputError) as error:
        check_writable(folder)
    [problem] = error.value.problems
    assert problem.file == str(folder.resolve())
    return problem.message


def test_a_new_output_takes_the_place_of_the_earlier_one(earlier):
    check_writable(earlier)
    assert text_in(earlier) == "earlier"
    with output_folder(earlier) as work:
        write(work, "new")
        assert text_in(earlier) == "earlier"
    assert text_in(earlier) == "new"
    assert names_beside(earlier) == ["阳城"]


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failed_or_interrupted_write_leaves_the_earlier_output(earlier, failure):
    with pytest.raises(failure), output_folder(earlier) as work:
        write(work, "half")
        raise failure
    assert text_in(earlier) == "earlier"
    assert names_beside(earlier) == ["阳城"]


def test_a_full_disk_is_one_clear_message(earlier):
    with pytest.raises(InputError, match="No space left"), output_folder(earlier):
        raise OSError(28, "No space left on device")
    assert text_in(earlier) == "earlier"


def test_a_swap_that_fails_halfway_is_undone(earlier, monkeypatch):
    def fail(self, target):
        if "unfinished" in self.name:
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    real = Path.rename
    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(InputError, match="Excel"), output_folder(earlier) as work:
        write(work, "new")
    assert text_in(earlier) == "earlier"
    assert names_beside(earlier) == ["阳城"]


def test_a_file_open_elsewhere_is_noticed_before_the_run(earlier, monkeypatch):
    """Windows refuses to rename a folder in which a file is open."""

    def fail(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", fail)
    assert "open in another program" in refused(earlier)


@pytest.mark.parametrize("new_is_there", [False, True])
def test_a_process_killed_during_the_swap_loses_nothing(earlier, new_is_there):
    earlier.rename(room._previous(earlier))
    if new_is_there:
        earlier.mkdir()
        write(earlier, "new")
    check_writable(earlier)
    assert text_in(earlier) == ("new" if new_is_there else "earlier")
    assert names_beside(earlier) == ["阳城"]


def test_a_folder_of_somebody_else_is_never_replaced(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "thesis.docx").write_text("years of work", encoding="utf-8")
    assert "no earlier output" in refused(folder)
    (folder / MANIFEST).write_text('{"name": "a web app"}', encoding="utf-8")
    assert "no earlier output" in refused(folder)
    with pytest.raises(InputError), output_folder(folder) as work:
        write(work, "new")
    assert (folder / "thesis.docx").exists()


def test_a_file_put_into_our_output_is_named_and_kept(earlier):
    (earlier / "tables" / "笔记.xlsx").write_text("notes", encoding="utf-8")
    (earlier / "Thumbs.db").write_text("", encoding="utf-8")
    message = refused(earlier)
    assert "tables/笔记.xlsx" in message and "Thumbs.db" not in message
    assert (earlier / "tables" / "笔记.xlsx").exists()


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    assert "file of this name" in refused(tmp_path / "out")
    assert "cannot be written" in refused(tmp_path / "out" / "deeper")


def test_checking_creates_nothing(tmp_path):
    check_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_be_used(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    with output_folder(folder) as work:
        write(work, "new")
    assert text_in(folder) == "new"


def test_a_place_without_permission(tmp_path, monkeypatch):
    def fail(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(room.tempfile, "TemporaryDirectory", fail)
    assert "no permission" in refused(tmp_path / "out")
