"""Two people, two windows and a text editor change one record; nothing is lost."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from workshop.errors import ConflictError, InputError, ReadOnlyError, RunError
from workshop.record import atomic, file, locking, yaml_io
from workshop.record.agreed import Parked
from workshop.record.bets import Bets
from workshop.record.choices import Cases, Record, Signature
from workshop.record.file import RecordFile, read_record
from workshop.record.framed import Framing
from workshop.record.values import Count, Seen

Save = Callable[[RecordFile, str, Any, Record], Record]


def framing(record: Record, **update: Any) -> Framing:
    assert record.framing is not None
    return record.framing.model_copy(update=update)


# --- reading and creating ----------------------------------------------------------


def test_a_record_is_created_once_with_its_folders(tmp_path: Path) -> None:
    pair = RecordFile(tmp_path / "a" / "b" / "record.yaml")
    assert not pair.exists
    assert pair.create(Record(scenario="s")) == pair.read() == Record(scenario="s")
    with pytest.raises(InputError, match="already exists"):
        pair.create(Record(scenario="t"))
    assert pair.read().scenario == "s"
    assert pair.create(Record(scenario="t"), force=True) == pair.read()


def test_a_record_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record here; make one with 'workshop st"):
        RecordFile(tmp_path / "record.yaml").read()


def test_the_first_save_makes_the_file(tmp_path: Path, save: Save) -> None:
    pair = RecordFile(tmp_path / "new" / "record.yaml")
    saved = save(pair, "option", "minilm", Record(scenario="s"))
    assert saved == pair.read()
    assert (saved.option, saved.revision, len(saved.log)) == ("minilm", 1, 1)


# --- saving ------------------------------------------------------------------------


def test_a_save_raises_the_revision_and_logs_the_decision(
    record_file: RecordFile, record: Record
) -> None:
    seen = Seen(figures={"recall": Count(k=3, n=4)}, rows="kept aside")
    saved = record_file.save(
        "option",
        "keyword",
        base=record,
        who="Dana",
        decided="the cheap one",
        because="it is enough",
        seen=seen,
        now="2026-11-21",
    )
    assert saved == record_file.read()
    assert saved.option == "keyword"
    assert saved.revision == record.revision + 1
    assert saved.log[:-1] == record.log
    line = saved.log[-1]
    assert (line.at, line.who, line.section) == ("2026-11-21", "Dana", "option")
    assert (line.decided, line.because) == ("the cheap one", "it is enough")
    assert line.seen == seen


def test_comments_and_other_sections_survive_a_save(
    record_file: RecordFile, record: Record, example: str, save: Save
) -> None:
    save(record_file, "option", "keyword", record)
    text = record_file.path.read_text(encoding="utf-8")
    expected = example.replace("minilm", "keyword").replace(
        "revision: 14  # the", "revision: 15  # the"
    )
    assert text.startswith(expected.removesuffix("# the end\n"))
    assert text.endswith("# the end\n")


def test_several_sections_are_saved_in_one_revision(
    record_file: RecordFile, record: Record
) -> None:
    policy = {"policy": {"kind": "single", "act_at": 0.5}}
    saved = record_file.save_many(
        {"option": "bm25", "threshold": policy},
        base=record,
        who="both",
        decided="another option, and its threshold",
    )
    assert saved.threshold is not None
    assert (saved.option, saved.threshold.policy.act_at) == ("bm25", 0.5)
    assert saved.revision == record.revision + 1
    assert saved.log[-1].section == "threshold, option"


def test_a_section_can_be_cleared(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    saved = save(record_file, "threshold", None, record)
    assert saved.threshold is None
    assert "not for ever" not in record_file.path.read_text(encoding="utf-8")


def test_going_on_undecided_is_logged(record_file: RecordFile, record: Record) -> None:
    saved = record_file.note(
        "undecided, go on", base=record, who="Ilir", section="impact"
    )
    assert saved.log[-1].decided == "undecided, go on"
    assert saved.revision == record.revision + 1
    assert saved.impact is None


def test_a_value_that_breaks_a_rule_is_refused_with_its_place(
    record_file: RecordFile, record: Record, example: str, save: Save
) -> None:
    with pytest.raises(InputError, match=r"^framing.ratio: -1 must be above 0$"):
        save(record_file, "framing", {"ratio": -1}, record)
    with pytest.raises(InputError, match="'optoin' is no section; did you mean 'opti"):
        save(record_file, "optoin", "x", record)
    with pytest.raises(InputError, match="'log' is no section"):
        save(record_file, "log", (), record)
    with pytest.raises(InputError, match="half of a character"):
        save(record_file, "option", "\ud83d", record)
    with pytest.raises(InputError, match="finite"):
        save(record_file, "framing", framing(record, ratio=float("inf")), record)
    assert record_file.path.read_text(encoding="utf-8") == example


def test_a_shipped_example_is_not_changed(tmp_path: Path, example: str) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(example, encoding="utf-8")
    shipped = RecordFile(path, read_only=True)
    record = shipped.read()
    remedy = "workshop start privacy-assistant -o my-workshop/record.yaml"
    for change in (
        lambda: shipped.create(record, force=True),
        lambda: shipped.save("option", "x", base=record, who="D", decided="x"),
        lambda: shipped.note("x", base=record, who="D"),
    ):
        with pytest.raises(ReadOnlyError, match=remedy):
            change()
    assert [file.name for file in tmp_path.iterdir()] == ["record.yaml"]


def test_a_record_of_an_older_format_is_saved_in_the_current_one(
    record_file: RecordFile, example: str, monkeypatch: pytest.MonkeyPatch, save: Save
) -> None:
    def rename(document: dict[str, Any], **_: object) -> dict[str, Any]:
        if "story" not in document:
            return document
        rest = {k: v for k, v in document.items() if k != "story"}
        return rest | {"format": 1, "framing": document["story"]}

    monkeypatch.setattr(file, "upgrade", rename)
    old = example.replace("format: 1", "format: 0").replace("framing:\n", "story:\n")
    record_file.path.write_text(old, encoding="utf-8")
    saved = save(record_file, "option", "keyword", record_file.read())
    text = record_file.path.read_text(encoding="utf-8")
    assert text.startswith("# Our first afternoon with the assistant.\nformat: 1\n")
    assert "story" not in text
    assert saved.framing == read_record(example, file="r").framing


# --- two at once -------------------------------------------------------------------


def test_what_others_saved_meanwhile_is_kept(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    save(record_file, "option", "keyword", record)
    saved = save(record_file, "framing", framing(record, ratio=4), record)
    assert saved.option == "keyword"
    assert saved.framing == framing(record, ratio=4)
    assert saved.revision == record.revision + 2
    assert [line.section for line in saved.log[-2:]] == ["option", "framing"]


def test_the_same_section_saved_twice_names_who_was_first(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    first = save(record_file, "option", "keyword", record)
    with pytest.raises(ConflictError) as caught:
        save(record_file, "option", "bm25", record)
    assert f"option was changed by 'Dana' at {first.log[-1].at}" in str(caught.value)
    assert "Nothing is lost" in str(caught.value)
    assert record_file.read() == first


def test_both_saving_the_same_words_is_no_conflict(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    save(record_file, "option", "keyword", record)
    assert save(record_file, "option", "keyword", record).revision == 16


def test_a_change_by_hand_is_noticed_without_a_new_revision(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    text = record_file.path.read_text(encoding="utf-8")
    by_hand = text.replace("minilm", "tfidf").replace("ratio: 3", "ratio: 4  # 3?")
    record_file.path.write_text(by_hand, encoding="utf-8")
    with pytest.raises(ConflictError, match="option was changed by hand, in the file"):
        save(record_file, "option", "bm25", record)
    saved = save(record_file, "impact", {"per_week": 4000}, record)
    assert (saved.option, saved.framing) == ("tfidf", framing(record, ratio=4))
    assert "ratio: 4  # 3?\n" in record_file.path.read_text(encoding="utf-8")


def test_a_file_broken_by_hand_is_not_written_over(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    record_file.path.write_text("format: 1\n\tscenario", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: a tab"):
        save(record_file, "option", "bm25", record)
    assert record_file.path.read_text(encoding="utf-8") == "format: 1\n\tscenario"


def test_an_edit_in_the_very_moment_of_saving_is_not_written_over(
    record_file: RecordFile, record: Record, monkeypatch: pytest.MonkeyPatch, save: Save
) -> None:
    merge = yaml_io.merge_composed

    def edit(*given: Any, **more: Any) -> object:
        record_file.path.write_text("format: 1\nscenario: edited\n", encoding="utf-8")
        return merge(*given, **more)

    monkeypatch.setattr(yaml_io, "merge_composed", edit)
    with pytest.raises(ConflictError, match="edited by hand at this very moment"):
        save(record_file, "option", "bm25", record)
    assert record_file.read().scenario == "edited"


def test_each_role_seals_signs_and_judges_on_their_own_laptop(
    record_file: RecordFile, save: Save
) -> None:
    record_file.path.unlink()
    base = Record(scenario="s")
    names = {"product": "Dana", "engineering": "Ilir"}
    for role, name in names.items():
        digest = "sha256:abcd"
        values = {
            "participants": {role: [{"name": name}]},
            "cases": Cases(**{role: {"q017": "fine"}}),
            "bets": Bets(sealed={role: digest}),
            "signatures": {role: Signature(name=name, digest=digest, at="now")},
        }
        saved = record_file.save_many(values, base=base, who=name, decided="mine")
    assert set(saved.signatures) == set(names)
    assert saved.bets == Bets(sealed=dict.fromkeys(names, "sha256:abcd"))
    assert saved.cases == Cases(product={"q017": "fine"}, engineering={"q017": "fine"})
    with pytest.raises(ConflictError, match="cases was changed by 'Ilir'"):
        save(record_file, "cases", {"engineering": {"q017": "harmful"}}, base)


def parked(record: Record, text: str) -> tuple[Parked, ...]:
    return (*record.parking, Parked(text=text))


def test_two_people_park_a_line_at_the_same_time_and_both_stay(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    save(record_file, "parking", parked(record, "who pays?"), record)
    save(record_file, "parking", parked(record, "what of health apps?"), record)
    assert [line.text for line in record_file.read().parking] == [
        "who pays?",
        "what of health apps?",
    ]


def test_a_parked_line_that_one_takes_away_while_the_other_adds_is_a_conflict(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    before = save(record_file, "parking", parked(record, "who pays?"), record)
    save(record_file, "parking", parked(before, "what of health apps?"), before)
    with pytest.raises(ConflictError, match="Nothing is lost"):
        save(record_file, "parking", (), before)


def test_a_file_that_disappeared_or_is_another_pairs_is_said(
    record_file: RecordFile, record: Record, save: Save
) -> None:
    with pytest.raises(ConflictError, match="holds 'privacy-assistant', not 'other'"):
        save(record_file, "option", "x", Record(scenario="other"))
    record_file.path.unlink()
    with pytest.raises(ConflictError, match="the file is gone since it was read"):
        save(record_file, "option", "x", record)
    assert not record_file.exists


def test_a_lock_that_is_never_released_is_said(
    record_file: RecordFile, record: Record, monkeypatch: pytest.MonkeyPatch, save: Save
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0.05)
    with (
        FileLock(record_file.path.with_name(".record.yaml.lock")),
        pytest.raises(RunError, match="another program has been writing it"),
    ):
        save(record_file, "option", "bm25", record)
    assert record_file.read() == record


# --- failing -----------------------------------------------------------------------


def test_a_full_disk_loses_nothing(
    record_file: RecordFile, record: Record, monkeypatch: pytest.MonkeyPatch, save: Save
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(RunError, match="the disk is full"):
        save(record_file, "option", "bm25", record)
    assert record_file.read() == record


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        RecordFile(blocked / "record.yaml").create(Record(scenario="s"))
