"""A scene as a file: SVG, PNG, PDF."""
