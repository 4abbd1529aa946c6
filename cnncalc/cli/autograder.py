"""One submission graded as Gradescope runs an autograder: there is always a `results.json`, whatever goes wrong.

Gradescope shows "the autograder failed to execute correctly" where that file is missing, and nothing else; what is
printed only teachers see.  What goes wrong with a key is for them alone, since a message may quote it.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.grade_outputs import Outputs
from cnncalc.cli.terminal import show_error
from cnncalc.diagnostics import InputError

NOT_GRADED = (
    "This submission could not be graded. It is not your fault: your teacher sees why in the autograder's output."
)
NOTHING_THERE = "This submission could not be graded, since there is no file in it that can be read."


def autograded(outputs: Outputs, grade: Callable[[], ExitStatus], *, is_test: bool) -> ExitStatus:
    """Grades; under Gradescope the status is 0 wherever a `results.json` was written, unless it `is_test` of points."""
    from cnncalc.homework.single_submission import is_of_an_autograder

    on_platform = is_of_an_autograder(outputs.submissions[0])
    try:
        status = grade()
    except InputError as refused:
        if refused.diagnostics[0].code == "wrong-value" and not on_platform:
            raise
        nothing = refused.diagnostics[0].code == "no-submissions"
        outputs.write_failure(NOTHING_THERE if nothing else NOT_GRADED)
        if not on_platform:
            raise
        show_error(refused)
        return ExitStatus.FINE
    except Exception:
        outputs.write_failure(NOT_GRADED)
        raise
    return ExitStatus.FINE if on_platform and status == ExitStatus.FINDINGS and not is_test else status
