"""The digests under which a release knows answers: an answer's numbers reduced to a fingerprint, and that digested slowly.

Build and the student's kernel share this module.
"""

import hashlib
import itertools
import math


def key(numbers, spec, shift=(0, 0)):
    """Give the text that an answer is digested by: its fingerprint in units of the tolerance.

    One or two numbers are their own fingerprint; more are projected on two
    sets of fixed random weights, so that order counts. An answer whose numbers
    all lie within the tolerance falls into the same units or their neighbours
    (a `shift` of -1 or 1).

    Examples
    --------
    >>> key([0.7493], {"id": "x", "tolerance": 0.0005})
    '1499'
    """
    if isinstance(numbers, str):
        return numbers
    prints, unit = numbers, spec["tolerance"]
    if len(numbers) > 2:
        prints = [math.fsum(w * x for w, x in zip(_weights(f"{spec['id']} {i}", len(numbers)), numbers)) for i in (1, 2)]
        # Errors of n numbers add up like their square root; twice that leaves room for an unlucky draw.
        unit = 2 * math.sqrt(len(numbers)) * spec["tolerance"]
    return " ".join(str(math.floor(x / unit + 0.5) + step) for x, step in zip(prints, shift))


def digest(text, exercise):
    """Digest a key slowly (scrypt, salted by the exercise), so that trying many answers takes long."""
    salt = hashlib.sha256(exercise.encode()).digest()[:16]
    return hashlib.scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()


def digests(numbers, spec):
    """Give the digests under which an answer may stand: its own units and their neighbours."""
    steps = (0, -1, 1)
    shifts = itertools.product(steps if not isinstance(numbers, str) else [0], steps if len(numbers) > 1 else [0])
    return (digest(key(numbers, spec, shift), spec["id"]) for shift in shifts)


def _weights(seed, n):
    """Fixed weights of size .5 to 1.5 and random sign, the same on every platform and numpy version."""
    raw = hashlib.shake_256(seed.encode()).digest(8 * n)
    units = (int.from_bytes(raw[i:i + 8], "little") / 2**64 for i in range(0, 8 * n, 8))
    return [math.copysign(abs(u - 0.5) * 2 + 0.5, u - 0.5) for u in units]
