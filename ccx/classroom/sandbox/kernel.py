"""A Jupyter kernel shut in like the grader's Python, for opening a submission by hand: "Python (shut in)" in JupyterLab's list of kernels.

`install` tells Jupyter about it. Jupyter starts it through `ShutIn`, which gives it sockets in a folder instead of ports, because it has no
network. Without bubblewrap it does not start.
"""

import json
import os
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.provisioning import LocalProvisioner

from . import DESK, walled
from .namespaces import Limits, become_ordinary, settle

NAME = "ccx-shut-in"
SPEC = {"argv": ["python", "-s", "-P", "-m", "ccx.classroom.sandbox.kernel", "{connection_file}"], "display_name": "Python (shut in)", "language": "python",
        # A signal would end bubblewrap, not the cell.
        "interrupt_mode": "message", "metadata": {"debugger": False, "kernel_provisioner": {"provisioner_name": NAME}}}
USER = 2**20  # whom root becomes


class ShutIn(LocalProvisioner):
    """Starts a kernel inside bubblewrap."""

    _folder = None

    async def pre_launch(self, **kwargs):
        """Jupyter's preparations, with a private folder for the sockets, and bubblewrap before the command."""
        # After a restart the old sockets are those that the notebook listens to.
        self._folder = self._folder or Path(tempfile.mkdtemp(prefix="ccx-kernel-"))
        sockets = self._folder / "sockets"
        sockets.mkdir(exist_ok=True)
        # The kernel may be another user; nobody else gets past the folder around it.
        sockets.chmod(0o777)
        self.parent.transport, self.parent.ip = "ipc", str(sockets / "kernel")
        kwargs = await super().pre_launch(**kwargs)
        limits = Limits()
        kwargs["cmd"] = walled([*kwargs["cmd"], json.dumps(asdict(limits))], limits.disk, sockets, Path(self.parent.connection_file))
        return kwargs

    async def cleanup(self, restart=False):
        """Jupyter's tidying up, and the folder of the sockets."""
        await super().cleanup(restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)


def install(prefix=sys.prefix):
    """Tell Jupyter about the kernel.

    Parameters
    ----------
    prefix : str
        The environment whose JupyterLab shows it.

    Returns
    -------
    Path
        The folder that it is described in.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(SPEC, indent=1) + "\n", encoding="utf-8")
        return Path(KernelSpecManager().install_kernel_spec(folder, NAME, prefix=prefix))


def main():
    """Inside bubblewrap: give up what must be given up, then be a kernel."""
    connection, limits = sys.argv[1:]
    # Only now may it be read, and only its owner may.
    text = Path(connection).read_text(encoding="utf-8")
    become_ordinary(USER)
    own = Path(DESK, "connection.json")
    own.write_text(text, encoding="utf-8")
    os.environ.pop("NBGRADER_EXECUTION")
    settle(Limits(**{**json.loads(limits), "notebook": 24 * 3600}))
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance(["-f", str(own)])


if __name__ == "__main__":
    main()
