"""What a page shows a person: its words and its links."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_SPOKEN = ("title", "placeholder", "aria-label", "alt", "data-placeholder")
_UNSPOKEN = {"script", "style", "template"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_ICON = "material-symbols-outlined"


class Page(HTMLParser):
    """``texts``: every visible or spoken piece of text; ``links``: paths of this site it leads to."""

    def __init__(self, path: str, html: str):
        super().__init__(convert_charrefs=True)
        self.path, self.texts, self.links, self._silent = path, [], set(), []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in _VOID:
            self._silent.append(
                tag in _UNSPOKEN or _ICON in (given.get("class") or "") or "hljs" in (given.get("class") or "")
            )
        self.texts += [given[name] for name in _SPOKEN if given.get(name)]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.texts.append(given.get("value") or "")
        if tag == "a" and given.get("href"):
            self._follow(given["href"])

    def handle_endtag(self, tag):
        if tag not in _VOID and self._silent:
            self._silent.pop()

    def handle_data(self, data):
        if data.strip() and not any(self._silent):
            self.texts.append(data.strip())

    def _follow(self, href):
        target = urlsplit(urljoin(self.path, href))
        if not target.netloc and target.scheme in ("", "http") and target.path.startswith("/"):
            self.links.add(target.path + (f"?{target.query}" if target.query else ""))


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


def english_in(text: str) -> list[str]:
    """English words of a text, those Vietnamese also spells (an, to, me, no, on ...) aside; marks of a template are code."""
    return sorted(
        {
            word
            for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"\{%.*?%\}", " ", text))
            if word.lower() in _ENGLISH and (word.islower() or word.istitle())
        }
    )
