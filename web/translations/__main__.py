"""`python -m web.translations`: bring the catalogues up to date; ends with 1 and the list where a translation is missing."""

import sys

from web.translations.extraction import update

if waiting := update():
    sys.exit("\n".join(waiting))
