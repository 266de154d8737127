"""What a page shows a person: its words and its links."""

import re
from functools import cache
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

_SPOKEN = (
    "//@title | //@placeholder | //@aria-label | //@alt | //@data-placeholder"
    " | //input[@type='submit' or @type='button']/@value"
)
_UNSPOKEN = (
    "//script | //style | //template | //*[contains(@class, 'material-symbols-outlined') or contains(@class, 'hljs')]"
)
_spoken, _unspoken, _links, _texts = (
    etree.XPath(path, smart_strings=False) for path in (_SPOKEN, _UNSPOKEN, "//a/@href", "//text()")
)


class Page:
    """``texts``: every visible or spoken piece of text; ``links``: paths of this site it leads to."""

    def __init__(self, path: str, source: str):
        tree = html.document_fromstring(source) if source.strip() else etree.Element("html")
        self.links = {link for href in _links(tree) if (link := _of_this_site(urljoin(path, href)))}
        spoken = _spoken(tree)
        for element in _unspoken(tree):
            element.clear(keep_tail=True)
        self.texts = [text.strip() for text in spoken + _texts(tree) if text.strip()]


@cache
def _of_this_site(address) -> str:
    target = urlsplit(address)
    if target.netloc or target.scheme not in ("", "http") or not target.path.startswith("/"):
        return ""
    return target.path + (f"?{target.query}" if target.query else "")


# Words no Vietnamese sentence holds, whatever its accents; names of file formats are not words.
_WORDS = """
about above action actions active add added all always and any apply are back before below between browse button
approved cancel change changed changes check choose clear click close closed confirm content could create created current
dashboard date default delete deleted draft description details disabled does download edit empty enter error errors
every example export failed false field fields file filename filter filters first following for format from full
general group groups has have help hide home import invalid issued item items keep key last like list loading log login
logout lookup more must name never new next none not nothing number object objects only open option options
order other our paid password permission permissions please popup previous print proposed quick read record remove required
reset result results return save saved search see select selected selection send settings should show site
sorting start status submit submitted success sure system table text that the their there these this time toggle true type
unknown unselect until update upload use user username users value values view was were when which will with
without would year yes yesterday you your
"""
_ENGLISH = frozenset(_WORDS.split())


@cache
def english_in(text: str) -> list[str]:
    """English words of a text, those Vietnamese also spells (an, to, me, no, on ...) aside; marks of a template are code."""
    return sorted(
        {
            word
            for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"\{%.*?%\}", " ", text))
            if word.lower() in _ENGLISH and (word.islower() or word.istitle())
        }
    )
