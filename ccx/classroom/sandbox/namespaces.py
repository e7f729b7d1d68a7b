"""A process shut in before a line of a student's code runs: namespaces of its own, no capabilities, limits, an empty folder.

Linux only, by the system calls themselves, because Python 3.11 has no names for them. Everything here is called in a process that is
already inside bubblewrap, mostly a fresh fork of the warm one: the file system is read-only and holds no secrets before this begins.
"""

import ctypes
import errno
import os
import resource
import signal
import struct
from dataclasses import dataclass

from . import DESK

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 36, 38
SECCOMP_MODE_FILTER = 2
CAPABILITIES_VERSION_3 = 0x20080522
LIBC = ctypes.CDLL(None, use_errno=True)
# Calls that no lesson needs: memory that no limit counts (memfd_create, memfd_secret, shmget), what the kernel keeps beside namespaces (add_key,
# request_key, keyctl), another's processor (sched_setaffinity), and large doors into the kernel (io_uring_setup, userfaultfd, bpf, perf_event_open, ptrace).
DENIED = {"x86_64": (0xC000003E, (319, 447, 29, 248, 249, 250, 203, 425, 323, 321, 298, 101)),
          "aarch64": (0xC00000B7, (279, 447, 194, 217, 218, 219, 122, 425, 282, 280, 241, 117))}


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cell, notebook : float
        Seconds of wall time for one cell and for all of them, restarts included.
    memory : int
        Bytes, of all its processes together.
    processes : int
        Processes and threads at a time.
    disk : int
        Bytes that it may write in its empty folder; a file may not be larger either.
    output : int
        Bytes of output that are kept of a cell.
    restarts : int
        How often its Python is started afresh after a cell that ended it.

    Examples
    --------
    >>> Limits(cell=10).cell
    10
    """

    cell: float = 60
    notebook: float = 600
    memory: int = 2 * 2**30
    processes: int = 64
    disk: int = 64 * 2**20
    output: int = 2**20
    restarts: int = 3


def shut_in(limits):
    """Leave the caller's namespaces behind, give up all privileges and go to an empty folder.

    Returns in a new process, whose parent is the first of its process namespace: when the one who returns ends, everything that it
    has started ends with it.

    Parameters
    ----------
    limits : Limits
    """
    user, group = os.getuid(), os.getgid()
    _call("unshare", NEWUSER | NEWNS | NEWIPC | NEWUTS | NEWPID | NEWNET)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    _first_of_its_namespace()
    _mount(limits)
    settle(limits)


def settle(limits):
    """Take the limits on and give up all privileges, for good.

    Parameters
    ----------
    limits : Limits
    """
    _hush()
    _limit(limits)
    _give_up_privileges()
    _deny_calls()
    os.setsid()


def become_ordinary(user):
    """Not root any more: limits on processes do not bind root.

    Parameters
    ----------
    user : int
        Who to be where this is root.
    """
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
        # Who has changed their user may not write their own files in /proc, unless they say that they have nothing to hide.
        LIBC.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def _first_of_its_namespace():
    """Fork twice: the process between is the init of the namespace, which no signal from inside reaches."""
    init = os.fork()
    if init:
        _follow(init)
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    child = os.fork()
    if child:
        _reap(child)


def _follow(child):
    _close_all()
    _, status = os.waitpid(child, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _reap(child):
    _close_all()
    while True:
        ended, _ = os.wait()
        if ended == child:
            os._exit(0)


def _close_all():
    # Whoever holds the socket of a submission keeps its reader waiting.
    os.closerange(0, 1024)


def _mount(limits):
    _call("mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    for folder, options in ((DESK.encode(), f"size={limits.disk},nr_inodes=4096,mode=700"), (b"/dev/shm", f"size={limits.disk // 4},nr_inodes=256"),
                            # The processes that it shows are those of others.
                            (b"/proc", "size=4k,mode=555")):
        _call("mount", b"tmpfs", folder, b"tmpfs", MS_NOSUID | MS_NODEV, options.encode())
    # So far this is the folder that now lies underneath.
    os.chdir(DESK)


def _hush():
    # The warm process's own: filled by one student they would block the next.
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def _limit(limits):
    for kind, value in ((resource.RLIMIT_NPROC, limits.processes), (resource.RLIMIT_FSIZE, limits.disk), (resource.RLIMIT_CORE, 0),
                        (resource.RLIMIT_NOFILE, 256), (resource.RLIMIT_CPU, int(limits.notebook) + 1), (resource.RLIMIT_AS, 2 * limits.memory)):
        resource.setrlimit(kind, (value, value))


def _give_up_privileges():
    for capability in range(64):
        LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _deny_calls():
    """Have the kernel refuse some calls, by a filter in its own little language: 32 bits for what, 8 and 8 for where to jump, 32 for with what."""
    if os.uname().machine not in DENIED:
        raise OSError(f"the calls of this processor, {os.uname().machine}, are not known")
    architecture, calls = DENIED[os.uname().machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    refuse = len(calls) + 1
    # Another architecture or numbering (x32) is refused too.
    steps = [(load, 0, 0, 4), (equal, 0, refuse + 2, architecture), (load, 0, 0, 0), (at_least, refuse, 0, 0x40000000)]
    steps += [(equal, refuse - 1 - i, 0, call) for i, call in enumerate(calls)]
    steps += [(give, 0, 0, 0x7FFF0000), (give, 0, 0, 0x00050000 | errno.EPERM)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = struct.pack("HxxxxxxP", len(steps), ctypes.cast(ctypes.c_char_p(code), ctypes.c_void_p).value)
    _call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0)


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def _call(name, *arguments):
    if getattr(LIBC, name)(*arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
