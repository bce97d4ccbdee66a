"""Reproducible reading of political text: text in, tidy tables out, charts from tables.

>>> import pandas as pd, sco_notes as sn
>>> docs = pd.DataFrame({"doc_id": ["a"], "text": ["Kazakhstan welcomed the agreement of 4 July 2024."]})
>>> sn.find_mentions(docs)[["alias", "actor"]]
        alias actor
0  Kazakhstan   KAZ
>>> sn.find_dates(docs)[["text", "edtf"]]
          text        edtf
0  4 July 2024  2024-07-04
"""

import re
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

# The public names, one a line in `__init__.pyi`, where editors and type checkers read them too. Each is
# imported when it is first used: `sco-notes --help` would otherwise wait for pandas.
_LINES = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
_MODULE_OF = {name: module for module, name in re.findall(r"(?m)^from \.([\w.]+) import (\w+)", _LINES)}
__all__ = sorted(_MODULE_OF)


def __getattr__(name: str):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sco_notes' has no attribute {name!r}; see dir(sco_notes)")
    value = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    if isinstance(value, FunctionType | ModuleType):
        from .corpus.arguments import explained, explained_module

        value = explained(value) if isinstance(value, FunctionType) else explained_module(value)
    return value


def __dir__() -> list[str]:
    return __all__
