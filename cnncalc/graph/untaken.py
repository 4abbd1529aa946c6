"""A part of an `if` that is not taken: its words are looked up, so that a slip is found today and not when it is taken.

Nothing that depends on shapes or on values is checked: `$names` only have to stand for something, labels are left.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.graph.arguments import Surroundings, read_layers, slip
from cnncalc.graph.block_arguments import assigned
from cnncalc.graph.conditions import holds
from cnncalc.graph.expressions import UNKNOWN, check_names
from cnncalc.graph.faults import Fault
from cnncalc.graph.net_so_far import NetSoFar
from cnncalc.graph.scopes import Scope
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Call, Conditional, Let, Repeat, Split, Statement, Token, Unread, Value


def look_through(body: tuple[Statement, ...], scope: Scope, net: NetSoFar) -> None:
    """Report every unknown word, option, parameter and `$name` of lines that do not count."""
    inner = replace(scope, environment={}, labels={}, outer=scope)
    for statement in body:
        try:
            _look_at(statement, inner, net)
        except Fault as fault:
            net.report(fault.diagnostic, scope)


def _look_at(statement: Statement, scope: Scope, net: NetSoFar) -> None:
    names = net.environment(scope)
    if isinstance(statement, Call):
        _call(statement, scope, net)
    elif isinstance(statement, Repeat):
        counter: dict[str, Value] = {} if statement.variable is None else {statement.variable.text: UNKNOWN}
        look_through(statement.body, replace(scope, environment=counter, outer=scope), net)
        check_names(statement.count, names)
    elif isinstance(statement, Split):
        for branch in statement.branches:
            look_through(branch, scope, net)
        _call(statement.join, scope, net)
    elif isinstance(statement, Conditional):
        for choice in statement.choices:
            look_through(choice.body, scope, net)
        for choice in statement.choices:
            if choice.condition is not None:
                holds(choice.condition, names, checked_only=True)
    elif isinstance(statement, Let):
        scope.environment[statement.name.text] = UNKNOWN
        check_names(statement.value, names)
    elif isinstance(statement, Unread):
        net.end_sound_part()
        if statement.word == "let" and statement.name is not None:
            scope.environment[statement.name.text] = UNKNOWN


def _call(call: Call, scope: Scope, net: NetSoFar) -> None:
    names = net.environment(scope)
    word = call.word.text.lower()
    if word in net.header.blocks:
        for value in assigned(call, net.header.blocks[word]).values():
            if not (isinstance(value, Token) and scope.find(value.text)):
                check_names(value, names)
    elif word in WORDS:
        around = Surroundings(names, net.header.matrices, net.header.defaults(), checked_only=True, tries=net.tries)
        for fault in read_layers(call, around)[1]:
            net.report(fault, scope)
    elif word.startswith("$"):
        check_names(call.word, names)
    else:
        around = Surroundings(names, net.header.matrices, net.header.defaults(), checked_only=True, tries=net.tries)
        from cnncalc.graph.usage import unknown_layer

        raise unknown_layer(slip(call, around), tuple(net.header.blocks))
    if call.times is not None:
        check_names(call.times, names)
