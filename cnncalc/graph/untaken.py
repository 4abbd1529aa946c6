"""A part of an `if` that is not taken: its words are looked up, so that a slip is found today and not when it is taken.

Nothing that depends on shapes or on values is checked: `$names` only have to stand for something, and a label has to
stand somewhere in the same block, or in the file outside of blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cnncalc.graph.arguments import read_layers, slip
from cnncalc.graph.block_arguments import assigned
from cnncalc.graph.conditions import holds
from cnncalc.graph.expressions import UNKNOWN, check_names
from cnncalc.graph.faults import Fault
from cnncalc.graph.freezing import freezing, is_line
from cnncalc.graph.net_so_far import NetSoFar
from cnncalc.graph.read_layer import Surroundings
from cnncalc.graph.scopes import Scope, Target
from cnncalc.graph.weight_option import parted
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Call, Conditional, Let, Repeat, Split, Statement, Token, Unread, Value
from cnncalc.spec.include_lines import WORD as INCLUDE


def look_through(body: tuple[Statement, ...], scope: Scope, net: NetSoFar) -> None:
    """Report every unknown word, option, parameter and `$name` of lines that do not count."""
    inner = replace(scope, environment={}, labels=_labels_around(scope, net), outer=scope)
    for statement in body:
        try:
            _look_at(statement, inner, net)
        except Fault as fault:
            net.report(fault.diagnostic, scope)


def _labels_around(scope: Scope, net: NetSoFar) -> dict[str, Target]:
    """Every label of the block that the scope is inside, or of the file outside of blocks; found once."""
    block = scope.blocks[-1] if scope.blocks else ""
    if block not in net.labels_in:
        body = net.header.blocks[block.lower()].body if block else net.document.statements
        net.labels_in[block] = {label.text: Target(None, 0) for label in _labels(body)}
    return net.labels_in[block]


def _labels(body: tuple[Statement, ...]) -> Iterator[Token]:
    pile = list(body)
    while pile:
        statement = pile.pop()
        if isinstance(statement, Call) and statement.label is not None:
            yield statement.label
        elif isinstance(statement, Unread) and statement.name is not None:
            yield statement.name
        elif isinstance(statement, Repeat):
            pile += statement.body
        elif isinstance(statement, Conditional):
            pile += (inner for choice in statement.choices for inner in choice.body)
        elif isinstance(statement, Split):
            pile += (statement.join, *(inner for branch in statement.branches for inner in branch))


def _look_at(statement: Statement, scope: Scope, net: NetSoFar) -> None:
    names = net.environment(scope)
    if isinstance(statement, Call):
        _call(statement, scope, net)
    elif isinstance(statement, Repeat):
        counter: dict[str, Value] = {} if statement.variable is None else {statement.variable.text: UNKNOWN}
        look_through(statement.body, replace(scope, environment=counter, outer=scope), net)
        check_names(statement.times, names)
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


def _check_labels(labels: Iterable[Value], scope: Scope, net: NetSoFar) -> None:
    """Report every label that stands nowhere; `$skip` has to be a parameter."""
    for label in labels:
        try:
            if not isinstance(label, Token):
                continue
            if label.text.startswith("$"):
                check_names(label, net.environment(scope))
            elif not label.text[:1].isdigit():
                scope.target(label)
        except Fault as fault:
            net.report(fault.diagnostic, scope)


def _call(call: Call, scope: Scope, net: NetSoFar) -> None:
    names = net.environment(scope)
    word = call.word.text.lower()
    if is_line(call, net.header.blocks) or (word == INCLUDE and word not in net.header.blocks):
        return
    call = call._replace(arguments=freezing(call, scope, net.header.blocks).arguments)
    if word != "input":
        _check_labels(call.sources, scope, net)
    block = net.header.blocks.get(word)
    parameters = [one.name.text for one in block.parameters] if block else ()
    _check_labels((one.value for one in parted(call, parameters)[1]), scope, net)
    if block:
        for value in assigned(call, block).values():
            if not (isinstance(value, Token) and scope.find(value.text)):
                check_names(value, names)
    elif word in WORDS:
        around = Surroundings(names, net.header.matrices, net.header.defaults(), net.tries, checked_only=True)
        layers, faults = read_layers(call, around)
        for fault in faults:
            net.report(fault, scope)
        if not faults:
            _check_labels(layers[0].labels, scope, net)
    elif word.startswith("$"):
        check_names(call.word, names)
    else:
        around = Surroundings(names, net.header.matrices, net.header.defaults(), net.tries, checked_only=True)
        from cnncalc.graph.line_usage import unknown_layer

        raise unknown_layer(slip(call, around), tuple(net.header.blocks))
    if call.times is not None:
        check_names(call.times, names)
