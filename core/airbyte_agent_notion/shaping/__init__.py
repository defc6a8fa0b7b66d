"""What a model gets to read: results and errors as text."""
