"""`workshop compare` says where records differ: as text, as page and as data, alike."""

from __future__ import annotations

import errno
import html
import json
import re
from datetime import date
from pathlib import Path

import pytest

from tests.helpers import HOSTILE, SHIPPED, Page, Tiny
from workshop.comparing import Comparison, compare
from workshop.data.catalog import shipped
from workshop.errors import InputError
from workshop.record import yaml_io
from workshop.record.choices import Record
from workshop.record.file import read_record

EXAMPLE = shipped("datasets") / SHIPPED / "example-record.yaml"
THAT_DAY = date(2026, 12, 1)
OTHER = {
    "name: Dana": "name: Noor",
    "name: Ilir": "name: Mateo",
    "ratio: 0.5  ": "ratio: 2  ",
    "    fallback: not_sure\n    success": "    fallback: human\n    success",
    "{kind: single, act_at: 0.452166}": "{kind: single, act_at: 0.61}",
    "coverage: {k: 90, n: 152}": "coverage: {k: 60, n: 152}",
}


def write(path: Path, changes: dict[str, str] | None = None) -> str:
    """Write the shipped record, changed, as another pair's."""
    text = EXAMPLE.read_text("utf-8")
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


@pytest.fixture
def two(tmp_path: Path) -> list[str]:
    return [write(tmp_path / "a.yaml"), write(tmp_path / "b.yaml", OTHER)]


def many(folder: Path, count: int) -> list[str]:
    return [
        write(
            folder / f"pair{i}" / "record.yaml", {"ratio: 0.5  ": f"ratio: {i + 1}  "}
        )
        for i in range(count)
    ]


def page_of(done: Comparison) -> Page:
    assert done.page is not None
    return Page(done.page.read_text("utf-8"))


def as_data(targets: list[str], **given) -> dict:
    return json.loads(compare(targets, as_json=True, as_of=THAT_DAY, **given).text)


def flat(text: str) -> str:
    return " ".join(text.split())


# --- what it says --------------------------------------------------------------------


def test_it_says_on_how_much_they_agree_and_where_they_are_furthest_apart(two):
    said = compare(two, as_of=THAT_DAY).text
    assert "They agree on 19 of 22 choices." in said
    assert (
        "furthest apart on “How many false alarms one miss is worth”: from 0.5 to 2"
        in said
    )


def test_each_says_what_it_chose_and_what_it_saw(two):
    said = compare(two, as_of=THAT_DAY).text
    assert (
        "Noor and Mateo: act from a score of 0.61 on (option minilm). "
        "Saw: precision 75 of 90" in said
    )
    assert "coverage 60 of 152" in said
    assert "0.158 apart; on the same data" in said


@pytest.mark.parametrize("count", [2, 4, 5, 9])
def test_text_page_and_json_carry_the_same(tmp_path, count):
    targets = many(tmp_path, count)
    done = compare(targets, tmp_path / "out", as_of=THAT_DAY)
    data = as_data(targets)
    page = page_of(done)
    known = {number["id"]: number for number in data["numbers"]}
    for datum in page.data:
        exact = known[datum.id][datum.part]
        assert datum.value == repr(exact).removesuffix(".0")
    shown = flat(page.text)
    assert flat(html.unescape(data["headline"])) in shown
    for choice in data["choices"]:
        assert choice["about"] in shown
        assert choice["about"] in done.text
        for value in choice["values"]:
            if not choice["open"]:
                assert flat(value["says"]) in shown
                assert flat(value["says"]) in done.text
            # what is the same for all is said once, with the first one's numbers
            first = value is choice["values"][0]
            for number in (
                value["numbers"].values() if first or not choice["same"] else ()
            ):
                assert number == known[number["id"]]
    for label in (record["label"] for record in data["records"]):
        assert label in shown
        assert label in done.text


def test_every_number_on_the_page_stands_in_the_data(two, tmp_path):
    page = page_of(compare(two, tmp_path / "out", as_of=THAT_DAY))
    where = r"2026-12-01|2027-\d\d|DR\d+|\b100\b|[ab]\.yaml"
    loose = " ".join(page.loose_text())
    assert not re.search(r"\d", re.sub(where, "", loose)), loose


def test_the_written_twin_is_what_json_prints(two, tmp_path):
    compare(two, tmp_path / "out", as_of=THAT_DAY)
    written = json.loads((tmp_path / "out" / "compare.json").read_text("utf-8"))
    assert written == as_data(two)
    assert written["schema"] == "common-ground/compare-1"


def test_the_page_is_the_same_bytes_again(two, tmp_path):
    for name in ("one", "other"):
        compare(two, tmp_path / name, as_of=THAT_DAY)
    one, other = (
        (tmp_path / n / "compare.html").read_bytes() for n in ("one", "other")
    )
    assert one == other


def test_no_place_has_a_style_of_its_own(two, tmp_path):
    page = page_of(compare(two, tmp_path / "out", as_of=THAT_DAY))
    assert [tag for tag, given in page.elements if "style" in given] == []
    assert sum(tag == "style" for tag, _ in page.elements) == 1


def test_of_many_a_choice_is_summed_up_and_who_says_what_is_folded(tmp_path):
    done = compare(many(tmp_path, 7), tmp_path / "out", as_of=THAT_DAY)
    assert "from 1 to 7, half of them at 4 or less" in done.text
    page = page_of(done)
    assert "How many false alarms one miss is worth: who says what" in page.text


def test_months_of_one_pair_are_compared_too(tmp_path):
    record = read_record(EXAMPLE.read_text("utf-8"), file=EXAMPLE)
    later = record.model_dump(by_alias=True) | {
        "retrospectives": [
            {
                "at": "2027-01-10T10:00:00+00:00",
                "data": "sha256:" + "c" * 64,
                "clauses": {"C1": "broken", "C2": "kept"},
                "counts": {"C1": {"k": 60, "n": 100}},
            }
        ]
    }
    month = tmp_path / "2027-01.yaml"
    month.write_text(yaml_io.dump(Record.model_validate(later)), "utf-8")
    done = compare(
        [write(tmp_path / "2026-12.yaml"), str(month)], as_of=date(2027, 2, 1)
    )
    assert "Dana and Ilir (2026-12.yaml): not looked at yet" in done.text
    assert (
        "broken, looked at on 2027-01-10. Saw: error among answered 60 of 100"
        in done.text
    )


# --- what they are called ------------------------------------------------------------


def test_same_names_are_told_apart_by_their_files(tmp_path):
    labels = [r["label"] for r in as_data(many(tmp_path, 2))["records"]]
    assert labels == [
        "Dana and Ilir (pair0/record.yaml)",
        "Dana and Ilir (pair1/record.yaml)",
    ]


def test_neutral_names_may_be_given(two):
    said = compare(two, as_of=THAT_DAY, labels=("pair 1", "pair 2")).text
    assert "pair 2: 2 false alarms" in said
    assert "Noor" not in said


def test_one_alone_with_a_persona_is_named_so(tmp_path):
    alone = {"- {name: Ilir}": "- {name: Ilir, persona: true}"}
    targets = [write(tmp_path / "a.yaml"), write(tmp_path / "solo.yaml", alone)]
    assert "Dana, alone" in compare(targets, as_of=THAT_DAY).text


def test_nobody_named_and_nothing_decided_is_said(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(f"format: 1\nscenario: {SHIPPED}\n", "utf-8")
    done = compare(
        [str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")], tmp_path / "out"
    )
    assert "Nothing has been decided in any of them yet." in done.text
    assert "nobody named (a.yaml)" in done.text


def test_a_scenario_stands_for_its_example(two):
    assert "They agree on 19 of 22" in compare([SHIPPED, two[1]], as_of=THAT_DAY).text


def test_hostile_words_and_names_are_text(tmp_path):
    tiny = Tiny(tmp_path / "tiny")
    tiny.write()
    bad = HOSTILE + "\x1b[31m\x07"
    for name, ratio in (("a", 1), ("b", 2)):
        record = Record.model_validate(
            {
                "scenario": "tiny",
                "participants": {"product": [{"name": bad}]},
                "framing": {"counts_as_wrong": bad + name, "ratio": ratio},
                "option": bad,
                "agreement": {
                    "decides": [{"decision": bad, "owner": "product"}],
                    "not_agreed": [{"about": bad}],
                    "clauses": [
                        {
                            "id": bad,
                            "metric": "recall",
                            "at_least": 0.1 * ratio,
                            "slice": bad,
                            "window": bad,
                            "then": bad,
                        }
                    ],
                },
            }
        )
        (tiny.folder / f"{name}.yaml").write_text(yaml_io.dump(record), "utf-8")
    targets = [str(tiny.folder / "a.yaml"), str(tiny.folder / "b.yaml")]
    done = compare(targets, tmp_path / "out", as_of=THAT_DAY)
    page = page_of(done)
    assert {tag for tag, _ in page.elements} & {"script", "img"} == set()
    assert "<script>alert(1)</script>" in page.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", done.text)
    assert compare(targets, as_json=True).text


# --- what cannot be compared ---------------------------------------------------------


def test_one_record_alone_is_refused(two):
    with pytest.raises(InputError, match="at least two records"):
        compare(two[:1])


def test_a_record_named_twice_is_refused(two):
    with pytest.raises(InputError, match="is named twice"):
        compare([two[0], *two])


def test_records_of_different_scenarios_are_refused_in_one_sentence(two):
    with pytest.raises(InputError, match="are of different scenarios") as caught:
        compare([two[0], "deposit-calls"])
    assert "\n" not in str(caught.value)


def test_scenarios_of_one_name_that_hold_different_things_are_told_apart(tmp_path):
    targets = []
    for place in ("here", "there"):
        tiny = Tiny(tmp_path / place / "tiny")
        tiny.scenario["title"] = f"Letters {place}"
        tiny.record = {"format": 1, "scenario": "tiny"}
        targets.append(str(tiny.write() / "record.yaml"))
    with pytest.raises(InputError, match="different scenarios"):
        compare(targets)


def test_what_cannot_be_read_is_named_and_the_others_are_compared(two, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: 1\nscenaryo: x\n", "utf-8")
    done = compare([*two, str(bad), "nowhere.yaml"], as_of=THAT_DAY)
    assert "They agree on 19 of 22" in done.text
    assert [line.split(": left out")[0] for line in done.left_out] == [
        str(bad),
        "nowhere.yaml",
    ]
    assert done.exit_code == 2


def test_too_few_that_can_be_read_says_which_and_why(two, tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.yaml: left out"):
        compare([two[0], "nowhere.yaml"])


def test_a_record_whose_scenario_is_not_here_is_compared_all_the_same(tmp_path):
    lost = {"scenario: privacy-assistant": "scenario: ../elsewhere/gone"}
    targets = [
        write(tmp_path / "a.yaml", lost),
        write(tmp_path / "b.yaml", OTHER | lost),
    ]
    assert "They agree on 19 of 22" in compare(targets, as_of=THAT_DAY).text


def test_a_folder_that_cannot_be_written_is_said(two, tmp_path):
    (tmp_path / "taken").write_text("x", "utf-8")
    with pytest.raises(InputError, match="choose a folder you may write to"):
        compare(two, tmp_path / "taken")


def test_a_disk_that_takes_no_files_is_not_called_full(two, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InputError, match=r"cannot be written \(Read-only"):
        compare(two, tmp_path / "out")


@pytest.mark.slow
def test_forty_records_give_a_page_that_is_still_small(tmp_path):
    done = compare(many(tmp_path, 40), tmp_path / "out", as_of=THAT_DAY)
    assert done.page is not None
    assert done.page.stat().st_size < 300_000
