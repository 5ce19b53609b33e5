"""Fetches chosen files of source distributions through the package index that pip is set up for.

Standard input: a JSON list of {project, file, sha256, members}, or with `folders` instead of `members`: then all `.py` files
below them that have a `# %%` line. Argument: the folder to put the files in, each below the name of its distribution. What
is there already is not fetched again. The archives are unpacked, never built: no code of theirs runs here.
"""

import hashlib
import io
import json
import os
import re
import ssl
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path

TIMEOUT_SECONDS = 120
ARCHIVE_BYTES_MAX = 64 * 1024 * 1024


def main():
    folder = Path(sys.argv[1])
    for distribution in json.load(sys.stdin):
        root = folder / distribution["file"].removesuffix(".tar.gz")
        if "folders" in distribution:
            fetch_scripts(distribution, root)
        elif not all((root / member).exists() for member in distribution["members"]):
            unpack(download(distribution), distribution["members"], root)


def fetch_scripts(distribution, root):
    """A file beside the folder says that all of it is there."""
    done = root.with_name(f"{root.name}.scripts")
    if done.exists():
        return
    archive = download(distribution)
    unpack(archive, scripts_in(archive, distribution["folders"], root.name), root)
    done.touch()


def scripts_in(archive, folders, top):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for entry in tar:
            member = entry.name.removeprefix(f"{top}/")
            is_asked = any(member.startswith(f"{folder}/") for folder in folders)
            if entry.isfile() and is_asked and member.endswith(".py"):
                if re.search(rb"^#[ \t]*%%", tar.extractfile(entry).read(), re.MULTILINE):
                    yield member


def download(distribution):
    page = get(f"{index_url()}/{distribution['project']}/", "application/vnd.pypi.simple.v1+json")
    found = [file for file in json.loads(page)["files"] if file["filename"] == distribution["file"]]
    if not found:
        raise SystemExit(f"the index has no {distribution['file']}")
    archive = get(found[0]["url"], "*/*")
    if hashlib.sha256(archive).hexdigest() != distribution["sha256"]:
        raise SystemExit(f"{distribution['file']} is not the archive that the test was written for")
    return archive


def index_url():
    """What pip would use: its help tells, with all of its configuration taken into account."""
    command = [sys.executable, "-m", "pip", "download", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    match = re.search(r"--index-url <url>.*?\(default\s+(\S+?)\)", text, re.DOTALL)
    if not match:
        raise SystemExit("pip does not tell its index")
    return match[1].rstrip("/")


def get(url, accept):
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=context) as response:
        content = response.read(ARCHIVE_BYTES_MAX + 1)
    if len(content) > ARCHIVE_BYTES_MAX:
        raise SystemExit(f"{url} is larger than {ARCHIVE_BYTES_MAX} bytes")
    return content


def unpack(archive, members, root):
    """Each file appears whole or not at all, also when two tests fetch at once."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in members:
            content = tar.extractfile(f"{root.name}/{member}").read()
            target = root / member
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
                draft.write(content)
            os.replace(draft.name, target)


main()
