"""What can be asked about a net: one entry for each kind of answer, and how a claim is compared with the truth."""
