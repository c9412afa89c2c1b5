"""A bet is not readable before the other one is made, and not changeable after."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workshop.errors import InputError
from workshop.record.bets import Bet, Bets, OpenedBet
from workshop.record.sealed import SealedStore, new_salt, open_bets, seal

DANA = Bet(
    tolerable_error=0.1, expected_error=0.2, ratio=5, fallback="human", owner="product"
)
ILIR = Bet(
    tolerable_error=0.3,
    expected_error=0.3,
    expected_low=0.2,
    ratio=2,
    fallback="not_sure",
    owner="engineering",
    guess=0.1,
)


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path / "pair" / "record.yaml")


@pytest.fixture
def bets(store: SealedStore) -> Bets:
    return Bets(
        sealed={
            "product": store.put("product", DANA),
            "engineering": store.put("engineering", ILIR),
        }
    )


def test_equal_bets_have_different_digests() -> None:
    assert seal(DANA, new_salt()) != seal(DANA, new_salt())
    assert seal(DANA, "salt") == seal(DANA.model_copy(), "salt")
    assert len(seal(DANA, "salt")) == len("sha256:") + 64


def test_the_salt_in_an_opened_bet_is_not_part_of_what_was_said() -> None:
    opened = OpenedBet(**DANA.model_dump(), salt="s")
    assert seal(opened, "s") == seal(DANA, "s")


def test_sealed_bets_outlive_the_program_that_sealed_them(
    store: SealedStore, bets: Bets
) -> None:
    again = SealedStore(store.folder.with_suffix(".yaml"))
    opened = open_bets(bets, again)
    assert opened.sealed == bets.sealed
    said = {
        role: bet.model_dump(exclude={"salt"}) for role, bet in opened.opened.items()
    }
    assert said == {"product": DANA.model_dump(), "engineering": ILIR.model_dump()}


def test_bets_that_are_open_stay_as_they_are(store: SealedStore, bets: Bets) -> None:
    opened = open_bets(bets, store)
    store.clear()
    assert open_bets(opened, store) is opened


def test_a_kept_bet_is_not_readable_at_a_glance(store: SealedStore, bets: Bets) -> None:
    file = store.folder / "product"
    assert file.parent.name == "record.sealed"
    assert b"error" not in file.read_bytes()
    assert b"0.1" not in file.read_bytes()
    if os.name == "posix":
        assert file.stat().st_mode & 0o777 == 0o600


def test_somebody_may_change_their_mind_before_the_opening(store: SealedStore) -> None:
    first = store.put("product", DANA)
    second = store.put("product", ILIR)
    assert first != second
    kept = store.get("product")
    assert kept is not None
    assert kept.tolerable_error == ILIR.tolerable_error


def test_one_sealed_bet_is_not_opened_alone(store: SealedStore) -> None:
    bets = Bets(sealed={"product": store.put("product", DANA)})
    with pytest.raises(InputError, match="engineering has not sealed a bet yet"):
        open_bets(bets, store)


def test_a_bet_changed_after_sealing_is_noticed(store: SealedStore, bets: Bets) -> None:
    store.put("product", DANA.model_copy(update={"tolerable_error": 0.25}))
    with pytest.raises(InputError, match=r"product: this is not the bet that was seal"):
        open_bets(bets, store)


@pytest.mark.parametrize("content", [b"", b"not base85 \xff", b"VPaz", b"c$"])
def test_a_damaged_bet_is_noticed(
    store: SealedStore, bets: Bets, content: bytes
) -> None:
    (store.folder / "product").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read any more"):
        open_bets(bets, store)


def test_a_missing_bet_is_noticed(store: SealedStore, bets: Bets) -> None:
    (store.folder / "engineering").unlink()
    with pytest.raises(InputError, match="engineering: the sealed bet is missing"):
        open_bets(bets, store)


def test_nothing_is_left_when_the_store_is_cleared(
    store: SealedStore, bets: Bets
) -> None:
    store.clear()
    assert store.get("product") is None
    assert not store.folder.exists()
    store.clear()
