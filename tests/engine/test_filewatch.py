"""Files that are read again when they change."""

import os
from pathlib import Path

from secantd.filewatch import FileWatch


def write(path: Path, text: str, modified: float) -> None:
    path.write_text(text)
    os.utime(path, (modified, modified))


def test_each_change_is_reported_once(tmp_path: Path) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    write(file, "1", 1000)
    watch = FileWatch([file, other])
    assert not watch.changed()
    write(file, "2", 1001)
    assert [watch.changed(), watch.changed()] == [True, False]
    write(other, "1", 1000)
    assert [watch.changed(), watch.changed()] == [True, False]
    file.unlink()
    assert [watch.changed(), watch.changed()] == [True, False]


def test_a_file_in_the_place_of_another_is_a_change_though_time_and_size_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write(file, "1", 1000)
    watch = FileWatch([file])
    write(tmp_path / "new", "2", 1000)
    (tmp_path / "new").replace(file)
    assert watch.changed()


def test_a_file_that_changes_while_it_is_read_is_reported_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write(file, "1", 1000)
    watch = FileWatch([file])
    write(file, "2", 1001)
    assert watch.changed()
    assert watch.unchanged()
    write(file, "3", 1002)
    assert not watch.unchanged()
    assert watch.changed()


def test_a_file_that_could_not_be_read_for_another_reason_is_reported_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write(file, "1", 1000)
    watch = FileWatch([file])
    write(file, "2", 1001)
    assert watch.changed()
    watch.again()
    assert [watch.changed(), watch.changed()] == [True, False]


def test_a_file_counts_when_it_has_been_unchanged_for_a_while(tmp_path: Path, monkeypatch) -> None:
    now = [2000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.time", lambda: now[0])
    file = tmp_path / "file"
    write(file, "1", 1000)
    watch = FileWatch([file], period=0.5, settled=0.5)
    now[0] += 1
    write(file, "2", now[0])
    assert not watch.changed()
    now[0] += 0.4
    assert not watch.changed(), "looked at less than a period ago"
    now[0] += 0.2
    assert watch.changed()
    now[0] += 10
    write(file, "3", now[0] - 5)
    assert watch.changed(), "written long before it was looked at"
