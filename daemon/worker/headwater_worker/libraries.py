"""What comes with Python or with Headwater, or was installed, by where its files are."""
import os

PACKAGES = "-packages" + os.sep
STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep
# That of this program, with the package `headwater` that comes with it.
OWN_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def is_library(path):
    return PACKAGES in path or path.startswith((STANDARD_LIBRARY, OWN_FOLDER))
