"""What a kernel says where Run All stopped: an IPython extension that the desk switches on.

Run All Cells leaves the view at the end of the notebook, where nothing tells of an error far above. Of the
cells that a kernel was asked for and does not run, the last one gets a line that says where it stopped.
"""

from functools import partial

NEXT = "Nothing after that cell was run. Change what it names, there or in the parameters, and run all again."


def load_ipython_extension(shell) -> None:
    """Switch the line on, in a kernel; IPython in a terminal asks for one cell at a time."""
    if not hasattr(shell, "kernel"):
        return
    kernel = shell.kernel
    said: list = []  # the line, then of which request it was shown in answer
    finish = kernel.finish_metadata  # called with each reply, also that a cell was not run

    def remember(result) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error:
            said[:] = [f"Stopped at cell [{result.execution_count or '?'}]: {_first_line(error)}"]

    def tell(parent, metadata, reply):
        if reply.get("status") == "aborted" and said:
            send = partial(kernel.session.send, kernel.iopub_socket)
            if len(said) > 1:
                send("clear_output", {"wait": False}, parent=said[1])
            send("stream", {"name": "stderr", "text": f"{said[0]}\n{NEXT}\n"}, parent=parent)
            said[1:] = [parent]
        return finish(parent, metadata, reply)

    shell.events.register("post_run_cell", remember)
    kernel.finish_metadata = tell


def _first_line(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.msg}: {(error.text or '').strip()}"
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first + "; words and conditions stand in quotation marks" * isinstance(error, NameError)
