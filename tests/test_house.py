"""The arrows of docs/architecture.md: who may import whom, and no circles."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("index", "assistant", "finetune")

FORBIDDEN = [
    ("index", "assistant", "the index knows nothing of chat"),
    ("index", "finetune", "training is not needed to serve"),
    ("assistant", "finetune", "training is not needed to serve"),
    ("assistant.reviews", "assistant.recommend", "reviews are read without knowing who weighs them"),
    ("assistant.nouns", "assistant", "nouns import only the index's nouns"),
    ("assistant.recommend", "assistant.llm", "the ranker must not know the language model"),
    ("assistant.recommend", "assistant.dialogue", "siblings share nouns, not each other"),
    ("assistant.recommend", "assistant.explain", "siblings share nouns, not each other"),
    ("assistant.dialogue", "assistant.recommend", "siblings share nouns, not each other"),
    ("assistant.dialogue", "assistant.explain", "siblings share nouns, not each other"),
    ("assistant.explain", "assistant.recommend", "siblings share nouns, not each other"),
    ("assistant.explain", "assistant.dialogue", "siblings share nouns, not each other"),
    ("assistant.storage", "assistant.engine", "stores fit the engine's protocols without knowing it"),
    ("assistant.engine", "assistant.web", "the engine knows no web"),
    ("assistant.engine", "assistant.storage", "the engine sees stores as protocols"),
    ("assistant.engine", "assistant.assembly", "parts do not know who put them together"),
    ("assistant.llm", "assistant.dialogue", "the model does not know what it is asked for"),
    ("assistant.llm", "assistant.explain", "the model does not know what it is asked for"),
]

LOADERS_OF_CODE = {"torch.load", "pickle.load", "pickle.loads", "yaml.load", "joblib.load", "eval", "exec"}


def _graph() -> dict[str, set[str]]:
    files = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    graph: dict[str, set[str]] = {}
    for module, path in files.items():
        used: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                used |= {name for a in node.names if (name := f"{node.module}.{a.name}") in files} or {node.module}
            elif isinstance(node, ast.Import):
                used |= {alias.name for alias in node.names}
        graph[module] = {name for name in used if name in files and name != module}
    return graph


def _inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


@pytest.mark.parametrize(("room", "other", "why"), FORBIDDEN)
def test_no_import_goes_against_the_arrows(room: str, other: str, why: str) -> None:
    against = [
        f"{module} -> {used}"
        for module, uses in _graph().items()
        if _inside(module, room)
        for used in uses
        if _inside(used, other) and not _inside(used, room) and used not in ("assistant.testing", "assistant.errors")
    ]
    assert against == [], why


def test_imports_form_no_circle() -> None:
    order = list(TopologicalSorter(_graph()).static_order())
    assert "assistant.engine" in order


def test_nothing_in_our_packages_loads_code_from_files() -> None:
    found: list[str] = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in LOADERS_OF_CODE:
                    safe = any(k.arg == "weights_only" and ast.unparse(k.value) == "True" for k in node.keywords)
                    found += [] if safe else [f"{path.relative_to(ROOT)}: {ast.unparse(node.func)}"]
                if isinstance(node, ast.keyword) and node.arg == "trust_remote_code":
                    found += [] if ast.unparse(node.value) == "False" else [f"{path.relative_to(ROOT)}: remote code"]
    assert found == []


def test_importing_the_nouns_stays_light() -> None:
    heavy = "{'torch', 'transformers', 'faiss', 'gradio', 'sentence_transformers', 'fastapi'}"
    code = f"import sys, assistant, assistant.nouns, assistant.settings; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
