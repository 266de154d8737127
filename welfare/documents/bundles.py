"""Many papers of one layout in one file, such as the invitations to an event: each starts a page and its own numbering.

A bundle is printed in parts as a long document is. Its PDF has an outline with one entry a paper, by which one paper is
cut out of it again.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pikepdf
from django.template.loader import render_to_string

from welfare.documents.blocks import Table
from welfare.documents.layout import printable
from welfare.documents.rendering import style_sheet


@dataclass(frozen=True)
class Paper:
    """``label`` stands in the outline of the PDF."""

    label: str
    content: object


@dataclass(frozen=True)
class Bundle:
    """Papers of OfficialDocuments, or of whatever ``template`` prints; one process sets ``part_size`` of them."""

    title: str
    papers: Sequence[Paper]
    template: str = "documents/bundle.html"
    css: str = "documents/official.css"
    formats: Sequence[str] = ("pdf", "docx", "xlsx")
    part_size: int = 70
    kind: str = ""

    @property
    def tables(self) -> list[Table]:
        return [table for paper in self.papers for table in paper.content.tables]

    def parts(self) -> list["BundlePart"]:
        starts = range(0, len(self.papers), self.part_size)
        return [BundlePart(self, start) for start in starts]


@dataclass(frozen=True)
class BundlePart:
    bundle: Bundle
    start: int
    numbering: int = 0

    def html(self) -> str:
        """A page of its own for the PDF process; the style sheet numbers each paper's pages."""
        bundle = self.bundle
        papers = [printable(paper) for paper in bundle.papers[self.start : self.start + bundle.part_size]]
        context = {"document": bundle, "papers": papers, "print_css": style_sheet(bundle.css)}
        return render_to_string(bundle.template, context)


def bind(pdfs: Sequence[bytes]) -> bytes:
    """One PDF of the parts' in their order, with the outline of all."""
    whole, starts = pikepdf.open(io.BytesIO(pdfs[0])), []
    starts += _starts(whole)
    for content in pdfs[1:]:
        with pikepdf.open(io.BytesIO(content)) as part:
            starts += [(label, page + len(whole.pages)) for label, page in _starts(part)]
            whole.pages.extend(part.pages)
    with whole.open_outline() as outline:
        outline.root[:] = [pikepdf.OutlineItem(label, page) for label, page in starts]
    target = io.BytesIO()
    whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def cut_out(stream, wanted: Sequence[int]) -> bytes:
    """The papers at these places of a bundle's PDF, from 0, in this order. Raises ``IndexError`` for a place it lacks."""
    with pikepdf.open(stream) as whole, pikepdf.new() as one:
        pages = [page for _, page in _starts(whole)]
        spans = list(pairwise([*pages, len(whole.pages)]))
        for place in wanted:
            first, end = spans[place]
            one.pages.extend(whole.pages[first:end])
        with one.open_metadata(set_pikepdf_as_editor=False) as about, whole.open_metadata() as former:
            about["dc:title"] = former.get("dc:title", "")
        target = io.BytesIO()
        one.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()


def chain(pdfs: Sequence[bytes]) -> bytes:
    """PDFs that were cut out, one after the other."""
    if len(pdfs) == 1:
        return pdfs[0]
    with pikepdf.new() as whole:
        for content in pdfs:
            with pikepdf.open(io.BytesIO(content)) as part:
                whole.pages.extend(part.pages)
        target = io.BytesIO()
        whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()


def _starts(pdf) -> list[tuple[str, int]]:
    """(label, first page) of each paper."""
    places = {page.objgen: place for place, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        return [(str(item.title), places[_page(item).objgen]) for item in outline.root]


def _page(item):
    destination = item.destination if item.destination is not None else item.action.D
    return destination[0]
