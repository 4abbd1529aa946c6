"""Layers that Keras does not have, as classes that a written program brings along.

Each is a text, and what it is in our words.  Such a class is known again in a program by its text; one that somebody
has changed is read as any other class is.
"""
