"""Runs the cells of one submission, inside the sandbox, and reports on a channel of its own.

Started as `python -m sco_notes.course.runner CHANNEL` with {"cells", "memory", "processes"} as JSON on
standard input. A cell is {"source", "values"}: after it the expressions in `values` are evaluated, and their
plain values reported. The channel gets one line of JSON when the interpreter is ready, and one after each
cell, so that whoever waits knows which cell did not come back. No expected value is known here, and nothing
that is said here is trusted.
"""

import json
import os
import sys

from ..processes import limit_process

LARGEST_FILE = 50_000_000  # bytes


def main() -> None:
    # The channel gets another number and is closed for children: what the cells print cannot land in it.
    channel = os.fdopen(os.dup(int(sys.argv[1])), "w", encoding="utf-8")
    os.close(int(sys.argv[1]))
    task = json.load(sys.stdin)
    limit_process(AS=task["memory"], NPROC=task["processes"], FSIZE=LARGEST_FILE, NOFILE=256, CORE=0)

    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance(colors="nocolor")
    shell.showtraceback = lambda *args, **kwargs: None  # type: ignore[method-assign]  # reported, not shown
    print("{}", file=channel, flush=True)
    for cell in task["cells"]:
        error = _run(shell, cell["source"])
        values = [_value(shell, expression) for expression in cell["values"]]
        print(json.dumps({"error": error, "values": values}), file=channel, flush=True)
    os._exit(0)  # whatever threads or exit handlers the cells have left


def _run(shell, source: str) -> str:
    try:
        result = shell.run_cell(source, store_history=False)
    except BaseException as fault:
        return _describe(fault)
    error = result.error_before_exec or result.error_in_exec
    return _describe(error) if error is not None else ""


def _value(shell, expression: str) -> dict:
    from .values import plain

    try:
        return plain(eval(expression, shell.user_ns))
    except BaseException as fault:
        return {"type": "fault", "value": _describe(fault)}


def _describe(fault: BaseException) -> str:
    name = type(fault).__name__[:60]
    try:
        return f"{name}: {str(fault)[:300]}".rstrip(": ")
    except BaseException:
        return name


if __name__ == "__main__":
    main()
