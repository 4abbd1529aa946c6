"""Homework: what a student claims about a net, judged against what the analysis knows."""
