"""Mutants of a function: its source with one operator, constant or condition changed at a time.

A small pass over the syntax tree, because mutation libraries change files and run a test suite for each change, and what is judged here is
one function against one exercise.
"""

import ast
import copy
import sys

OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
             ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
             ast.NotEq: ast.Eq, ast.And: ast.Or, ast.Or: ast.And}
NAMES = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin", "mean": "sum", "sum": "mean",
         "any": "all", "all": "any", "exp": "expm1", "log": "log1p", "floor": "ceil", "ceil": "floor", "std": "var", "var": "std", "cumsum": "cumprod"}
CONDITIONAL = (ast.If, ast.IfExp, ast.While)
SHOWN = (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, *CONDITIONAL)  # the rest is shown in what it is part of
LINES = 100_000  # of a mutant that has lost its way


def mutants(source):
    """List the mutants of a piece of code.

    Parameters
    ----------
    source : str

    Returns
    -------
    dict of str to str
        The mutated source by what was changed, as in ``"a + b → a - b"``; a change that is made in two places has a number.

    Examples
    --------
    >>> for change in mutants("def double(x):\\n    return 2 * x"): print(change)
    2 * x → 2 / x
    2 * x → 3 * x
    2 * x → 1 * x
    """
    tree, found = ast.parse(source), {}
    for place, (node, parent) in enumerate(_with_parents(tree)):
        for changed in _changes(node):
            shown = node if isinstance(node, SHOWN) else parent
            mutated, after = _put(tree, place, changed, shown is parent)
            what = f"{_text(shown)} → {_text(after)}"
            same = sum(name.split(" (place ")[0] == what for name in found)
            found[f"{what} (place {same + 1})" if same else what] = ast.unparse(mutated)
    return found


def _with_parents(tree):
    """Each node with its parent, always in the same order."""
    pairs = [(tree, tree)]
    for node, _ in pairs:
        pairs += [(child, node) for child in ast.iter_child_nodes(node)]
    return pairs


def _put(tree, place, changed, show_parent):
    """A copy of the tree with the node at a place exchanged, and the part of it that shows the change."""
    mutated = copy.deepcopy(tree)
    old, parent = _with_parents(mutated)[place]
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, changed)
        elif isinstance(value, list):
            setattr(parent, name, [changed if one is old else one for one in value])
    return ast.fix_missing_locations(mutated), parent if show_parent else changed


def _text(node):
    return ast.unparse(node.test if isinstance(node, CONDITIONAL) else node).split("\n")[0]


def _changes(node):
    """What a node may become: new nodes, the old one is left as it is."""
    if isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        yield _with(node, ops=[OPERATORS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from (ast.Constant(node.value + step) for step in (1, -1))
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield _with(node, attr=NAMES[node.attr])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in NAMES:
        yield _with(node, id=NAMES[node.id])
    elif isinstance(node, CONDITIONAL):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))


def _with(node, **changes):
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def made(source, name, namespace):
    """Run a piece of code and give the function that it defines, which stops itself when it runs for too long.

    Parameters
    ----------
    source, name : str
    namespace : dict
        What the code may use; it is not changed.

    Returns
    -------
    function
    """
    here = dict(namespace)
    exec(compile(source, "<mutant>", "exec"), here)
    function = here[name]

    def bounded(*arguments):
        left = [LINES]

        def watch(frame, event, _):
            if frame.f_code.co_filename != "<mutant>":
                return None
            left[0] -= 1
            if left[0] < 0:
                raise RuntimeError(f"stopped after {LINES} lines")
            return watch

        before = sys.gettrace()
        sys.settrace(watch)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)

    return bounded
