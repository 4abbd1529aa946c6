"""What reading PyTorch's and Keras' programs shares: tensors as sizes, modules without arrays, and the trace of a call.

Calling a model on one symbolic image leaves operations behind, each a layer of ours with its place in the program.  No
name of a framework is known here.
"""
