"""An official document as plain data, so that what was laid before the signer stays so whatever the ledger says later."""

import dataclasses
import datetime
from decimal import Decimal

from welfare.documents import blocks, layout
from welfare.documents.charts import Series
from welfare.documents.layout import OfficialDocument, printable

_KINDS = {
    kind.__name__: kind
    for kind in (
        layout.OfficialDocument, layout.Appendix, layout.Signature, layout.Recipient, layout.PartialDate,
        blocks.Heading, blocks.Paragraph, blocks.Bullet, blocks.Banner, blocks.PageBreak, blocks.Chart, blocks.Table, blocks.Column,
        blocks.GroupRow, Series,
    )
}  # fmt: skip
_TEXTS = {
    "Decimal": Decimal,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
}
_TYPE = "_"


def freeze(document: OfficialDocument) -> dict:
    """What JSON can hold. ``thaw`` makes the same document of it."""
    return _frozen(printable(document))


def thaw(content: dict) -> OfficialDocument:
    return _thawed(content)


def _frozen(value):
    if dataclasses.is_dataclass(value):
        fields = {field.name: _frozen(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {_TYPE: type(value).__name__, **fields}
    if isinstance(value, (list, tuple)):
        return [_frozen(item) for item in value]
    if isinstance(value, Decimal):
        return {_TYPE: "Decimal", "text": str(value)}
    if isinstance(value, datetime.date):  # a datetime is one too
        return {_TYPE: type(value).__name__, "text": value.isoformat()}
    return value


def _thawed(value):
    if isinstance(value, list):
        return [_thawed(item) for item in value]
    if not isinstance(value, dict):
        return value
    fields = {name: _thawed(item) for name, item in value.items() if name != _TYPE}
    kind = value[_TYPE]
    return _TEXTS[kind](fields["text"]) if kind in _TEXTS else _KINDS[kind](**fields)
