"""What Linux offers to contain a process, called through ctypes: Python 3.11 has no names for it."""
