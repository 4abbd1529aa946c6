"""What an editor is told about a text while it is typed, and the server that speaks with it.

All answers are pure functions of the text; only `server` knows the protocol's library, and imports it when it starts.
"""
