"""Tables and pages of text: what is shown of an analysis, a run and marks; nothing is counted here."""
