"""A net as a module of PyTorch: `torch_pieces` says what PyTorch has for a row, `module_text` prints the classes."""
