"""Cited documents in the one register: found however their numbers are punctuated, entered where they are not there."""

from django.db.models import Q

from programs.plans.word.found import Citation
from programs.plans.word.names import Names
from welfare.documents import numbers
from welfare.documents.models import Document, DocumentKind
from welfare.units.models import Unit, User
from welfare.vietnamese import fold


class Register:
    def __init__(self, user: User, unit: Unit, names: Names, citations: list[Citation]):
        self._unit, self._names = unit, names
        self._kinds = {kind.name: kind for kind in DocumentKind.objects.all()}
        self._known = list(_candidates(user, citations))

    def document(self, citation: Citation) -> tuple[Document, str]:
        """The document, and a sentence where something about it should be looked at."""
        for known in self._known:
            if _is_same(known, citation):
                return known, _about_title(known, citation)
        made, unsure = self._enter(citation)
        self._known.append(made)
        return made, unsure or "Văn bản chưa có trong sổ nên được ghi thêm; hãy kiểm tra số, ngày và trích yếu."

    def _enter(self, citation: Citation) -> tuple[Document, str]:
        unit, organization, words, unsure = (
            self._names.issuer(citation.issuer) if citation.issuer else (None, None, "", "")
        )
        made = Document(
            unit=self._unit, kind=self.kind(citation.kind), number=citation.number, symbol=citation.symbol, day=citation.day,
            month=citation.month, year=citation.year, issuer=organization, issuer_unit=unit, issuer_words=words,
            title=citation.title,
        )  # fmt: skip
        if holder := made.holder_of_its_number():
            return holder, made.already_given_to(holder)
        made.save()
        return made, unsure

    def kind(self, name: str) -> DocumentKind:
        low = name.lower()
        return next(kind for known, kind in self._kinds.items() if known.lower() == low)


def _candidates(user, citations):
    """Documents whose number or title might be one of those cited; one query."""
    keys = [numbers.key(citation.number, citation.symbol) for citation in citations if citation.number]
    titles = Q(pk__in=[])
    for citation in citations:
        if not citation.number and citation.title:
            titles |= Q(title__iexact=citation.title)
    return Document.objects.for_user(user).filter(Q(number_key__in=keys) | titles).select_related("kind").order_by("pk")


def _is_same(known: Document, citation: Citation) -> bool:
    """Nothing known of either contradicts the other, and number or title agree."""
    if known.year and citation.year and known.year != citation.year:
        return False
    if citation.number:
        return known.number_key == numbers.key(citation.number, citation.symbol)
    is_of_kind = known.kind.name.lower() == citation.kind.lower()
    same_symbol = known.number_key == numbers.key("", citation.symbol)
    return is_of_kind and not known.number and same_symbol and fold(known.title) == fold(citation.title)


def _about_title(known: Document, citation: Citation) -> str:
    if not citation.title or numbers.words(known.title) == numbers.words(citation.title):
        return ""
    return f"Sổ văn bản ghi trích yếu của văn bản này là “{known.title}”, khác với chữ trong tệp."
