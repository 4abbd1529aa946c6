"""What editors colour the language by, and the extension folder for VS Code: files alone, no server runs here."""
