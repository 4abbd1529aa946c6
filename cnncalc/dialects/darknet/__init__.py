"""Darknet's .cfg files: read as a net, and written from one.

Sections of Darknet are rows of ours.  Darknet itself is a C program (J. Redmon, A. Bochkovskiy); what its sections
compute is said here in our layers, nothing of it is run.  The .weights beside a .cfg are read by
`cnncalc.runtime.weight_files`.
"""
