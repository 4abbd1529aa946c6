"""Objects as JSON text of several lines, as the commands print them.

Which keys there are is decided where the object is made.  `summary_json` has its own way: one line for each layer.
"""

from __future__ import annotations

import json
from typing import Any

from cnncalc.diagnostics.letters import escaped_json


def indented_json(found: dict[str, Any]) -> str:
    r"""The object with a line for each key and each entry; letters that are not shown are escaped.

    >>> indented_json({"title": "é\x7f", "params": 3})
    '{\n  "title": "é\\u007f",\n  "params": 3\n}\n'
    """
    return escaped_json(json.dumps(found, indent=2, ensure_ascii=False)) + "\n"
