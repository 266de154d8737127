"""The text around a document's figures: which passages may be rewritten, and the document with them rewritten.

A passage is a run of paragraphs and items between headings, tables and charts. It is known by its section and its place
there, so that what was written stays where it was when the figures are counted again. Every section begins and ends
with one, empty where nothing is said there.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from welfare.documents.blocks import Bullet, Heading, Paragraph, text_blocks
from welfare.documents.layout import OfficialDocument, Recipient
from welfare.vietnamese import fold

FRAME = {
    "summary": "Trích yếu",
    "addressees": "Kính gửi (mỗi nơi một dòng)",
    "bases": "Căn cứ (mỗi căn cứ một dòng)",
    "recipients": "Nơi nhận (mỗi nơi một dòng)",
    "capacity": "Quyền hạn, chức vụ người ký (mỗi dòng một cấp)",
    "signer": "Họ và tên người ký",
}


@dataclass(frozen=True)
class Passage:
    """``given`` is the text as the programme words it today, ``lead`` its bold beginning."""

    key: str
    given: str
    lead: str = ""
    label: str = "Lời văn"


def frame_of(document: OfficialDocument) -> list[Passage]:
    """The parts around the body. A document that several people sign keeps its signatures as they are."""
    signer = document.signatures[0] if len(document.signatures) == 1 else None
    texts = {
        "summary": document.summary,
        "addressees": "\n".join(document.addressees),
        "bases": "\n".join(document.bases),
        "recipients": "\n".join(recipient.text for recipient in document.recipients),
        **({"capacity": "\n".join(signer.capacity), "signer": signer.name} if signer else {}),
    }
    return [Passage(f"khung/{name}", text, label=FRAME[name]) for name, text in texts.items()]


def pieces_of(document: OfficialDocument) -> Iterator:
    """The body in its order: headings, what is fixed, and a ``Passage`` for each run of text."""
    section, sections = "mo-dau", {}
    for heading, blocks in _by_heading(document.blocks):
        if heading:
            yield heading
            section = "-".join(fold(heading.title).split())[:80] or "muc"
        sections[section] = sections.get(section, 0) + 1
        again = f"-{sections[section]}" if sections[section] > 1 else ""
        yield from _section(f"{section}{again}", blocks)


def passages_of(document: OfficialDocument) -> list[Passage]:
    return [*frame_of(document), *(piece for piece in pieces_of(document) if isinstance(piece, Passage))]


def rewritten(document: OfficialDocument, texts: dict[str, str]) -> OfficialDocument:
    """The document with the passages of ``texts`` (by key) as written there; the others as they are."""
    blocks = []
    for piece in pieces_of(document):
        if isinstance(piece, Passage):
            blocks += _written(piece, texts.get(piece.key, piece.given))
        else:
            blocks.append(piece)
    return dataclasses.replace(document, blocks=blocks, **_frame(document, texts))


def _frame(document, texts) -> dict:
    changed = {key.removeprefix("khung/"): text for key, text in texts.items() if key.startswith("khung/")}
    lines = {name: [line.strip() for line in text.splitlines() if line.strip()] for name, text in changed.items()}
    fields = {name: lines[name] for name in ("addressees", "bases") if name in lines}
    if "summary" in changed:
        fields["summary"] = "\n".join(lines["summary"])
    if "recipients" in lines:
        fields["recipients"] = [Recipient(line.lstrip("-– ")) for line in lines["recipients"]]
    if len(document.signatures) == 1 and ("capacity" in changed or "signer" in changed):
        signature = document.signatures[0]
        fields["signatures"] = [
            dataclasses.replace(
                signature,
                capacity=lines.get("capacity", signature.capacity),
                name=" ".join(lines["signer"]) if "signer" in lines else signature.name,
            )
        ]
    return fields


def _by_heading(blocks):
    heading, found = None, []
    for block in blocks:
        if isinstance(block, Heading):
            yield heading, found
            heading, found = block, []
        else:
            found.append(block)
    yield heading, found


def _section(section, blocks):
    runs = list(_runs(blocks))
    if not runs or not isinstance(runs[0], list):
        runs.insert(0, [])
    if not isinstance(runs[-1], list):
        runs.append([])
    texts, leads = sum(isinstance(run, list) for run in runs), {}
    place = 0
    for run in runs:
        if not isinstance(run, list):
            yield run
            continue
        place += 1
        name = "dau" if place == 1 else "cuoi" if place == texts else str(place)
        if lead := _lead(run):
            leads[lead] = leads.get(lead, 0) + 1
            name = "-".join([*fold(lead).split(), *([str(leads[lead])] if leads[lead] > 1 else [])])[:80]
        yield Passage(f"{section}/{name}", _text(run), lead, _label(lead, place, texts, run))


def _runs(blocks):
    """Lists of text blocks that stand together, and what is fixed by itself. A bold beginning begins a run."""
    run = []
    for block in blocks:
        if not _is_text(block):
            if run:
                yield run
            run = []
            yield block
        elif _lead([block]) and run:
            yield run
            run = [block]
        else:
            run.append(block)
    if run:
        yield run


def _is_text(block) -> bool:
    return isinstance(block, Bullet) or isinstance(block, Paragraph) and not block.italic and block.align == "justify"


def _lead(run) -> str:
    return getattr(run[0], "lead", "") if run else ""


def _label(lead, place, texts, run) -> str:
    if lead:
        return lead
    if run:
        return "Lời văn"
    return "Lời dẫn (không bắt buộc)" if place == 1 and texts > 1 else "Nhận xét thêm (không bắt buộc)"


def _text(run) -> str:
    return "\n".join(
        f"- {block.text}" if isinstance(block, Bullet) else " ".join(block.text.split("\n")) for block in run
    ).strip()


def _written(passage: Passage, text: str) -> list:
    blocks = text_blocks(text)
    if not passage.lead:
        return blocks
    if blocks and isinstance(blocks[0], Paragraph):
        return [Paragraph(blocks[0].text, passage.lead), *blocks[1:]]
    return [Paragraph("", passage.lead), *blocks]
