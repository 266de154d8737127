"""Every document of ``settings.DOCUMENTS``, made from the demonstration, opened as PDF, as Word and as workbook.

All are printed into one PDF by one process, as starting one for each would take most of the time.
"""

import io
import re

import pikepdf
import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from docx import Document as Word
from docx.oxml.ns import qn
from openpyxl import load_workbook

from beneficiaries.models import GrantRound
from tests.test_printing import pages_of_pdf
from tests.test_upload import people, person_row, upload
from welfare.documents.bundles import Bundle
from welfare.documents.docx import FONT, render_docx
from welfare.documents.layout import OfficialDocument
from welfare.documents.papers.frozen import freeze, thaw
from welfare.documents.papers.models import kind_of
from welfare.documents.printing import extra_names, function_of, make_document
from welfare.documents.rendering import html_to_pdf, official_css, render_html
from welfare.documents.tables import render_xlsx
from welfare.models import Unit, User

READERS = ("canbo", "taichinh", "kiemtra", "lanhdao")
MOST_TRIED = 40


def subjects(kind):
    """Keys the document may be about, likely ones first."""
    if label := getattr(function_of(kind), "subject", ""):
        return list(apps.get_model(label)._base_manager.order_by("-pk").values_list("pk", flat=True)[:MOST_TRIED])
    if kind.startswith("round_"):
        return list(GrantRound.objects.order_by("-pk").values_list("pk", flat=True))
    return ["tat-ca", *Unit.objects.order_by("path").values_list("pk", flat=True)[:3]]


def first_of(kind):
    for username in READERS:
        user = User.objects.get(username=username)
        for subject in subjects(kind):
            try:
                return make_document(user, kind, str(subject))
            except (Http404, PermissionDenied):
                continue
    return None


@pytest.fixture
def uploaded(demo_province, client_of):
    """The small demonstration holds no list that was sent: reading one takes a process."""
    upload(client_of(User.objects.get(username="batri")), people(person_row()))


@pytest.fixture
def documents(uploaded):
    found = {kind: first_of(kind) for kind in settings.DOCUMENTS}
    assert [kind for kind, document in found.items() if document is None] == []
    officials = {kind: _one(document) for kind, document in found.items()}
    return {kind: document for kind, document in officials.items() if isinstance(document, OfficialDocument)}


def _one(document):
    """Of a bundle its first paper. Badges are none of the official layout; their own tests print them."""
    return document.papers[0].content if isinstance(document, Bundle) else document


def test_every_document_opens_as_pdf_word_and_workbook(documents):
    _opens_as_pdf(documents)
    for kind, document in documents.items():
        _opens_as_word(kind, document)
        if document.tables:
            _opens_as_workbook(kind, document)
        if getattr(function_of(kind), "issued_as", ""):
            _can_be_issued(kind, document)


def test_no_document_fails_of_what_a_request_adds(demo_province, client_of):
    """``kind`` once stood for the document's own and for the kind of house it was asked for."""
    client, failed = client_of(User.objects.get(username="canbo")), []
    for kind in settings.DOCUMENTS:
        subject = next(iter(subjects(kind)), 1)
        for name in extra_names(kind):
            for words in ("x", "\0", "9" * 30):
                status = client.post(f"/in/{kind}/{subject}/pdf/", {name: words}).status_code
                failed += [] if status in (302, 403, 404) else [(kind, name, words)]
    assert failed == []


def _opens_as_pdf(documents):
    bodies = [
        re.search(r'<body class="official">(.*)</body>', render_html(d), re.DOTALL)[1] for d in documents.values()
    ]
    page = "".join(f'<div style="break-before: page">{body}</div>' for body in bodies)
    html = f'<html lang="vi"><head><title>x</title><style>{official_css()}</style></head><body class="official">{page}</body></html>'
    content = html_to_pdf(html)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {
            str(each.BaseFont) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each
        }
    assert {re.sub(r"^/[A-Z]{6}\+|-?(Bold|Italic|-)*$", "", name) for name in fonts} == {"Tinos"}
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in fonts)  # a part of the font is in the file
    pages = [_squeezed(page) for page in pages_of_pdf(content)]
    text = "".join(pages)
    missing = [
        kind for kind, d in documents.items() if not d.poster and _squeezed(d.summary.split("\n")[0])[:30] not in text
    ]
    assert missing == []
    for poster in (d for d in documents.values() if d.poster):
        first, last = (_squeezed(banner.text) for banner in (poster.blocks[0], poster.blocks[-1]))
        assert [page for page in pages if page.startswith(first) and page.endswith(last)], poster.title


def _opens_as_word(kind, document):
    word = Word(io.BytesIO(render_docx(document)))
    text = _squeezed("".join(part.text or "" for part in word.element.iter(qn("w:t"))))
    wanted = document.blocks[0].text if document.poster else document.summary
    assert _squeezed(wanted.split("\n")[0])[:30] in text, kind
    named = {fonts.get(qn("w:ascii")) for fonts in word.styles.element.iter(qn("w:rFonts"))} - {None}
    assert FONT in named, kind
    assert len(word.tables) >= len(document.tables), kind


def _opens_as_workbook(kind, document):
    book = load_workbook(io.BytesIO(render_xlsx(document)))
    formulas = [c.coordinate for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == [], kind


def _can_be_issued(kind, document):
    assert (bool(document.unit_id), bool(document.symbol)) == (True, True), kind
    assert kind_of(document).name, kind
    assert freeze(thaw(freeze(document))) == freeze(document), kind


def _squeezed(text) -> str:
    return "".join(text.split()).lower()
