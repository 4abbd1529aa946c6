"""The only folder that knows numba; it is imported when something has to be compiled."""
