"""A document's statements with some of them written otherwise.

What stands inside blocks, repeats, ifs and branches is reached too.  What the changes are for is not known here.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.spec.document import BlockDefinition, Call, Conditional, Repeat, Split, Statement

Change = Callable[[Statement], Statement]


def rewritten(statements: tuple[Statement, ...], change: Change) -> tuple[Statement, ...]:
    """The statements with every line as `change` gives it; a join is changed as the call that it is."""
    return tuple(_rewritten(statement, change) for statement in statements)


def _rewritten(statement: Statement, change: Change) -> Statement:
    if isinstance(statement, (BlockDefinition, Repeat)):
        return statement._replace(body=rewritten(statement.body, change))
    if isinstance(statement, Conditional):
        choices = tuple(choice._replace(body=rewritten(choice.body, change)) for choice in statement.choices)
        return statement._replace(choices=choices)
    if isinstance(statement, Split):
        branches = tuple(rewritten(branch, change) for branch in statement.branches)
        join = change(statement.join)
        assert isinstance(join, Call)
        return statement._replace(branches=branches, join=join)
    return change(statement)
