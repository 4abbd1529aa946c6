"""Single calls of PyTorch and Keras, pasted into our text, as lines in our words.

`nn.Conv2d(3, 64, 3, padding=1)` is `conv 64 3x3 padding=1`, and that 3 channels arrive is checked.  Each framework's
layers stand in a table of their own; a name that both have is read where it means the same in both.  `layers_of` makes
the layers of such words at once, for whole programs that go through the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from cnncalc.diagnostics import Fix, Refusal, Span
from cnncalc.diagnostics.nearest import nearest
from cnncalc.graph.arguments import read_layers
from cnncalc.graph.faults import Fault
from cnncalc.graph.other_layers import Said, no_such_layer, other_kind
from cnncalc.graph.other_options import LEFT_OUT
from cnncalc.graph.pasted import keras_activations, keras_calls, torch_calls
from cnncalc.graph.pasted.arguments import Bound, Row, Words, nothing
from cnncalc.graph.pasted.pasted_call import Name, PythonCall
from cnncalc.graph.pasted.torch_functions import FUNCTIONS
from cnncalc.graph.read_layer import ReadLayer, Surroundings
from cnncalc.graph.scopes import Names, Scope
from cnncalc.graph.tries import Tries
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import JOINS, WORDS
from cnncalc.spec.document import Argument, Call, Option, Token

_TORCH = frozenset(("nn", "torch.nn", "nn.modules", "torch.nn.modules"))
_FUNCTIONAL = frozenset(("F", "nn.functional", "torch.nn.functional", "torch"))
_KERAS = frozenset(("layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers", "L", "keras", "tf.keras"))
_TF = frozenset(("tf.nn", "keras.activations", "tf.keras.activations", "keras.ops"))
_METHODS = frozenset(("view", "reshape", "flatten", "relu", "sigmoid", "tanh", "softmax"))
_CONTAINERS = frozenset(("Sequential", "Model", "ModuleList", "ModuleDict", "Functional", "Module"))
_SAME_IN_TF = frozenset(("relu", "relu6", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu"))
_TF_ROWS = {name: Row("", row.word, nothing) for name, row in FUNCTIONS.items() if name in _SAME_IN_TF}


_ABOUT_JOINS = "joins are written `add a b` and `concat a b`, with the labels of two lines"


class Read(NamedTuple):
    """A call in our words; `tensor` is the name of what it works on, where the call says it."""

    words: Words
    tensor: str | None = None


def in_our_words(call: PythonCall, whole: Span, above: Mapping[str, int]) -> Read:
    """The layer that a call is; raises Fault at the word or argument that cannot be read.

    `whole` is the place of all that is to be replaced by our words; `above` has the lines whose layers have names.
    """
    call = _added(call)
    library, _, name = call.name.rpartition(".")
    if name in _CONTAINERS:
        raise _refused(call, f"{name} holds layers; it is not a layer itself", "write its layers, one a line")
    if library in _FUNCTIONAL or library in _TF:
        return _function(call, FUNCTIONS if library in _FUNCTIONAL else _TF_ROWS, name)
    if library and library not in _TORCH | _KERAS:
        return _method(call, library, name, above)
    on_tensor = bool(call.positional) and isinstance(call.positional[0].value, (Name, PythonCall))
    if not library and name in FUNCTIONS and on_tensor:
        return _function(call, FUNCTIONS, name)
    tables = [_KERAS_ROWS] if library in _KERAS else [_TORCH_ROWS] if library else [_TORCH_ROWS, _KERAS_ROWS]
    if name == "Input":
        _refuse_sizes_alone(call, whole)
    rows = [(table, table.rows[name]) for table in tables if name in table.rows]
    if not rows:
        raise _unknown(call, name, tables, whole)
    return _agreed(call, rows, whole)


def _refuse_sizes_alone(call: PythonCall, whole: Span) -> None:
    """`Input(28, 28, 1)`, where Keras wants the sizes in brackets of their own."""
    sizes = [one.value for one in call.positional]
    if len(sizes) > 1 and all(type(one) is int for one in sizes):
        text = f"input {'x'.join(map(str, sizes))}"
        message = "Input takes the sizes in brackets of their own, Input((28, 28, 1))"
        raise Fault("python-call", message, call.span, help=f"write `{text}`", fixes=(Fix(whole, text),))


class _Table(NamedTuple):
    title: str
    rows: Mapping[str, Row]
    ignored: frozenset[str]


_TORCH_ROWS = _Table("PyTorch", torch_calls.LAYERS, frozenset())
_KERAS_ROWS = _Table("Keras", keras_calls.LAYERS, keras_activations.IGNORED)


def _agreed(call: PythonCall, rows: list[tuple[_Table, Row]], whole: Span) -> Read:
    """The one meaning of the call in the frameworks that have it; both are written out where they differ."""
    meanings: list[tuple[str, Words]] = []
    refused: Fault | None = None
    for table, row in rows:
        try:
            bound = Bound(call, row.signature, row.word, table.ignored)
            row.say(bound)
            meanings.append((table.title, bound.words))
        except Fault as fault:
            refused = refused or fault
    if not meanings:
        assert refused is not None
        raise refused
    if len({line(words) for _, words in meanings}) > 1:
        told = ", ".join(f"in {title} this is `{line(words)}`" for title, words in meanings)
        raise Fault(
            "two-meanings",
            f"{call.name} differs between the frameworks",
            call.span,
            help=told,
            fixes=tuple(Fix(whole, line(words)) for _, words in meanings),
        )
    return Read(meanings[0][1], _applied(call))


def layers_of(words: Words) -> tuple[Layer, ...]:
    """The layer that the words call, and those of its post words; raises Fault at the argument that does not fit.

    What is expected to arrive (`words.expects`) is for the caller to check.
    """
    if words.word not in WORDS:
        raise Fault("no-such-layer", f"no layer here does what `{words.word}` would", words.span)
    return _layers_of(Call(Token(words.word, words.span), tuple(words.arguments), words.span, ""))


@lru_cache(maxsize=4096)
def _layers_of(call: Call) -> tuple[Layer, ...]:
    tries = Tries()
    tries.left = 0  # other words are no advice to somebody who wrote Python
    read, faults = read_layers(call, Surroundings(Names(Scope({}), None, lambda _: call.word), {}, {}, tries))
    for fault in faults:
        assert fault.span is not None
        raise Fault(fault.code, fault.message, fault.span, notes=fault.notes, help=fault.help)
    return tuple(_built(layer) for layer in read)


def _built(layer: ReadLayer) -> Layer:
    try:
        return layer.build({})
    except Refusal as refusal:
        place = layer.spans.get(refusal.argument, layer.word.span)
        raise Fault(refusal.code, refusal.message, place, notes=refusal.notes, help=refusal.help) from None


def line(words: Words) -> str:
    """The words as a line."""
    return " ".join((words.word, *map(_written, words.arguments)))


def _written(argument: Argument) -> str:
    if isinstance(argument, Option) and isinstance(argument.value, Token):
        return f"{argument.name.text}={argument.value.text}"
    assert isinstance(argument, Token)
    return argument.text


def _added(call: PythonCall) -> PythonCall:
    """The layer in `model.add(...)`."""
    owner, _, verb = call.name.rpartition(".")
    inner = call.positional[0].value if len(call.positional) == 1 and not call.keywords else None
    return inner if owner and verb == "add" and isinstance(inner, PythonCall) else call


def _applied(call: PythonCall) -> str | None:
    """The tensor in the second brackets of `Conv2D(32, 3)(x)`."""
    if call.applied is None:
        return None
    if len(call.applied) == 1 and isinstance(call.applied[0].value, Name):
        return str(call.applied[0].value.text)
    if any(isinstance(one.value, PythonCall) for one in call.applied):
        raise _nested(call)
    raise _refused(call, "a layer is applied to one tensor here", _ABOUT_JOINS)


def _function(call: PythonCall, rows: Mapping[str, Row], name: str) -> Read:
    if name not in rows:
        raise _unknown(call, name, [_Table("PyTorch", rows, frozenset())], call.span)
    if not call.positional:
        raise _refused(call, f"{name} is given no tensor", f"in our words: `{rows[name].word}`")
    tensor, *rest = call.positional
    if isinstance(tensor.value, PythonCall):
        raise _nested(call)
    if not isinstance(tensor.value, Name):
        raise Fault("wrong-operand", f"{name} works on a tensor, such as x", tensor.span)
    row = rows[name]
    bound = Bound(replace(call, positional=tuple(rest)), row.signature, row.word)
    row.say(bound)
    return Read(bound.words, tensor.value.text)


def _method(call: PythonCall, library: str, name: str, above: Mapping[str, int]) -> Read:
    """`x.view(-1, 400)`, `x.relu()`; what hangs on `self` or on an unknown name is written elsewhere in the program."""
    if call.name in above:
        message = f"`{call.name}` is the layer of line {above[call.name]}"
        advice = "leave this line out, and put the lines of the layers in the order of the calls"
        raise _refused(call, message, advice)
    if library == "self" or library.startswith("self.") or name not in _METHODS:
        raise _refused(
            call,
            f"what `{call.name}` does is written elsewhere in the program",
            "write the layer itself on this line: `conv 32 3x3`",
        )
    if name in ("view", "reshape"):
        return Read(_viewed(call), library)
    row = FUNCTIONS[name]
    bound = Bound(call, row.signature, row.word)
    row.say(bound)
    return Read(bound.words, library)


def _viewed(call: PythonCall) -> Words:
    """`x.view(-1, 400)` and `x.view(x.size(0), -1)` flatten each image."""
    values = [one.value for one in call.positional]
    first_is_batch = len(values) == 2 and (values[0] == -1 or isinstance(values[0], (Name, PythonCall)))
    bound = Bound(PythonCall(call.name, call.positional[1:], {}, call.span), "size", "flatten")
    if not first_is_batch or type(values[1]) is not int:
        raise _refused(call, "this view is not the flattening of each image", "write `flatten`, or `reshape 7x7x64`")
    if values[1] != -1:
        bound.expect("numbers", values[1], "size")
    elif values[0] == -1:
        raise _refused(call, "both sizes of this view are -1", "write `flatten`")
    return bound.words


def _nested(call: PythonCall) -> Fault:
    return _refused(call, "there is a call inside a call", "write each call on a line of its own, the innermost first")


def _refused(call: PythonCall, message: str, help: str) -> Fault:
    return Fault("python-call", message, call.span, help=help)


def _plain(value: object) -> str | None:
    """A literal as it is written in our text; None for what has no place there."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        sizes = [str(one) for one in value if type(one) is int]
        return "x".join(sizes) if value and len(sizes) == len(value) else None
    return value.text if isinstance(value, Name) else None if isinstance(value, PythonCall) else str(value)


def _framework(call: PythonCall, name: str) -> str:
    """Whose a recurrent layer is that is written without its library: PyTorch's has two sizes, Keras' one."""
    return "PyTorch" if len(call.positional) > 1 and name in ("LSTM", "GRU", "RNN", "MultiheadAttention") else "Keras"


def _without_brackets(own: str, call: PythonCall, whole: Span) -> Fault:
    """The fault of a word of ours that is written as a call of Python."""
    message = "a layer is written without brackets and commas"
    operands = [_plain(one.value) for one in call.positional]
    options = {key: _plain(one.value) for key, one in call.keywords.items() if key not in LEFT_OUT}
    spoken = (value if key == "activation" else f"{key}={value}" for key, value in options.items())
    words = [own, *map(str, operands), *map(str, spoken)]
    if None in operands or None in options.values():
        ways = _ABOUT_JOINS if own in JOINS else "write its word, then its numbers, with spaces between: `conv 32 3x3`"
        return Fault("python-call", message, call.span, help=ways)
    text = " ".join(words)
    return Fault("python-call", message, call.span, help=f"write `{text}`", fixes=(Fix(whole, text),))


def _unknown(call: PythonCall, name: str, tables: list[_Table], whole: Span) -> Fault:
    if other_kind(name):
        numbers = [one.value if type(one.value) is int else None for one in call.positional]
        named = {key: one.value for key, one in call.keywords.items() if type(one.value) is int}
        framework = tables[0].title if len(tables) == 1 else _framework(call, name)
        return no_such_layer(Said(name, call.span, framework, numbers, named))
    own = WORDS.get(name.lower())
    near = nearest(name, [row for table in tables for row in table.rows])
    where = " and ".join(table.title for table in tables)
    if own is not None and name.islower():
        return _without_brackets(own, call, whole)
    advice = f"did you mean `{near}`?" if near else "`cnncalc explain words` lists the layers there are"
    return Fault("unknown-word", f"`{call.name}` is no layer of {where} that is known here", call.span, help=advice)
