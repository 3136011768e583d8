"""WTForms fields that read one answer, from HTML or JSON alike, and say in Chinese what is wrong with it."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, DateTimeLocalInput, FileInput, NumberInput, TimeInput

from engine.domain.clock import SHANGHAI
from engine.forms.answers import Texts
from engine.forms.patterns import NAMED
from engine.forms.specs import LONGEST, ONE_OF, SOME_OF, FieldSpec

UNSAVABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,10})?", re.ASCII)
TICKED = {"true": True, "on": True, "1": True, "y": True, "yes": True, "是": True}
UNTICKED = {"": False, "false": False, "off": False, "0": False, "n": False, "no": False, "否": False}
YEARS = range(1900, 2201)
MOST_FILES = 20
LONGEST_FILE_ID = 64

Day = TypeVar("Day", bound=date)


class _Answer(Field):  # type: ignore[misc]  # WTForms ships no types
    """Reads the texts of one field: none keeps the default, an empty text empties the answer."""

    spec: FieldSpec

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = None
            self.data = self.read(valuelist)

    def read(self, texts: list[str]) -> Any:
        if len(texts) > 1:
            raise ValueError(f"{self.spec.called}只能填一个值")
        return self.parse(texts[0].strip()) if texts[0].strip() else None

    def parse(self, text: str) -> Any:
        raise NotImplementedError

    def pre_validate(self, form: Any) -> None:
        check(self.spec, self.data)


class _TextAnswer(_Answer, StringField):  # type: ignore[misc]
    """One line of text."""

    def parse(self, text: str) -> str:
        if "\n" in text or "\r" in text:
            raise ValueError(f"{self.spec.called}只能写一行")
        return _savable(self.spec, text)


class _LongTextAnswer(_Answer, TextAreaField):  # type: ignore[misc]
    """Several lines of text."""

    def parse(self, text: str) -> str:
        return _savable(self.spec, text.replace("\r\n", "\n").replace("\r", "\n"))


class _NumberAnswer(_Answer):
    """A number: whole numbers stay whole."""

    widget = NumberInput()

    def parse(self, text: str) -> int | float:
        if NUMBER.fullmatch(text) is None:
            raise ValueError(f"{self.spec.called}要填数字")
        value = Decimal(text)
        decimals = self.spec.rules.decimals
        if decimals is not None and value != round(value, decimals):
            raise ValueError(f"{self.spec.called}最多 {decimals} 位小数" if decimals else f"{self.spec.called}要填整数")
        return int(value) if value == value.to_integral_value() else float(value)


class _CheckboxAnswer(_Answer, BooleanField):  # type: ignore[misc]
    """A tick; the last value counts, so that a page may send a hidden "false" before the box."""

    def process_formdata(self, valuelist: list[str]) -> None:
        _Answer.process_formdata(self, valuelist)

    def read(self, texts: list[str]) -> bool:
        text = texts[-1].strip().lower()
        if text in TICKED:
            return True
        if text in UNTICKED:
            return False
        raise ValueError(f"{self.spec.called}只能是勾选或不勾选")


class _OneOf(_Answer):
    def process_data(self, value: Any) -> None:
        self.data = value

    def parse(self, text: str) -> Any:
        return _option(self.spec, text)


class _SelectAnswer(_OneOf, SelectField):  # type: ignore[misc]
    """One of the options, from a list."""


class _RadioAnswer(_OneOf, RadioField):  # type: ignore[misc]
    """One of the options, all in view."""


class _SomeAnswer(_Answer, SelectMultipleField):  # type: ignore[misc]
    """Any number of the options, in the form's order."""

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def read(self, texts: list[str]) -> list[Any]:
        chosen = {str(_option(self.spec, text.strip())) for text in texts if text.strip()}
        return [option.value for option in self.spec.options if str(option.value) in chosen]


class _DateAnswer(_Answer):
    """A day, kept as an ISO text."""

    widget = DateInput()

    def parse(self, text: str) -> str:
        try:
            return _in_years(self.spec, date.fromisoformat(text)).isoformat()
        except ValueError:
            raise ValueError(f"{self.spec.called}要填日期，如 2025-10-09") from None


class _TimeAnswer(_Answer):
    """A time of day, kept as hours and minutes."""

    widget = TimeInput()

    def parse(self, text: str) -> str:
        try:
            return time.fromisoformat(text).strftime("%H:%M")
        except ValueError:
            raise ValueError(f"{self.spec.called}要填时间，如 09:30") from None


class _MomentAnswer(_Answer):
    """A moment, read in people's time zone unless it names another, kept as ISO in UTC."""

    widget = DateTimeLocalInput()

    def parse(self, text: str) -> str:
        try:
            moment = _in_years(self.spec, datetime.fromisoformat(text)).replace(microsecond=0)
        except ValueError:
            raise ValueError(f"{self.spec.called}要填日期和时间，如 2025-10-09 09:30") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC).isoformat()


class _FilesAnswer(_Answer):
    """Ids of attachments."""

    widget = FileInput(multiple=True)

    def process_data(self, value: Any) -> None:
        self.data = list(value or [])

    def read(self, texts: list[str]) -> list[str]:
        ids = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if len(ids) > (MOST_FILES if self.spec.multiple else 1):
            raise ValueError(f"{self.spec.called}最多 {MOST_FILES if self.spec.multiple else 1} 个文件")
        if any(len(each) > LONGEST_FILE_ID or UNSAVABLE.search(each) for each in ids):
            raise ValueError(f"{self.spec.called}的文件不存在")
        return ids


KINDS: dict[str, type[_Answer]] = {
    "textfield": _TextAnswer,
    "textarea": _LongTextAnswer,
    "number": _NumberAnswer,
    "checkbox": _CheckboxAnswer,
    "select": _SelectAnswer,
    "radio": _RadioAnswer,
    "checklist": _SomeAnswer,
    "taglist": _SomeAnswer,
    "datetime": _MomentAnswer,
    "filepicker": _FilesAnswer,
}
MOMENTS: dict[str, type[_Answer]] = {"date": _DateAnswer, "time": _TimeAnswer, "datetime": _MomentAnswer}


def field_for(spec: FieldSpec) -> UnboundField:
    """Build the WTForms field of a description; it is bound anew for each set of answers."""
    kind = MOMENTS[spec.subtype] if spec.type == "datetime" else KINDS[spec.type]
    more: dict[str, Any] = {}
    if spec.type in ONE_OF | SOME_OF:
        choices = [SelectChoice(option.text, option.label) for option in spec.options]
        more = {"choices": choices, "validate_choice": False, "coerce": str}
    bound = type(kind.__name__, (kind,), {"spec": spec})
    return UnboundField(bound, spec.label, default=spec.default, description=spec.description, **more)


def check(spec: FieldSpec, value: Any) -> None:
    """Hold a value against the rules of its field; raise ValidationError with a sentence."""
    rules = spec.rules
    if value is None or value is False or value == "" or value == []:
        if rules.required:
            raise ValidationError(f"{spec.called}必须勾选" if spec.type == "checkbox" else f"{spec.called}必填")
        return
    if spec.type in LONGEST:
        _check_text(spec, value)
    if rules.minimum is not None and value < rules.minimum:
        raise ValidationError(f"{spec.called}不能小于 {rules.minimum:g}")
    if rules.maximum is not None and value > rules.maximum:
        raise ValidationError(f"{spec.called}不能大于 {rules.maximum:g}")


def _check_text(spec: FieldSpec, value: str) -> None:
    rules = spec.rules
    longest = rules.max_length or LONGEST[spec.type]
    if len(value) > longest:
        raise ValidationError(f"{spec.called}最多 {longest} 字，现在有 {len(value)} 字")
    if rules.min_length is not None and len(value) < rules.min_length:
        raise ValidationError(f"{spec.called}至少 {rules.min_length} 字")
    if rules.pattern is not None and rules.pattern.search(value) is None:
        raise ValidationError(f"{spec.called}{rules.pattern_message or '的格式不对'}")
    if rules.named and not NAMED[rules.named][0](value):
        raise ValidationError(f"{spec.called}{NAMED[rules.named][1]}")


def _savable(spec: FieldSpec, text: str) -> str:
    if UNSAVABLE.search(text):
        raise ValueError(f"{spec.called}里有不能保存的字符")
    return text


def _option(spec: FieldSpec, text: str) -> Any:
    for option in spec.options:
        if option.text == text:
            return option.value
    raise ValueError(f"{spec.called}没有“{text[:40]}”这个选项")


def _in_years(spec: FieldSpec, day: Day) -> Day:
    if day.year not in YEARS:
        raise ValueError(f"{spec.called}的年份不对")
    return day


def clean_default(spec: FieldSpec, value: Any) -> Any:
    """Give a form's default value as a clean answer; raise ValueError with a sentence when it is none."""
    form = BaseForm({spec.key: field_for(spec)})
    form.process(Texts({spec.key: value}, [spec.key]))
    field = form[spec.key]
    if not field.validate(form):
        raise ValueError(field.errors[0])
    return field.data
