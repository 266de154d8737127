"""Small looks into WordprocessingML by local names: transitional and strict files differ in their namespaces only."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    return (child for child in (element if element is not None else ()) if local(child) == name)


def first(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next(children(element, name), None)
    return element


def attribute(element: Element | None, name: str) -> str:
    if element is None:
        return ""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def value_of(element: Element | None, *path: str) -> str | None:
    """The ``w:val`` of a nested element; None where it does not stand."""
    found = first(element, *path)
    return None if found is None else attribute(found, "val")


def is_on(element: Element | None, *path: str) -> bool | None:
    """A switch such as ``w:b``: None where nothing is said."""
    found = first(element, *path)
    return None if found is None else attribute(found, "val") not in ("0", "false", "off", "none")
