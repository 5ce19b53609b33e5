"""Which process the kernel is: a forked child has copies of all its objects, and none of its channels."""
import os


class Owner:
    def __init__(self):
        self._process = None

    def claim(self):
        """This process is the kernel. Its parts may have been put together in the one that it was forked from."""
        self._process = os.getpid()

    def is_here(self):
        return os.getpid() == self._process
