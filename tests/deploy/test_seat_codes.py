"""Who gets a code for the hub, what is kept of it, and whom it lets in."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.deploy.hub import HUB, SEATS, needs_hub
from workshop.errors import InputError

pytestmark = needs_hub


@pytest.fixture(scope="module")
def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("seat_codes", HUB / "seat_codes.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["seat_codes"] = loaded
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seats.csv").write_text(SEATS, "utf-8")
    return tmp_path


def enters(module: ModuleType, folder: Path, user: str, code: str) -> bool:
    door = module.SeatCodes(file=str(folder / "codes.json"))
    given = {"username": user, "password": code}
    return asyncio.run(door.authenticate(None, given)) == user


def test_a_code_lets_in_its_own_person_however_it_is_typed(module, folder):
    codes = module.make_codes(folder)
    assert set(codes) == {"dana", "ilir", "noor", "maria"}
    for typed in (codes["dana"], codes["dana"].lower().replace("-", " ")):
        assert enters(module, folder, "dana", typed)
    assert not enters(module, folder, "dana", codes["ilir"])
    for nobody in ("", "eve", "nobody"):
        assert not enters(module, folder, nobody, codes["dana"])
        assert not enters(module, folder, nobody, "")


def test_only_digests_are_kept_and_for_the_owner_alone(module, folder):
    codes = module.make_codes(folder)
    file = folder / "codes.json"
    assert file.stat().st_mode & 0o077 == 0
    assert not [code for code in codes.values() if code in file.read_text("utf-8")]


def test_codes_stay_until_they_are_renewed_or_the_person_leaves_the_list(
    module, folder
):
    first = module.make_codes(folder)
    assert module.make_codes(folder) == {}
    again = module.make_codes(folder, ("dana",))
    assert set(again) == {"dana"}
    assert not enters(module, folder, "dana", first["dana"])
    assert enters(module, folder, "dana", again["dana"])
    left = SEATS.replace("noor,2,product\n", "")
    (folder / "seats.csv").write_text(left, "utf-8")
    module.make_codes(folder)
    assert "noor" not in json.loads((folder / "codes.json").read_text("utf-8"))
    assert not enters(module, folder, "noor", first["noor"])


def test_mistakes_are_said(module, folder):
    with pytest.raises(InputError, match=r"eve: not in .*seats\.csv; add a line first"):
        module.make_codes(folder, ("eve",))
    (folder / "seats.csv").write_text(SEATS.replace("dana", "Dana"), "utf-8")
    with pytest.raises(InputError, match="Dana; write dana, as hubs do"):
        module.make_codes(folder)


def test_nobody_is_let_in_where_no_codes_were_made(module, tmp_path):
    assert not enters(module, tmp_path, "dana", "")


def test_the_spawner_refuses_whoever_asks(module):
    with pytest.raises(Exception, match="nobody has a server"):
        asyncio.run(module.NoServers.start(object()))
