"""Reads a file at a path that somebody else chose: a regular file alone, opened so that nothing can block, and up to a bound."""
import errno
import io
import os
import stat

# Of a file of Python, or of a list of folders. A larger one counts as one that cannot be read.
BYTES_MAX = 96 * 1024 * 1024

# As they are before anything listens to what the program opens.
_open, _wrap = os.open, io.open


def read(path, bytes_max=BYTES_MAX):
    """Raises OSError for anything else. To open a pipe waits for its writer, and to open a device may do something."""
    _require_regular(os.stat(path), path)
    with _wrap(_open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        # Something else may have taken its place.
        _require_regular(os.fstat(file.fileno()), path)
        data = file.read(bytes_max + 1)
    if len(data) > bytes_max:
        raise OSError(errno.EFBIG, f"The file has more than {bytes_max} bytes", path)
    return data


def _require_regular(status, path):
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file", path)
