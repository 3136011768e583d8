"""Which texts the pages have, and bringing the catalogues up to date with them."""

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from web.translations.catalogue import DOMAIN, FOLDER, OTHERS, place, read

METHODS = [("assets/**", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
"""Files below web/ → how Babel reads them."""
OPTIONS = {"templates/**.html": {"silent": "false"}}
"""A template that cannot be read is an error: left out in silence, its texts would count as gone."""
WIDTH = 120


def extracted() -> Catalog:
    """Give every text of the pages, untranslated."""
    found = Catalog(domain=DOMAIN, project="banjie")
    for file, line, text, comments, context in extract_from_dir(FOLDER.parent, METHODS, OPTIONS):
        found.add(text, None, [(f"web/{file}", line)], auto_comments=comments, context=context)
    return found


def update() -> list[str]:
    """Bring new texts into the catalogues and drop those that are gone; give the texts that await a translation."""
    texts, waiting = extracted(), []
    for language in OTHERS:
        catalogue = read(language) if place(language).exists() else Catalog(language, DOMAIN)
        catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        place(language).parent.mkdir(parents=True, exist_ok=True)
        with place(language).open("wb") as file:
            write_po(file, catalogue, WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
        waiting += [f"{language}: {message.id}" for message in read(language) if message.id and not all(said(message))]
    return waiting


def said(message: Message) -> tuple[str, ...]:
    """Give what a text of a catalogue becomes: one translation, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
