"""A program that never answers, in place of the one that reads HDF5."""

import time

while __name__ == "__main__":
    time.sleep(1)
