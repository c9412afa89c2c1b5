"""What a page sends is checked before anything else reads it; nothing else passes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1 as read_by_jupyter,
)
from jupyter_server.services.kernels.connection.base import (
    serialize_msg_to_ws_v1 as written_by_jupyter,
)

from workshop.room import guard
from workshop.room.guard import LARGEST, V1, framed, leaves, passes

HEADER = {
    "msg_id": "a1",
    "session": "s1",
    "username": "",
    "date": "2026-11-22T10:00:00Z",
    "version": "5.3",
}
UPDATE = {"comm_id": "c1", "data": {"method": "update", "state": {"value": 3}}}


def sent(kind: str, content: Any, *, channel: str = "shell", **header: Any) -> bytes:
    parts = ({**HEADER, "msg_type": kind, **header}, {}, {"version": "2.1.0"}, content)
    return framed(channel.encode(), *(json.dumps(part).encode() for part in parts))


def comm(method: str, **more: Any) -> dict[str, Any]:
    return {"comm_id": "c1", "data": {"method": method, **more}}


def control(target: str) -> dict[str, Any]:
    return {"comm_id": "c1", "target_name": target, "data": {}}


ALLOWED = {
    "kernel_info_request": ("kernel_info_request", {}),
    "comm_info_request": ("comm_info_request", {"target_name": "jupyter.widget"}),
    "the widgets' control": ("comm_open", control("jupyter.widget.control")),
    "update": ("comm_msg", comm("update", state={"value": 1}, buffer_paths=[])),
    "custom": ("comm_msg", comm("custom", content={"event": "click"})),
    "request_states": ("comm_msg", comm("request_states")),
}


@pytest.mark.parametrize("what", ALLOWED)
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_what_widgets_need_passes_and_reads_the_same_behind(what, channel):
    kind, content = ALLOWED[what]
    passed = passes(sent(kind, content, channel=channel), V1)
    to, parts = read_by_jupyter(passed)
    header, parent, metadata, said = map(json.loads, parts)
    assert to == channel
    assert header == {**HEADER, "msg_type": kind}
    assert (parent, metadata) == ({}, {"version": "2.1.0"})
    for key, value in content.items():
        assert said[key] == value


REFUSED = {
    "execute_request": {"code": "1", "silent": True, "store_history": False},
    "complete_request": {"code": "i", "cursor_pos": 1},
    "inspect_request": {"code": "i", "cursor_pos": 1, "detail_level": 1},
    "history_request": {"hist_access_type": "tail", "n": 9},
    "is_complete_request": {"code": "1"},
    "debug_request": {"type": "request", "command": "initialize"},
    "input_reply": {"value": "x"},
    "interrupt_request": {},
    "shutdown_request": {"restart": False},
    "create_subshell_request": {},
    "delete_subshell_request": {"subshell_id": "x"},
    "list_subshell_request": {},
    "usage_request": {},
    "connect_request": {},
    "comm_close": {"comm_id": "c1", "data": {}},
    "status": {"execution_state": "idle"},
    "error": {},
    "": {},
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_every_other_kind_of_message_is_stopped(kind, channel):
    assert passes(sent(kind, REFUSED[kind], channel=channel), V1) is None


@pytest.mark.parametrize("channel", ["iopub", "stdin", "hb", "", "shell2", "SHELL"])
def test_only_two_channels_lead_to_a_kernel(channel):
    assert passes(sent("comm_msg", UPDATE, channel=channel), V1) is None


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("comm_open", control("jupyter.widget")),
        ("comm_open", control("anything.else")),
        ("comm_open", {"comm_id": 3, "target_name": "jupyter.widget.control"}),
        ("comm_msg", comm("display")),
        ("comm_msg", comm("echo_update", state={})),
        ("comm_msg", comm("update", state=[])),
        ("comm_msg", {"comm_id": "c1", "data": []}),
        ("comm_msg", {"comm_id": "c" * 201, "data": {"method": "request_states"}}),
        ("comm_msg", {"data": {"method": "request_states"}}),
        ("comm_msg", []),
        ("comm_info_request", {}),
        ("comm_info_request", {"target_name": "other"}),
    ],
)
def test_a_widget_message_of_another_form_is_stopped(kind, content):
    assert passes(sent(kind, content), V1) is None


def test_a_message_asks_for_no_thread_of_its_own():
    passed = passes(sent("comm_msg", UPDATE, subshell_id="x"), V1)
    assert "subshell_id" not in json.loads(read_by_jupyter(passed)[1][0])


def test_eight_bytes_of_ff_and_other_false_lengths_are_stopped():
    true = sent("comm_msg", UPDATE)
    false = [
        b"\xff" * 8,
        b"\xff" * 16,
        b"\xff" * LARGEST,
        b"",
        b"\x00" * 8,
        (2**40).to_bytes(8, "little") + true[8:],
        true[:-1],
        true + b" ",
        true[:40],
        true[:8] + b"\xff" * 8 + true[16:],
        b"\x05" + true[1:],
        framed(b"shell"),
    ]
    assert [passes(frame, V1) for frame in false] == [None] * len(false)


def test_a_key_that_stands_twice_is_stopped_wherever_it_stands():
    good, _, *rest = read_by_jupyter(sent("comm_msg", UPDATE))[1]
    twice = b'{"msg_id": "a", "msg_type": "comm_msg", "msg_type": "execute_request"}'
    deep = b'{"comm_id": "c", "data": {"method": "update", "method": "x", "state": {}}}'
    assert passes(framed(b"shell", twice, b"{}", *rest), V1) is None
    assert passes(framed(b"shell", good, b"{}", b"{}", deep), V1) is None


def test_a_frame_larger_than_the_largest_is_stopped():
    state = {"value": "x" * LARGEST}
    assert passes(sent("comm_msg", comm("update", state=state)), V1) is None
    fits = {"value": "x" * (LARGEST - 1000)}
    assert passes(sent("comm_msg", comm("update", state=fits)), V1)


def test_nesting_without_end_is_stopped():
    nested = b'{"a":' * 9000 + b"1" + b"}" * 9000
    good = read_by_jupyter(sent("comm_msg", UPDATE))[1]
    assert passes(framed(b"shell", good[0], b"{}", b"{}", nested), V1) is None


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_is_no_json_is_stopped(word):
    content = b'{"comm_id": "c", "data": {"method": "custom", "content": %b}}' % word
    good = read_by_jupyter(sent("comm_msg", UPDATE))[1]
    assert passes(framed(b"shell", good[0], b"{}", b"{}", content), V1) is None


def test_only_the_one_protocol_is_spoken():
    text = json.dumps({"header": HEADER, "channel": "shell", "content": UPDATE})
    assert passes(text, V1) is None
    for subprotocol in (None, "", "v2.kernel.websocket.jupyter.org"):
        assert passes(text, subprotocol) is None
        assert passes(sent("comm_msg", UPDATE), subprotocol) is None


def test_buffers_of_a_widget_pass_as_they_are():
    parts = [b"{}"] * 4
    parts = read_by_jupyter(sent("comm_msg", UPDATE))[1]
    passed = passes(framed(b"shell", *parts, b"\x00\xff", b""), V1)
    assert read_by_jupyter(passed)[1][4:] == [b"\x00\xff", b""]


def test_the_frame_is_jupyters_own():
    parts = [b"{}", b"{}", b"{}", b'{"a": 1}']
    assert framed(b"shell", *parts) == written_by_jupyter(parts, "shell")


WORDS = st.integers(0, 2**64 - 1).map(lambda n: n.to_bytes(8, "little"))
MANGLED = st.tuples(st.integers(0, 300), st.binary(max_size=9)).map(
    lambda cut: (
        (true := sent("comm_msg", UPDATE))[: cut[0]]
        + cut[1]
        + true[cut[0] + len(cut[1]) :]
    )
)
FRAMES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=50),
    st.lists(WORDS, max_size=12).map(b"".join),
    st.lists(st.binary(max_size=30), max_size=8).map(lambda parts: framed(*parts)),
    MANGLED,
)


@given(frame=FRAMES, subprotocol=st.sampled_from([V1, None, ""]))
def test_no_frame_stops_the_guard_and_what_passes_passes_again(frame, subprotocol):
    passed = passes(frame, subprotocol)
    if passed is not None:
        assert passes(passed, V1) == passed
        kind = json.loads(read_by_jupyter(passed)[1][0])["msg_type"]
        assert kind in {kind for kind, _ in ALLOWED.values()}


@pytest.mark.parametrize(
    "kind", ["error", "stream", "execute_input", "execute_result", "input_request", 3]
)
def test_no_text_of_an_error_and_nothing_printed_leaves(kind):
    assert not leaves(kind)
    assert not leaves(None)


def test_what_draws_a_widget_leaves():
    for kind in ("status", "comm_open", "comm_msg", "comm_close", "display_data"):
        assert leaves(kind)
    assert guard.leaves("kernel_info_reply")
