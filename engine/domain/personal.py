"""Phone and identity numbers: recognised by their form's rules, or by their shape inside free text; shown with the middle hidden."""

import re
from collections.abc import Iterator
from typing import Any

KINDS = frozenset({"phone", "id_number"})
"""Named patterns of form fields whose answers are personal."""
_SHOWN = {11: (3, 4), 18: (3, 4), 15: (3, 4)}
"""Length: how many characters stay at either end; of other lengths a quarter stays at the end only."""

_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ＋（）－—–‐‑‒−　\u00a0", "0123456789Xx+()-------  ")
"""Full-width digits and the many dashes and blanks, one for one: places in the text stay the same."""
_AHEAD = (
    r"(?:(?<![0-9A-Za-z¥￥$])|(?<=tel)|(?<=phone)|(?<=mobile)|(?<=wx)|(?<=vx)|(?<=\+86)|(?<=0086)|(?<!\d86)(?<=86))"
)
"""No number begins inside another one or an order number (`RX2025…`), nor behind the sign of a currency."""
_BEHIND = r"(?!\d)(?!\.\d\d?(?![\d月日号点时]))(?! ?(?:元|万|亿|%|％))"
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-2]|91)"
_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_LOOSE = r"1[3-9]\d(?:\d{3,8}|[ -]\d{3,8}){1,3}"
"""A mobile number in parts of any length from three; counted afterwards."""
_SHAPES = {
    text: re.compile(_AHEAD + text + _BEHIND, re.IGNORECASE)
    for text in (
        rf"{_PROVINCE}\d{{4}}[ -]?{_YEAR}{_MONTH}{_DAY}[ -]?\d{{3}}[\dX](?![A-Za-z])",
        rf"{_PROVINCE}\d{{4}}[ -]{_YEAR}[ -]{_MONTH}[ -]?{_DAY}[ -]\d{{3}}[\dX](?![A-Za-z])",
        r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}",
        rf"{_PROVINCE}\d{{4}}[ -]?\d\d{_MONTH}{_DAY}[ -]?\d{{3}}",
        r"\(?0(?:10|2\d)\)?[ -]?[2-9]\d{3}[ -]?\d{4}",
        r"\(?0[3-9]\d\d\)?[ -]?[2-9]\d{2,3}[ -]?\d{4}",
        _LOOSE,
        r"1[ -][3-9](?:[ -]\d){9}",
    )
}
"""From the surest to the loosest; what a surer one has found is not looked at again."""
_MOBILE = 11


def masked(value: Any) -> str:
    """Give a number with its middle hidden: 138****5678, 110***********1234; of short ones hardly anything stays."""
    text = str(value or "")
    ahead, behind = _SHOWN.get(len(text), (0, len(text) // 4))
    return f"{text[:ahead]}{'*' * (len(text) - ahead - behind)}{text[len(text) - behind :]}"


def masked_in_text(text: str) -> str:
    """Give a text with the middle of every phone and identity number in it hidden; anything else stays as it is.

    Found are mainland mobile numbers, land lines with their area code and identity numbers of 15 or 18 places with a
    possible day of birth, also in full-width digits or broken by blanks or dashes. Order numbers, amounts and days stay.
    """
    for first, last in numbers_in(text):
        text = hidden(text, first, last)
    return text


def numbers_in(text: str) -> list[tuple[int, int]]:
    """Give where phone and identity numbers stand in a text: first place and the one after the last, in order."""
    plain, found = text.translate(_PLAIN), list[tuple[int, int]]()
    for place in _places(plain):
        if not any(place[0] < last and first < place[1] for first, last in found):
            found.append(place)
    return sorted(found)


def hidden(text: str, first: int, last: int) -> str:
    """Hide the middle of the number between two places of a text; blanks and dashes inside it stay, so does its length."""
    places = [at for at in range(first, last) if text[at].isalnum()]
    shown = masked("".join(text[at] for at in places))
    letters = list(text)
    for at, letter in zip(places, shown, strict=True):
        letters[at] = letter
    return "".join(letters)


def _places(plain: str) -> Iterator[tuple[int, int]]:
    for text, shape in _SHAPES.items():
        for match in shape.finditer(plain):
            if text != _LOOSE or sum(letter.isdigit() for letter in match[0]) == _MOBILE:
                yield match.span()
