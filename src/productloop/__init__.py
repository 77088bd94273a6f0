"""productloop: from what users say and do, to what to build next, and whether it worked.

    import productloop
    shop = productloop.open("my-product")
    shop.import_file("reviews.csv")
    report = shop.needs.analyse(since="2026-01-01")

The public names are loaded when first used, so that `import productloop` stays light.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    # One BLAS thread: the same bytes on every run, and on two cores faster than threads that spin. Set before NumPy is first imported.
    os.environ.setdefault(_threads, "1")

__version__ = "0.1.0"

_PUBLIC = {
    "open": "productloop.interfaces.python:open_workspace",
    "Workspace": "productloop.interfaces.python:Workspace",
    "App": "productloop.loop.action:App",
    "Action": "productloop.loop.action:Action",
    "Request": "productloop.loop.action:Request",
    "Report": "productloop.loop.action:Report",
    "Finding": "productloop.loop.action:Finding",
    "Run": "productloop.loop.action:Run",
    "Scope": "productloop.loop.scope:Scope",
    "Store": "productloop.loop.store:Store",
    "Task": "productloop.loop.task:Task",
    "TaskTemplate": "productloop.loop.task:TaskTemplate",
    "Recipe": "productloop.learning.model:Recipe",
    "Provider": "productloop.llm.provider:Provider",
    "Reader": "productloop.loop.sources.records:Reader",
    "Figure": "productloop.foundation.figures:Figure",
    "Page": "productloop.foundation.page:Page",
    "Text": "productloop.foundation.wording:Text",
    "say": "productloop.foundation.wording:say",
    "ProductloopError": "productloop.foundation.errors:ProductloopError",
}
"""Public name -> where it lives; at most 25."""


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted([*_PUBLIC, "__version__"])
