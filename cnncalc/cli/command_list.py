"""The names of the commands, each with its line in `--help`."""

from __future__ import annotations

GROUPS = {
    "Look at a network": {
        "summary": "The table of a network: shapes, parameters, multiply-adds.",
        "run": "Execute a network and confirm every number of its table.",
        "draw": "A picture of a network: its volumes, arrows and blocks.",
        "report": "One page with all of it, for a browser or paper.",
        "explain": "Where numbers come from; the manual of all words.",
        "trace": "One number of a result, worked out step by step.",
        "bench": "Time networks, next to PyTorch and ONNX Runtime.",
    },
    "Questions about numbers": {
        "reconcile": "Which count a published number is, and what makes the difference.",
        "solve": "Which padding, kernel or input size gives a wanted size.",
        "compare": "What differs between two networks, line by line.",
        "sweep": "A network at several sizes, widths and batches: table and chart.",
        "memory": "What a network takes in memory, and how many images fit.",
        "roofline": "Which layers a machine's memory holds up, and which its arithmetic.",
    },
    "Homework": {
        "check": "Your own answers: which are right, with hints.",
        "grade": "A class: points, and the slip that explains each mistake.",
        "quiz": "Exercises with verified answers, one variant a student.",
    },
    "Files and lists": {
        "init": "A commented text to start from.",
        "fmt": "Rewrite files in the canonical spelling.",
        "lsp": "A language server: an editor shows all this while you type.",
        "convert": "A network in another notation.",
        "editor": "Networks in VS Code: an extension, ready to use.",
        "weights": "What a file of weights holds, and whether it fits a network.",
        "models": "The networks that ship with cnncalc.",
        "filters": "The built-in image filters.",
        "filter": "A filter slid over a picture.",
        "version": "Which cnncalc this is.",
    },
}
"""The commands with their lines in `--help`, in this order."""

COMMANDS = {name: line for group in GROUPS.values() for name, line in group.items()}
"""Each is the function of that name in `cnncalc.cli.commands.<name>`."""
