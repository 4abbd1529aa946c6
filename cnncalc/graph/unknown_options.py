"""What helps where `name=value` is no option of the layer: a near name, or what the option is for elsewhere.

Only faults come here.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.diagnostics import Fix
from cnncalc.diagnostics.nearest import nearest_ones
from cnncalc.graph.faults import Fault
from cnncalc.graph.other_options import Meant, other_option
from cnncalc.graph.proposals import Slip, written
from cnncalc.graph.read_layer import ReadLayer
from cnncalc.graph.signatures import ARRIVING, Signature
from cnncalc.graph.values import looks_numeric
from cnncalc.layers.registry import POST_WORDS, WORDS
from cnncalc.spec.document import Option, Token


def unknown_option(slip: Slip, option: Option, layers: Sequence[ReadLayer]) -> Fault:
    """The fault of an option that neither the post word before it nor the line's own layer has."""
    main, last = layers[0], layers[-1]
    name, value = option.name, written(option.value)
    if looks_numeric(name):
        return _number_set(slip, option, value)
    known_names = (*main.signature.options, *ARRIVING, "shared", "activation")
    near_ones = nearest_ones(name.text, known_names) if slip.tries.left > 0 else []
    for near in near_ones:
        if slip.part(option.span, f"{near}={value}"):
            fixes = (Fix(name.span, near),)
            return _no_option(main.word.text, name, f"did you mean `{near}`?", fixes)
    meant = other_option(name.text, value, WORDS[last.word.text.lower()])
    known = _known(last.word.text, last.signature)
    if meant is None:
        return _given_already(slip, option, main, near_ones) or _no_option(last.word.text, name, known)
    fault = _meant_elsewhere(slip, option, last.word.text, meant)
    fault.diagnostic = fault.diagnostic._replace(notes=(known,))
    return fault


def _given_already(slip: Slip, option: Option, main: ReadLayer, near_ones: Sequence[str]) -> Fault | None:
    """The fault of an option near to one whose value is on the line already; None where it is not."""
    for near in near_ones:
        target = main.signature.options.get(near)
        if (target in main.values or target in main.signature.operands) and (fixes := slip.part(option.span, "")):
            spoken = str(target).replace("_", " ")
            advice = f"did you mean `{near}`? The {spoken} is given already: write one of the two"
            return _no_option(main.word.text, option.name, advice, fixes)
    return None


def _no_option(word: str, name: Token, advice: str, fixes: tuple[Fix, ...] = ()) -> Fault:
    return Fault("unknown-option", f"{word} has no option `{name.text}`", name.span, help=advice, fixes=fixes)


def _known(word: str, takes: Signature) -> str:
    known = {str(one.metadata.get("name", key)) for key, one in takes.fields.items()}
    if known and WORDS[word.lower()] not in POST_WORDS:
        known.add("activation")
    return f"{word} has {', '.join(sorted(known))}" if known else f"{word} has no options"


def _number_set(slip: Slip, option: Option, value: str) -> Fault:
    name = option.name
    line = f"{slip.replaced(option.span, name.text)} => {value}"
    fixes = (Fix(slip.call.span, line),) if slip.reads(slip.replaced(option.span, name.text)) else ()
    message = f"`{name.text}` is a number and cannot be set"
    advice = f"an answer is written after `=>`: write `{line}`"
    return Fault("unknown-option", message, name.span, help=advice, fixes=fixes)


def _meant_elsewhere(slip: Slip, option: Option, word: str, meant: Meant) -> Fault:
    """The fault of an option that another framework has, with the line as it is written here."""
    if meant.instead is None:
        return _no_option(word, option.name, meant.about)
    line = slip.replaced(option.span, meant.instead)
    if meant.label and slip.call.label is None:
        line = f"{meant.label}: {line}"
        return _no_option(word, option.name, f"{meant.about}: write `{line}`", slip.whole([line]))
    advice = f"{meant.about}: write `{meant.instead}`" if meant.instead else meant.about
    return _no_option(word, option.name, advice, slip.part(option.span, meant.instead))
