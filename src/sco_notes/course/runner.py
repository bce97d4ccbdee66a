"""Runs the cells of one submission, inside the sandbox, and reports on a channel of its own.

Started as `python -m sco_notes.course.runner CHANNEL` with {"cells", "memory", "processes"} as JSON on
standard input. A cell is {"source", "values"}: after it the expressions in `values` are evaluated, and their
plain values reported. One line of JSON is written before each cell and one after, so that whoever waits
knows which cell did not come back. It knows no expected value and nothing that it says is trusted.
"""

import json
import os
import sys


def main() -> None:
    # The channel gets another number and is closed for children: what the cells print cannot land in it.
    channel = os.fdopen(os.dup(int(sys.argv[1])), "w", encoding="utf-8")
    os.close(int(sys.argv[1]))
    task = json.load(sys.stdin)
    _limit(task["memory"], task["processes"])
    os.environ["MPLBACKEND"] = "agg"

    from IPython.core.interactiveshell import InteractiveShell

    from .values import plain

    shell = InteractiveShell.instance(colors="nocolor")
    shell.showtraceback = lambda *args, **kwargs: None  # type: ignore[method-assign]  # reported, not shown
    report = lambda **line: print(json.dumps(line), file=channel, flush=True)  # noqa: E731
    for number, cell in enumerate(task["cells"]):
        report(begin=number)
        error = _run(shell, cell["source"])
        values = []
        for expression in cell["values"]:
            try:
                values.append(plain(eval(expression, shell.user_ns)))
            except BaseException as fault:
                values.append({"type": "fault", "value": _fault(fault)})
        report(end=number, error=error, values=values)
    report(done=True)
    os._exit(0)  # whatever threads or exit handlers the cells have left


def _run(shell, source: str) -> dict | None:
    try:
        result = shell.run_cell(source, store_history=False)
    except BaseException as fault:
        return _fault(fault)
    error = result.error_before_exec or result.error_in_exec
    return _fault(error) if error is not None else None


def _fault(fault: BaseException) -> dict:
    try:
        text = str(fault)[:300]
    except BaseException:
        text = ""
    return {"name": type(fault).__name__[:60], "text": text}


def _limit(memory: int, processes: int) -> None:
    """Limits of this process and its children, which cannot be raised again."""
    try:
        import resource
    except ImportError:  # Windows, where only --no-sandbox is possible
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, 50_000_000),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
