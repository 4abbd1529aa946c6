"""What people hand in, read: text, tables and prints into claims about the places of a key."""
