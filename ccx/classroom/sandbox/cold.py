"""The cold process: one submission, alone inside a bubblewrap of its own, where the machine allows no namespaces inside another one.

`python -m ccx.classroom.sandbox.cold FD USER LIMITS` runs the cells that come over a socket.
"""

import json
import socket
import sys

from .cells import new_shell, serve
from .namespaces import Limits, become_ordinary, settle


def main():
    descriptor, user, limits = sys.argv[1:]
    cells, limits = socket.socket(fileno=int(descriptor)), Limits(**json.loads(limits))
    become_ordinary(int(user))
    shell = new_shell()
    settle(limits)
    serve(shell, limits.output, cells)


if __name__ == "__main__":
    main()
