"""Read a form-js document: fields as descriptions, and findings for everything we do not support."""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from engine.domain.errors import InvalidExpression
from engine.domain.findings import Finding
from engine.forms.conditions import Condition, parse_condition
from engine.forms.fields import MOMENTS, clean_default
from engine.forms.patterns import NAMED, compile_pattern
from engine.forms.specs import (
    INPUTS,
    LONGEST,
    LONGEST_ALLOWED,
    ONE_OF,
    ORNAMENTS,
    RESERVED_KEYS,
    SOME_OF,
    FieldSpec,
    Option,
    Rules,
)

ROLE = re.compile(r"[a-z][a-z0-9_]{0,63}")
MAX_FILE = 512 * 1024
MAX_COMPONENTS = 300
MAX_NESTING = 6
MAX_OPTIONS = 1000
Json = Mapping[str, Any]


def check_form(file: str, content: bytes) -> list[Finding]:
    """Give everything that is wrong with a form; an empty list means that it can be deployed."""
    return read_form(file, content)[1]


def read_form(file: str, content: bytes) -> tuple[tuple[FieldSpec, ...], list[Finding]]:
    """Give the fields of a form and what is wrong with it."""
    reader = _Reader(file)
    return reader.read(content), reader.findings


class _Reader:
    """Reads one form and notes what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.count = 0

    def read(self, content: bytes) -> tuple[FieldSpec, ...]:
        """Give the fields, as far as they can be read."""
        try:
            document = orjson.loads(content) if len(content) <= MAX_FILE else None
        except orjson.JSONDecodeError as error:
            self._note({}, "form-json", f"不是可以读取的 JSON：{error}")
            return ()
        if not isinstance(document, dict) or not isinstance(document.get("components"), list):
            self._note({}, "form-json", f"不是 form-js 表单，或超过 {MAX_FILE // 1024} kB")
            return ()
        fields = self._fields(document["components"], (), 0)
        self._conditions(fields, frozenset())
        return fields

    def _fields(self, components: list[Any], hides: tuple[Condition, ...], depth: int) -> tuple[FieldSpec, ...]:
        """Read the fields of one scope; keys are unique within it."""
        fields: dict[str, FieldSpec] = {}
        for component, conditions in self._walk(components, hides, depth):
            field = self._field(component, conditions, depth)
            if field is not None and field.key in fields:
                self._note(component, "form-key", f"键“{field.key}”重复")
            elif field is not None:
                fields[field.key] = field
        return tuple(fields.values())

    def _walk(
        self, components: list[Any], hides: tuple[Condition, ...], depth: int
    ) -> Iterator[tuple[Json, tuple[Condition, ...]]]:
        """Go through the input components, groups dissolved, each with the conditions that hide it."""
        for component in components:
            self.count += 1
            if not isinstance(component, dict) or self.count > MAX_COMPONENTS or depth > MAX_NESTING:
                self._note({}, "form-size", f"部件写法有误，或超过 {MAX_COMPONENTS} 个，或嵌套超过 {MAX_NESTING} 层")
                return
            kind = component.get("type")
            conditions = hides + self._hide(component)
            if kind == "group":
                if component.get("path"):
                    self._note(component, "form-group", "分组不能有路径（path），键直接写进事项数据")
                yield from self._walk(_list(component.get("components")), conditions, depth + 1)
            elif kind in INPUTS:
                yield component, conditions
            elif kind not in ORNAMENTS:
                self._note(component, "form-type", f"不支持部件 {kind}")

    def _field(self, component: Json, hides: tuple[Condition, ...], depth: int) -> FieldSpec | None:
        kind: str = component["type"]
        key = component.get("path" if kind == "dynamiclist" else "key")
        if not self._key(component, key):
            return None
        people, but = self._people(component, depth)
        field = FieldSpec(
            id=str(component.get("id") or key),
            key=str(key),
            type=kind,
            label=self._label(component, str(key)),
            rules=self._rules(component),
            options=self._options(component) if kind in ONE_OF | SOME_OF and not people else (),
            subtype=self._subtype(component) if kind == "datetime" else "",
            multiple=component.get("multiple") is True,
            readonly=self._flag(component, "readonly") or self._flag(component, "disabled"),
            description=str(component.get("description") or ""),
            hides=hides,
            inner=self._fields(_list(component.get("components")), (), depth + 1) if kind == "dynamiclist" else (),
            people=people,
            but=but,
        )
        return self._with_default(component, field)

    def _people(self, component: Json, depth: int) -> tuple[str, str]:
        """Give the role whose holders are the options, and the key whose answer is not one of them."""
        properties = component.get("properties")
        said = properties if isinstance(properties, dict) else {}
        people, but = str(said.get("people", "")), str(said.get("but", ""))
        if people and (component["type"] not in ONE_OF or component.get("values") or depth):
            self._note(component, "form-people", "按岗位选人只能用下拉或单选,不写 values,也不放在列表里")
        elif people and not ROLE.fullmatch(people):
            self._note(component, "form-people", f"岗位“{people}”的写法不对:小写字母、数字和下划线")
        elif but and (not people or not but.isidentifier()):
            self._note(component, "form-people", "but 写事项数据的键,和 people 一起用")
        else:
            return people, but
        return people, ""

    def _with_default(self, component: Json, field: FieldSpec) -> FieldSpec:
        value = component.get("defaultValue")
        if value is False or value in (None, "", []) or field.type in ("dynamiclist", "filepicker") or field.readonly:
            return field
        try:
            return replace(field, default=clean_default(field, value))
        except ValueError as error:
            self._note(component, "form-default", f"默认值不对：{error}")
            return field

    def _key(self, component: Json, key: Any) -> bool:
        """Say whether a key may name data; note why not."""
        if not isinstance(key, str) or not key.isidentifier() or keyword.iskeyword(key):
            self._note(component, "form-key", f"键“{key}”不能用作名字：用字母、数字和下划线，不以数字开头")
        elif key.startswith("_") or key in RESERVED_KEYS:
            self._note(component, "form-key", f"键“{key}”是保留的名字")
        else:
            return True
        return False

    def _label(self, component: Json, key: str) -> str:
        label = component.get("label") or component.get("dateLabel") or component.get("timeLabel") or key
        if not isinstance(label, str) or label.startswith("="):
            self._note(component, "form-label", "标题只能是文字，不能是表达式")
        return str(label)

    def _flag(self, component: Json, name: str, given: Json | None = None) -> bool:
        value = (component if given is None else given).get(name, False)
        if not isinstance(value, bool):
            self._note(component, "form-flag", f"{name} 只能是 true 或 false，不能是表达式")
        return value is True

    def _subtype(self, component: Json) -> str:
        subtype = component.get("subtype") or "date"
        if subtype not in MOMENTS:
            self._note(component, "form-type", f"不支持日期部件的种类 {subtype}")
            return "date"
        return str(subtype)

    def _hide(self, component: Json) -> tuple[Condition, ...]:
        conditional = component.get("conditional")
        source = conditional.get("hide") if isinstance(conditional, dict) else conditional
        if not source:
            return ()
        try:
            return (parse_condition(str(source)),)
        except InvalidExpression as error:
            self._note(component, "form-condition", str(error))
            return ()

    def _conditions(self, fields: tuple[FieldSpec, ...], around: frozenset[str]) -> None:
        """Note conditions over keys that the form does not have."""
        known = around | {field.key for field in fields if not field.inner}
        for field in fields:
            for name in sorted(frozenset().union(*(hide.names for hide in field.hides)) - known):
                self._note({"id": field.id}, "form-condition", f"隐藏条件用到的键“{name}”不在表单里")
            self._conditions(field.inner, known)

    def _options(self, component: Json) -> tuple[Option, ...]:
        if component.get("valuesKey") or component.get("valuesExpression"):
            self._note(component, "form-options", "选项只能写在表单里，不能来自数据或表达式")
            return ()
        options = []
        for value in _list(component.get("values"))[:MAX_OPTIONS]:
            content = value.get("value") if isinstance(value, dict) else None
            if not isinstance(content, (str, int, float)) or content == "":
                self._note(component, "form-options", "每个选项都要有值")
                continue
            options.append(Option(content, str(value.get("label") or content)))
        if not options:
            self._note(component, "form-options", "没有选项")
        elif len({option.text for option in options}) < len(options):
            self._note(component, "form-options", "有两个选项的值相同")
        return tuple(options)

    def _rules(self, component: Json) -> Rules:
        """Read `validate`; what does not fit the kind of field is noted."""
        given = component.get("validate")
        given = given if isinstance(given, dict) else {}
        numeric = component["type"] == "number"
        longest = self._number(component, given, "maxLength", whole=True)
        if longest is not None and not 0 < longest <= LONGEST_ALLOWED:
            self._note(component, "form-validate", f"maxLength 要在 1 到 {LONGEST_ALLOWED} 之间")
        pattern, message, named = self._pattern(component, given, longest)
        decimals = self._number(component, component, "decimalDigits", whole=True) if numeric else None
        return Rules(
            required=self._flag(component, "required", given),
            min_length=self._number(component, given, "minLength", whole=True),
            max_length=longest,
            minimum=self._number(component, given, "min") if numeric else None,
            maximum=self._number(component, given, "max") if numeric else None,
            decimals=min(max(decimals, 0), 10) if decimals is not None else None,
            pattern=pattern,
            pattern_message=message,
            named=named,
        )

    def _number(self, component: Json, given: Json, name: str, *, whole: bool = False) -> Any:
        value = given.get(name)
        if value is None or value == "":
            return None
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds):
            self._note(component, "form-validate", f"{name} 要写数字")
            return None
        return value

    def _pattern(self, component: Json, given: Json, longest: int | None) -> tuple[Any, str, str]:
        """Give the compiled pattern, its message, and the named pattern."""
        properties = component.get("properties")
        named = given.get("validationType") or (properties.get("pattern") if isinstance(properties, dict) else None)
        named = "" if named in (None, "custom") else str(named)
        if named and named not in NAMED:
            self._note(component, "form-validate", f"没有名为 {named} 的格式，可用：{'、'.join(NAMED)}")
            named = ""
        source = given.get("pattern")
        if component["type"] not in LONGEST or not source:
            return None, "", named
        message = given.get("patternErrorMessage")
        try:
            compiled = compile_pattern(str(source), longest or LONGEST[component["type"]])
        except InvalidExpression as error:
            self._note(component, "form-validate", str(error))
            return None, "", named
        return compiled, f"：{message}" if message else "", named

    def _note(self, component: Json, rule: str, message: str) -> None:
        element = str(component.get("id") or component.get("key") or "")
        what = component.get("label")
        self.findings.append(Finding(self.file, element, rule, "error", f"“{what}”：{message}" if what else message))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
