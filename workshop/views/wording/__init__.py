"""Turning values into sentences: one catalogue a language, one way to fill it.

A sentence is a template of the catalogue and the values that fill it. It renders as
plain text and as HTML from the same values, so that the two cannot differ; in HTML
every number stands in a ``<data>`` element that carries its id and exact value.

A template names a value and how to show it: ``{error:of100}``, ``{error:k}``. What
a person wrote is a plain string and is shown as text, whatever it contains.
"""

from workshop.views.wording.catalogue import (
    has,
    language,
    phrase,
    phrases,
    speaking,
    tongue_of,
)
from workshop.views.wording.formats import in_signs, show
from workshop.views.wording.sentences import (
    Said,
    as_written,
    capitalised,
    in_a_row,
    say,
)

__all__ = [
    "Said",
    "as_written",
    "capitalised",
    "has",
    "in_a_row",
    "in_signs",
    "language",
    "phrase",
    "phrases",
    "say",
    "show",
    "speaking",
    "tongue_of",
]
