"""One page of HTML about a net: table, formulas, fields and maps."""
