"""A notebook's kernel, forked from the process that runs the notebook: what that has imported is there.

jupyter_client calls what starts a kernel a provisioner; this one is its own, but for the fork.
"""

import logging
import os
import warnings
from importlib.metadata import EntryPoint
from multiprocessing import Pipe, context
from multiprocessing.connection import Connection
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

NAME = "sco-notes"
HIGHEST_DESCRIPTOR = 256  # that the parent may have open

_waiting: list = []  # a forked process that has not yet been told which kernel it is


class _Process(getattr(context, "ForkProcess", object)):  # type: ignore[misc]  # Windows has none, nor forks
    """A forked process with what jupyter_client asks of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        return self.exitcode

    def wait(self) -> int | None:
        self.join()
        return self.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid or 0, number)


def fork_kernel() -> None:
    """Fork the process of the next kernel: at once, while this one has no threads."""
    receiver, sender = Pipe(duplex=False)
    process = _Process(target=_run_kernel, args=(receiver,))
    process.start()
    receiver.close()
    _waiting.append((process, sender))


def log_warnings() -> None:
    """In a kernel: what libraries say to their developers goes to the log, not into the page.

    Notes of this package and warnings to a user (UserWarning: a glyph that a font lacks) stay in the page.
    """
    page = logging.StreamHandler()
    for name in ("sco_notes", "matplotlib"):
        logging.getLogger(name).addHandler(page)
        logging.getLogger(name).propagate = False
    logging.basicConfig(filename=os.environ["SCO_NOTES_LOG"], encoding="utf-8", force=True)
    show = warnings.showwarning

    def log_or_show(message, category, filename, lineno, file=None, line=None) -> None:
        if issubclass(category, UserWarning):
            show(message, category, filename, lineno, file, line)
        else:
            logging.warning("%s:%s: %s: %s", filename, lineno, category.__name__, message)

    warnings.showwarning = log_or_show


def register() -> None:
    """Tell jupyter_client of the provisioner that kernel.json names."""
    entry = EntryPoint(NAME, f"{__name__}:{ForkedKernel.__name__}", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners[NAME] = entry


class ForkedKernel(LocalProvisioner):
    """The process that waits, made the kernel; a new process where none waits."""

    async def launch_kernel(self, cmd: list[str], **kwargs):
        if not _waiting:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, sender = _waiting.pop()
        self.cwd = kwargs.get("cwd") or Path.cwd()
        sender.send((cmd, self.cwd, kwargs["env"]))
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def _run_kernel(receiver: Connection) -> None:
    from ipykernel.kernelapp import IPKernelApp
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support

    os.setsid()
    # The pipes of the parent: it must be seen that they end with it.
    os.closerange(3, receiver.fileno())
    os.closerange(receiver.fileno() + 1, HIGHEST_DESCRIPTOR)
    try:
        command, folder, environment = receiver.recv()
    except EOFError:  # the parent ended before
        return
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    kernel = IPKernelApp.instance()
    kernel.initialize(command[command.index("ipykernel_launcher") + 1 :])
    # The backend asks for a running IPython when it is imported, which the parent did without one: without
    # this no chart is shown at the end of its cell.
    activate_matplotlib(os.environ["MPLBACKEND"])
    configure_inline_support(kernel.shell, os.environ["MPLBACKEND"])
    kernel.start()
