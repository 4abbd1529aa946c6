"""A net converted: what is written, the weights that belong to it, and on request the proof that it is the same net.

The net is read, then written; whatever is written is in memory, or comes array by array, until all of it is known, so
that all files of a conversion appear or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.forms import Form, beside
from cnncalc.conversion.kept_answers import answers_kept
from cnncalc.conversion.lines_left_out import as_written, left_out, other_epsilon
from cnncalc.conversion.net_texts import net_facts, net_text
from cnncalc.destinations import write_together
from cnncalc.diagnostics import Diagnostic, InputError, input_error
from cnncalc.layers.base import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cnncalc.conversion.proving import ReadBack
    from cnncalc.runtime.proof_records import Proof
    from cnncalc.runtime.weights import Weights


class Asked(NamedTuple):
    """What is asked of a conversion.  `weights` is a file of weights; `path` where the net goes, None: it is printed.

    `opset` and `external` are about ONNX: which version of its operators, and whether its arrays are in a file of their
    own.  `input_size` and `settings` are those that the net was read with.
    """

    form: Form
    path: str | None = None
    weights: str | None = None
    prove: bool = False
    opset: int | None = None
    external: bool = False
    input_size: str | None = None
    settings: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Conversion:
    """What is to be written: the net, by its notation a text or bytes; the other files by their paths; what was said.

    `said` are sentences about what belongs to it; `warnings` name what of the net is not in it.
    """

    form: Form
    content: str | bytes
    files: Mapping[str, Callable[[BinaryIO], object]] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    proof: Proof | None = None
    warnings: tuple[Diagnostic, ...] = ()


def convert(analysis: Analysis, asked: Asked) -> Conversion:
    """The net in the notation that is asked for.  Raises InputError."""
    refuse_options(asked)
    form = asked.form
    if form.is_binary:
        return _as_bytes(analysis, asked)
    text = net_text(analysis, form, asked.input_size, asked.settings)
    text = _for_its_place(analysis, asked, text)
    weights = _weights(analysis, asked)
    warnings = left_out(analysis, form) + answers_kept(analysis, form, asked.input_size, asked.settings)
    if form.name == "darknet" and weights is None:
        warnings += other_epsilon(as_written(analysis, form))
    stated = asked.path is None and _states_more(analysis, form)
    if asked.path is None and form.is_read:
        warnings += _weights_not_printed(analysis, asked)
    if weights is None and not asked.prove and not stated:
        return Conversion(form, text, warnings=warnings)
    from cnncalc.conversion.proving import proof_of, read_claims

    name = asked.path or _name(analysis, form)
    back = read_claims(analysis, form, text, name)
    if stated:
        from cnncalc.conversion.not_printed import stated_not_printed

        warnings += stated_not_printed(back)
        if not asked.prove:
            return Conversion(form, text, warnings=warnings)
    files: dict[str, Callable[[BinaryIO], object]] = {}
    said: tuple[str, ...] = ()
    if weights is not None and asked.path is not None and back.same is not None:
        files[beside(asked.path, form)] = back.writer(weights.arrays)
        said = (_said(analysis, asked, weights, beside(asked.path, form)),)
    proof = proof_of(analysis, back, weights) if asked.prove else back.proof()
    return Conversion(form, text, files, said, proof if asked.prove or not proof.holds else None, warnings)


def save(done: Conversion, path: str, *, inputs: Iterable[str] = (), force: bool = False) -> None:
    """Writes all files of a conversion, or none.  Raises InputError."""
    content = done.content
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    write_together({path: lambda stream: stream.write(data), **done.files}, inputs=inputs, force=force)


def refuse_options(asked: Asked) -> None:
    """Raises InputError for options that this notation does not have, and for what cannot be printed."""
    form = asked.form
    if form.name != "onnx" and (asked.opset is not None or asked.external):
        option = "--opset" if asked.opset is not None else "--external"
        raise _useless(option, f"is about ONNX, and {form.said} is written", "leave it out, or write --to onnx")
    if not form.is_read and (asked.weights is not None or asked.prove):
        option = "--weights" if asked.weights is not None else "--prove"
        others = "spec, json, torch, keras, onnx or darknet"
        raise _useless(
            option, f"is for a net that is read again, and {form.said} is not", f"leave it out, or write {others}"
        )
    if asked.path is None and (asked.external or (asked.weights is not None and not form.is_binary)):
        option = "--external" if asked.external else "--weights"
        raise _useless(option, "writes a second file, which needs a name", f"give one: -o net{form.endings[0]}")


def _useless(option: str, why: str, advice: str) -> InputError:
    return input_error("option-does-not-fit", f"`{option}` {why}", help=advice)


def _for_its_place(analysis: Analysis, asked: Asked, text: str) -> str:
    """A text of ours in another folder, from where the files that it includes are still found."""
    if asked.form.name != "spec" or asked.path is None:
        return text
    from cnncalc.net_files import in_another_folder

    return in_another_folder(text, analysis.graph.source.name, asked.path)


def _name(analysis: Analysis, form: Form) -> str:
    """What a text is called that is only printed; a text of ours finds what it includes next to the net's own."""
    return analysis.graph.source.name if form.name == "spec" else f"net{form.endings[0]}"


def _changed(analysis: Analysis, asked: Asked) -> bool:
    return analysis.graph.has_other_size or bool(asked.settings)


def _weights(analysis: Analysis, asked: Asked) -> Weights | None:
    """The weights that are written with it, where there is a file for them."""
    if not asked.form.is_read or (asked.path is None and not asked.form.is_binary):
        return None
    if not _may_have_weights(analysis, asked):
        return None
    from cnncalc.conversion.carried_weights import weights_of

    changed = _changed(analysis, asked)
    return weights_of(analysis, asked.weights, changed=changed, needed=asked.form.is_binary)


def _may_have_weights(analysis: Analysis, asked: Asked) -> bool:
    """Whether there is anything to carry, found out without loading what reads arrays."""
    from cnncalc.sources import companion

    graph = analysis.graph
    if asked.form.is_binary or asked.weights is not None or graph.weights_in:
        return True
    if companion(graph.source.name, ".safetensors") is not None:
        return True
    return _states_more(analysis, asked.form)


def _states_more(analysis: Analysis, form: Form) -> bool:
    """Whether the text states numbers of weights, which not every notation has room for."""
    if not form.is_read or form.name in ("spec", "json"):
        return False
    return any(isinstance(one.initial, tuple) for node in analysis.nodes for one in node.weights)


def _weights_not_printed(analysis: Analysis, asked: Asked) -> tuple[Diagnostic, ...]:
    """A warning where the net has weights of its own, which a text does not hold."""
    from cnncalc.conversion.not_printed import weights_not_printed
    from cnncalc.sources import companion

    graph = analysis.graph
    shipped = not _changed(analysis, asked) and graph.cut is None and companion(graph.source.name, ".safetensors")
    whose = graph.weights_in or (shipped and "the file that ships with it")
    return (weights_not_printed(asked.form, whose),) if whose else ()


def _said(analysis: Analysis, asked: Asked, weights: Weights, other: str) -> str:
    """One sentence: the files, how much is in them, and whose weights these are."""
    from cnncalc.runtime.matching import declared

    stored = declared(as_written(analysis, asked.form)).values()
    path = asked.path or asked.form.said
    files = f"{path} and {other}" if other else path
    numbers = sum(weight.count for weight in stored)
    return f"{files}: {counted(len(stored), 'array')} of {numbers:,} numbers, {weights.origin}"


def _as_bytes(analysis: Analysis, asked: Asked) -> Conversion:
    """ONNX: the model holds its weights, or they are in a file next to it."""
    import os

    from cnncalc.conversion.onnx_files import onnx_model
    from cnncalc.conversion.proving import proof_of, read_claims

    form, weights = asked.form, _weights(analysis, asked)
    assert weights is not None
    external = os.path.basename(f"{asked.path}.data") if asked.external else ""
    model = onnx_model(
        analysis, weights.arrays, net_facts(as_written(analysis, form)), opset=asked.opset, external=external
    )
    said = (_said(analysis, asked, weights, f"{asked.path}.data" if asked.external else ""),)
    files: dict[str, Callable[[BinaryIO], object]] = {}
    if external:
        files[f"{asked.path}.data"] = lambda stream: stream.writelines(model.data)
    proof = None
    if asked.prove:
        back = read_claims(analysis, form, model.model, "net.onnx", {external: model.data} if external else {})
        proof = proof_of(analysis, *_busy(analysis, asked, back, weights))
    return Conversion(form, model.model, files, said, proof, left_out(analysis, form))


def _busy(analysis: Analysis, asked: Asked, back: ReadBack, weights: Weights) -> tuple[ReadBack, Weights]:
    """The model and the weights that are run: in place of drawn ones some that keep every layer busy.

    After fifty sums the numbers of drawn weights are so large that softmax is certain, whatever is wrong.
    """
    from cnncalc.conversion.onnx_files import onnx_model
    from cnncalc.runtime.reference_run import reference_run

    if asked.weights is not None or not weights.origin.startswith("drawn") or back.same is None:
        return back, weights
    given = reference_run(analysis).weights
    model = onnx_model(analysis, given.arrays, (), opset=asked.opset)
    return replace(back, content=model.model, others={}), given
