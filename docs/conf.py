"""How the documents become a site: `make site`, with nothing fetched from the net.

The sources are the files that stand in the repository anyway, read from its root, so
that a link which works there works here. Only `index.md` is for the site alone.
"""

import os
import re
from pathlib import Path

from sphinx.application import Sphinx

from workshop import __version__

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("docs", "benchmarks")
INDEX, LIST = ROOT / "docs" / "index.md", ROOT / "docs" / "README.md"

project = "Common Ground"
author = "The Common Ground founders"
version = release = __version__
root_doc = "docs/index"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
include_patterns = ["*.md", "docs/**.md", "benchmarks/README.md"]
# The list of documents is part of the index; what no page stands in is not walked.
exclude_patterns = ["docs/README.md", "docs/_build"] + [
    folder.name
    for folder in ROOT.iterdir()
    if folder.is_dir() and folder.name not in PAGES
]

# --- pages ---------------------------------------------------------------------------

myst_heading_anchors = 3
highlight_language = "text"
# A link that leads nowhere and a name that nobody knows stop the build (`-W -n`).
nitpicky = True
# Types in a signature are named, not linked, unless the page has them.
nitpick_ignore_regex = [("py:.*", r".*")]

# --- names of workshop.* -------------------------------------------------------------

# In docstrings `wilson` is code, as everywhere in this house.
default_role = "code"
napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
autodoc_preserve_defaults = True
autodoc_typehints = "none"
python_maximum_signature_line_length = 72

# --- looks ---------------------------------------------------------------------------

html_theme = "furo"
html_title = project
html_extra_path = ["site"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}


def setup(app: Sphinx) -> None:
    """Have every page read as `_lead_to_pages` leaves it."""
    app.connect("source-read", _lead_to_pages)


def _lead_to_pages(app: Sphinx, docname: str, source: list[str]) -> None:
    """Lead a link to a folder, or to the list of documents, to what shows it."""
    folder = (ROOT / docname).parent

    def led(link: re.Match[str]) -> str:
        asked = (folder / link[1]).resolve()
        to = asked / "README.md" if asked.is_dir() else asked
        if to == LIST or not to.is_file():
            to = INDEX
        if to == asked or not asked.is_relative_to(LIST.parent):
            return link[0]
        return f"]({Path(os.path.relpath(to, folder)).as_posix()})"

    source[0] = re.sub(r"\]\(([^)#\s:]+)\)", led, source[0])
