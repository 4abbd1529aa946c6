"""Questions about one net, two or many sizes of one: reconcile, solve, compare, sweep."""
