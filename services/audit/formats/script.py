"""The verifier as the one file that a pack carries: its modules one after the other, for people to read.

Auditors run it where nothing of this platform is, so the modules import nothing but the standard
library, `cryptography` and one another.
"""

import ast
from pathlib import Path
from typing import Final

VERIFIER: Final = Path(__file__).parent / "verifier"
PACKAGE: Final = f"{__package__}.verifier"
MODULES: Final = (
    "texts",
    "trees",
    "archive",
    "recorded",
    "logs",
    "stamps",
    "reports",
    "disclosures",
    "__main__",
)
"""Each after those that it imports."""


def script() -> bytes:
    """The same bytes from the same modules."""
    imported: dict[str, set[str]] = {}
    bodies: list[str] = []
    description = ""
    for name in MODULES:
        source = (VERIFIER / f"{name}.py").read_text()
        tree = ast.parse(source)
        description = ast.get_docstring(tree, clean=False) or ""
        imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
        for each in imports:
            _gather(each, imported)
        rest = source.splitlines()[imports[-1].end_lineno :] if imports else source.splitlines()
        bodies.append(f"# {name.strip('_')}\n\n" + "\n".join(rest).strip("\n"))
    lines = [_import(module, names) for module, names in sorted(imported.items())]
    head = f'#!/usr/bin/env python3\n"""{description}"""\n\n' + "\n".join(lines)
    return ("\n\n\n".join([head, *bodies]) + "\n").encode()


def _gather(node: ast.Import | ast.ImportFrom, imported: dict[str, set[str]]) -> None:
    """Plain imports have no names."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            imported.setdefault(alias.name, set())
    elif node.module and not node.module.startswith(PACKAGE):
        imported.setdefault(node.module, set()).update(alias.name for alias in node.names)


def _import(module: str, names: set[str]) -> str:
    return f"from {module} import {', '.join(sorted(names))}" if names else f"import {module}"
