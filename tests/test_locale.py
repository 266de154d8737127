"""No English from installed packages: all their messages have Vietnamese, in theirs or our catalogue."""

import ast
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from gettext import GNUTranslations
from importlib.util import find_spec
from pathlib import Path

import pytest
from django import forms
from django.utils import formats, translation
from django.utils.translation.template import templatize

OURS = Path(__file__).parent.parent / "locale/vi/LC_MESSAGES"
PACKAGES = ["axes", "django", "import_export", "simple_history", "treebeard", "unfold"]
# Parts of Django that this project does not use, its welcome page, and settings that name languages.
UNUSED = re.compile(
    r"django/contrib/(gis|postgres|flatpages|redirects|sites|syndication|sitemaps|admindocs)/"
    r"|default_urlconf|conf/global_settings|django/conf/locale/|/tests?/"
)
# The same in both languages, or a list that Django never prints as it is.
ALIKE = {
    "",
    ":",
    ", ",
    ":?.!",
    "…",
    "%(truncated_text)s…",
    "IPv4",
    "IPv6",
    "Email",
    "%(class_name)s %(instance)s",
}
ALIKE |= {f"%s {unit}" for unit in ("KB", "MB", "GB", "TB", "PB")} | {"%(size)d byte"}

ARGUMENTS = {
    "gettext": ["id"],
    "gettext_lazy": ["id"],
    "gettext_noop": ["id"],
    "_": ["id"],
    "ngettext": ["id", "plural"],
    "ngettext_lazy": ["id", "plural"],
    "pgettext": ["context", "id"],
    "pgettext_lazy": ["context", "id"],
    "npgettext": ["context", "id", "plural"],
    "npgettext_lazy": ["context", "id", "plural"],
}
LITERAL = r"""(?:[ru]?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))"""
CALL = re.compile(rf"(?<![\w.])(?:n?p?gettext|_)\(\s*{LITERAL}(?:\s*,\s*{LITERAL})*", re.DOTALL)


def _messages_of_python(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        names = ARGUMENTS.get(getattr(node.func, "id", getattr(node.func, "attr", None)), [])
        values = [getattr(argument, "value", None) for argument in node.args[: len(names)]]
        if names and len(values) == len(names) and all(isinstance(value, str) for value in values):
            found = dict(zip(names, values, strict=True))
            yield _key(found.get("context"), found["id"], "plural" in found)


def _messages_of_calls(source):
    for call in CALL.finditer(source):
        yield from _messages_of_python(f"{call[0]})")


def _key(context, msgid, plural):
    msgid = f"{context}\x04{msgid}" if context else msgid
    return (msgid, 0) if plural else msgid


def _files(package, pattern):
    root = Path(find_spec(package).origin).parent
    return [path for path in sorted(root.rglob(pattern)) if not UNUSED.search(path.as_posix())]


def _messages(package):
    for path in _files(package, "*.py"):
        yield from _messages_of_python(path.read_text())
    for path in [*_files(package, "templates/**/*.html"), *_files(package, "templates/**/*.txt")]:
        yield from _messages_of_calls(templatize(path.read_text(), origin=str(path)))


def _catalogue(path):
    with path.open("rb") as file:
        return GNUTranslations(file)._catalog


def _translations(domain, package):
    found = {}
    for path in _files("django", f"locale/vi/LC_MESSAGES/{domain}.mo"):
        found |= _catalogue(path)
    core = Path(find_spec("django").origin).parent / f"conf/locale/vi/LC_MESSAGES/{domain}.mo"
    for path in [core, *_files(package, f"locale/vi/LC_MESSAGES/{domain}.mo"), OURS / f"{domain}.mo"]:
        found |= _catalogue(path) if path.exists() else {}
    return found


def _english(messages, translations):
    text = {key: key[0] if isinstance(key, tuple) else key for key in messages}
    plain = {key: msgid.rpartition("\x04")[2] for key, msgid in text.items()}
    return sorted(
        msgid for key, msgid in plain.items() if msgid not in ALIKE and translations.get(key, msgid) in ("", msgid)
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_of_a_package_has_vietnamese(package):
    messages = set(_messages(package))
    assert messages
    assert _english(messages, _translations("django", package)) == []


@pytest.mark.parametrize("package", ["django", "unfold"])
def test_every_message_of_a_script_has_vietnamese(package):
    scripts = [path for path in _files(package, "static/**/*.js") if ".min." not in path.name]
    messages = {message for path in scripts for message in _messages_of_calls(path.read_text())}
    assert messages
    assert _english(messages, _translations("djangojs", "django")) == []


def _read_po(path):
    """Catalogue of a .po file without comments, fuzzy or old entries, keyed as gettext keys a .mo file."""
    catalogue, entry, field = {}, {}, None
    for line in [*path.read_text().splitlines(), ""]:
        if match := re.match(r'(msg\w+(?:\[0\])?) (".*")$', line):
            field = match[1]
            entry[field] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            entry[field] += ast.literal_eval(line)
        elif not line and entry:
            key = _key(entry.get("msgctxt"), entry["msgid"], "msgid_plural" in entry)
            catalogue[key] = entry | {"text": entry.get("msgstr[0]", entry.get("msgstr"))}
            entry = {}
    return catalogue


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_compiled_catalogue_is_up_to_date(domain):
    written = {key: entry["text"] for key, entry in _read_po(OURS / f"{domain}.po").items()}
    assert _catalogue(OURS / f"{domain}.mo") == written


def _placeholders(text):
    return Counter(re.findall(r"%(?:\(\w+\))?(?:\.\d)?[sdrf]|\{\w*\}|<[^>]+>|^\s+|\s+$", text))


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_placeholders_tags_and_outer_spaces_agree(domain):
    entries = _read_po(OURS / f"{domain}.po")
    differing = [
        key for key, entry in entries.items() if key and _placeholders(entry["msgid"]) != _placeholders(entry["text"])
    ]
    assert differing == []


def test_our_wording_wins_over_djangos():
    with translation.override("vi"):
        assert translation.gettext("Save and continue editing") == "Lưu và tiếp tục sửa"
        assert translation.ngettext("%(num)d year", "%(num)d years", 2) % {"num": 2} == "2 năm"


def test_dates_and_numbers_are_written_the_vietnamese_way():
    with translation.override("vi"):
        assert formats.date_format(date(2026, 1, 5)) == "05/01/2026"
        assert formats.date_format(datetime(2026, 1, 5, 8, 30), "DATETIME_FORMAT") == "08:30 05/01/2026"  # noqa: DTZ001
        assert formats.date_format(date(2026, 1, 5), "YEAR_MONTH_FORMAT") == "Tháng 1/2026"
        assert formats.number_format(1530000, force_grouping=True) == "1.530.000"
        assert formats.number_format(Decimal("12.5"), 1) == "12,5"


@pytest.mark.parametrize("text", ["05/01/2026", "5/1/2026", "05-01-2026", "05.01.2026", "2026-01-05"])
def test_forms_read_the_day_first(text):
    with translation.override("vi"):
        assert forms.DateField().clean(text) == date(2026, 1, 5)


def test_forms_refuse_american_dates_in_vietnamese():
    with translation.override("vi"), pytest.raises(forms.ValidationError) as refused:
        forms.DateField().clean("12/31/2026")
    assert refused.value.messages == ["Ngày không hợp lệ; hãy nhập dạng ngày/tháng/năm."]
