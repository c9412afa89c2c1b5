"""A word that nobody else reads: where it is typed, and the button that uses it."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w
from traitlets import Unicode

from workshop.errors import WorkshopError
from workshop.views.panels import looks
from workshop.views.panels.looks import toned
from workshop.views.panels.shared import make
from workshop.views.wording import say


class Word(w.Password):
    """A hidden word that the kernel does not send back to the page it came from."""

    value = Unicode("").tag(sync=True, echo_update=False)


class WordBox:
    """A hidden word and one button; what goes wrong stands right under it.

    Parameters
    ----------
    label, press
        What the word is, and what the button says.
    on_word
        Takes the word; whatever it raises becomes a sentence, and the word stays.
    help
        A quiet line under the word.
    """

    def __init__(
        self, label: str, press: str, *, on_word: Callable[[str], None], help: str = ""
    ):
        self._on_word = on_word
        self.control = make(Word, description=label, wide=True)
        self.button = looks.button(press, self._use, kind="primary")
        self._message = looks.words()
        self.widget = looks.column(
            self.control,
            looks.words(help, "quiet"),
            looks.buttons(self.button),
            self._message,
            kind="field",
        )

    def forget(self) -> None:
        """Empty the word and take all of this off the page, for good."""
        self.control.value = ""
        self._message.value = ""
        looks.close_all(self.widget)

    def _use(self) -> None:
        self._message.value = ""
        try:
            self._on_word(self.control.value.strip())
        except (WorkshopError, OSError) as error:
            self._tell(looks.trouble_html(error))
        except Exception:
            self._tell(say("ui.our_fault").html)
            raise

    def _tell(self, html: str) -> None:
        self._message.value = toned(html, "bad")
