"""ONNX graphs as nets: `reading_graph.read` is the way in.

An ONNX graph is a traced program with other names: its values are `dialects.traced` tensors (roles of axes, views as
digits) or arrays that no image decides, and an operator puts our layers to them.  To add an operator: one function
`_name(call: NodeCall) -> Value` in the module of its kind, which asks `call` for tensors, arrays and attributes by
kind, and one row in that module's table `OPERATORS`; a module is one row in `operator_table`.  Several results are a
list; what no layer does is refused with `call.refuse(why, help)`.  Operators of arrays alone have such a table in
`folding`; patterns of several nodes are made one node before (`patterns`).
"""
