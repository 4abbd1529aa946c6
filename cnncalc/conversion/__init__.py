"""A net written for another program: its text, its weights in a file that fits, and the proof that it is the same net.

Which notations there are is known to `cnncalc.dialects`, what each is written with to its modules; here they are put
together: diagrams of `cnncalc.pictures`, arrays of `cnncalc.runtime`, and the files that belong to each other.
"""
