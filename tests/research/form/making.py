"""Forms for tests, briefly."""

from typing import Any

from services.research.domain.form.form import Form
from shared.contracts.research.vocabulary.forms import FormDefinition

LISTS = {
    "yesno": ("yes", "no"),
    "letters": ("a", "b", "c"),
}


def label(text: str = "Tekst") -> dict[str, str]:
    return {"pl": text, "en": f"{text} (en)"}


def item(kind: str, name: str, **facts: Any) -> dict[str, Any]:
    """An item with the label its kind needs."""
    labelled = {} if kind == "calculate" else {"label": label(f"Pytanie {name}")}
    return {"kind": kind, "name": name, **labelled, **facts}


def definition(*items: dict[str, Any], **facts: Any) -> FormDefinition:
    lists = {
        name: [{"name": choice, "label": label(f"Wybór {choice}")} for choice in choices]
        for name, choices in LISTS.items()
    }
    return FormDefinition.model_validate(
        {"title": {"pl": "Ankieta"}, "choice_lists": lists, "items": items, **facts}
    )


def form(*items: dict[str, Any]) -> Form:
    return Form(definition(*items))
