"""What the engine can do, one module an operation: which layers it serves, its tile, its weights, its call.

To add a kernel variant is to change its op here, its kernel in `cnncalc.kernels.engine`, and their test.
"""
