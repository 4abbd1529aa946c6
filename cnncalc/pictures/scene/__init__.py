"""What a drawing is made of, whatever kind of file it becomes: shapes, letters, colours."""
