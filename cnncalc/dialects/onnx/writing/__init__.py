"""A net as an ONNX model: a rule for each layer, weights as bytes that are asked for one by one."""
