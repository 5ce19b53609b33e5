"""What comes with Python or was installed, by where its files are."""
import os

PACKAGES = "-packages" + os.sep
STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep


def is_library(path):
    return PACKAGES in path or path.startswith(STANDARD_LIBRARY)
