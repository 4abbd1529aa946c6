"""Weights as PyTorch, Keras, ONNX, Darknet and numpy keep them; nothing that a file says is run."""
