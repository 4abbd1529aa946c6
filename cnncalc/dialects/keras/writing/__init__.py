"""A net as Keras 3 code: `keras_pieces` says what Keras has for a row, `model_text` prints the functions."""
