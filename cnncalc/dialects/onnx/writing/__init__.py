"""A net as an ONNX model: a rule for each kernel of a layer, weights as bytes that are asked for one by one.

`model_bytes.write` is the way in.  A rule is a function of a `LayerSite`, one layer of a net where it is written: it
puts operators there and gives back the name of the value that is the layer's result.  The rules stand in modules by
kind; each has a table `RULES` (the kernel's name -> the rule), and `rule_table` joins them.  What an operator of an
opset cannot say is said in older ones, in an order that the reader's `patterns` know, or refused with `site.refuse`.
"""
