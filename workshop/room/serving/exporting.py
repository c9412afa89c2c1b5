"""Why does the second page not read its templates again?

Voilà makes an exporter for each page, and each compiled all templates anew: a fifth of
what a page costs the server. What was compiled is kept here, for all of them.
"""

from __future__ import annotations

from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from voila import notebook_renderer
from voila.exporter import VoilaExporter


class Compiled(BytecodeCache):
    """Keeps what was compiled while this process runs; a changed file counts as new."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a template's bucket, if it was compiled before."""
        if (code := self._held.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._held[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()


class PageExporter(VoilaExporter):
    """Voilà's exporter, with templates that are compiled once."""

    @property
    def environment(self) -> Environment:
        """Return where templates come from."""
        found: Environment = super().environment
        found.bytecode_cache = _COMPILED
        return found


def compile_once() -> None:
    """Let Voilà's pages be made by it; there is no setting that says so."""
    chosen: Any = notebook_renderer
    chosen.VoilaExporter = PageExporter
