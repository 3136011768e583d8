"""Files that nobody can read, and some that nobody should."""

from tests.support.bpmn import (
    bpmn,
)
from tests.unit.bpmn.lint.refused.shape import Case, around

DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


UNREADABLE = {
    "no XML": b"hello",
    "empty": b"",
    "not BPMN": b"<html/>",
    "over 2 MB": bpmn("p", *around()) + b" " * (2 * 1024 * 1024),
    "doctype": DOCTYPE + b"<x>&b;</x>",
    "doctype in UTF-16": (
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x SYSTEM "y">' + bpmn("p", *around()).decode()
    ).encode("utf-16"),
    "external entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "entity bomb": b"<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 12))
    + b"]><x>&a11;</x>",
    "ten thousand levels": b"<x>" * 10_000 + b"</x>" * 10_000,
}


FILES = {
    name: Case("file-unreadable", "", {"p.bpmn": bpmn("p", *around()), "broken.bpmn": content})
    for name, content in UNREADABLE.items()
}
