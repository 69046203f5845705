"""Elements of a codebook in DDI Codebook 2.5 (DDI Alliance, ddi:codebook:2_5)."""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from shared.runtime.speaking import Bilingual

NAMESPACE: Final = "ddi:codebook:2_5"
XML: Final = "http://www.w3.org/XML/1998/namespace"
LANGUAGES: Final = ("pl", "en")
register_namespace("", NAMESPACE)


def code_book(identifier: str) -> Element:
    root = Element(_tag("codeBook"), {"version": "2.5", f"{{{XML}}}lang": "pl"})
    root.set("ID", identifier)
    return root


def written(root: Element) -> bytes:
    """The same elements give the same bytes."""
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def add_category(variable: Element, code: str, label: Bilingual) -> None:
    category = add(variable, "catgry")
    add(category, "catValu", code)
    add_both(category, "labl", label)


def add_both(parent: Element, name: str, texts: Bilingual) -> None:
    for language in LANGUAGES:
        add(parent, name, getattr(texts, language), language)


def add(parent: Element, name: str, text: str = "", language: str = "") -> Element:
    child = SubElement(parent, _tag(name))
    if text:
        child.text = text
    if language:
        child.set(f"{{{XML}}}lang", language)
    return child


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
