"""What a loaded net can do from Python, room by room: numbers, runs, pictures.

`cnncalc.api` puts them together as `Model`.  Nothing heavy is imported before it is needed: numbers need no numpy.
"""
