"""Catalogues as the pages use them: read from the .po files at first use and held in memory.

Nothing is compiled to disk: an installed wheel in a read-only folder speaks every language it brings, and no compiled
file can be out of date.
"""

import io
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).parent
DOMAIN = "messages"
SOURCE = "zh"
"""The language the texts are written in; it needs no catalogue."""
OTHERS = ("en",)
LANGUAGES = (SOURCE, *OTHERS)


def place(language: str) -> Path:
    """Give where a language's catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """Give a language's catalogue; raise ValueError for a file that is none."""
    with place(language).open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


@cache
def translations(language: str) -> NullTranslations:
    """Give what gettext looks up; the source language says what the code says."""
    if language == SOURCE:
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
