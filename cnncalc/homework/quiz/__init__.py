"""Random exercises with verified answers: one variant a student, the same on every machine for the same seed.

`making` draws exercises of the `kinds`, `keys` works out their answers by the analysis of the very text that the
student gets, and one module for each notation writes them down.  Running a key is the business of whoever may run nets.
"""
