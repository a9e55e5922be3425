"""A folder at a URL: what is in it is read, written and removed by name.

The only place that opens URLs, by fsspec.  Credentials are each process's own: they come from
its environment, and are never part of the URL, which is told to others and written down.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari_hyperseg.errors import SharedFolderError
from napari_hyperseg.survey.replacing import replacing
from napari_hyperseg.survey.shared.patience import within

if TYPE_CHECKING:
    from zarr.abc.store import Store

FILE = "file"
CHECKED = b"seen\n"
ANSWER_S = 30.0  # an S3 client tries for minutes
_URL = re.compile(r"(?P<protocol>[A-Za-z][A-Za-z0-9+.-]+)://(?P<rest>.*)", re.DOTALL)
_PASSWORD = re.compile(r"[^@]*:[^@]*@(?P<place>.*)", re.DOTALL)
_EXTRAS = {"s3": "s3fs: pip install 'napari-hyperseg[s3]'"}
_LONGEST = 200  # characters of a reason


@dataclass(frozen=True)
class SharedFolder:
    """A folder at a URL; nothing is looked at before something is asked of it.

    Parameters
    ----------
    url : str
        Without a slash at its end; see `parse`.

    Raises
    ------
    SharedFolderError
        By every method: if it cannot be done, in one line with the URL and the reason.
    """

    url: str

    def __str__(self) -> str:
        return self.url

    @classmethod
    def parse(cls, said: str) -> SharedFolder:
        """Read a URL, or a path of this computer.

        Raises
        ------
        SharedFolderError
            If it names no folder, or holds a password.
        """
        found = _URL.fullmatch(said.strip())
        if found is None and "://" not in said:
            return cls.at(Path(said).expanduser())
        protocol, rest = ("", "") if found is None else found.groups()
        protocol, rest = protocol.lower(), rest.rstrip("/")
        if secret := _PASSWORD.fullmatch(rest):
            raise SharedFolderError(
                f"{protocol}://...@{secret['place']} holds a password, which would be written "
                "down. Say the URL without it, and credentials in the environment."
            )
        if not rest or any(part in rest for part in ("::", "?", "#")):
            raise SharedFolderError(f"{said!r} is no folder: write a path, or s3://BUCKET/FOLDER.")
        return cls.at(Path(rest)) if protocol == FILE else cls(f"{protocol}://{rest}")

    @classmethod
    def at(cls, path: Path) -> SharedFolder:
        """Name a folder of this computer."""
        return cls(f"{FILE}://{path.absolute().as_posix()}")

    @property
    def path(self) -> Path | None:
        """Where it is in the file system; None: it is not in one."""
        protocol, _, rest = self.url.partition("://")
        return Path(rest) if protocol == FILE else None

    def inside(self, *names: str) -> SharedFolder:
        """Name a folder in it."""
        return SharedFolder("/".join((self.url, *names)))

    def check(self) -> None:
        """Make sure that files can be written, read and removed, and that takes no minutes."""
        with self.told("used"):
            within(ANSWER_S, self._try)

    def _try(self) -> None:
        name = f".check-{uuid.uuid4().hex}"
        self.write(name, CHECKED)
        if self.read_if_there(name) != CHECKED:
            raise SharedFolderError(f"{self.url} does not read as it was written.")
        self.remove(name)

    def read(self, name: str) -> bytes:
        """Read a file."""
        content = self.read_if_there(name)
        if content is None:
            raise SharedFolderError(f"{self.url}/{name} is missing.")
        return content

    def read_if_there(self, name: str) -> bytes | None:
        """Read a file; None: there is none."""
        with self.told("read", name):
            try:
                content: bytes = self._files.cat_file(self._place(name))
            except FileNotFoundError:
                return None
            return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file: a reader sees the old one or the new one, whole."""
        with self.told("written", name):
            if self.path is None:
                self._files.pipe_file(self._place(name), content)
            else:
                _replace(self.path / name, content)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self.told("removed", name):
            try:
                self._files.rm_file(self._place(name))
            except FileNotFoundError:
                return

    def clear(self) -> None:
        """Remove everything in it."""
        with self.told("removed"):
            try:
                self._files.rm(self._root, recursive=True)
            except FileNotFoundError:
                return

    def sizes(self) -> dict[str, int]:
        """Bytes of each file in it and below, by name with ``/`` between the parts."""
        with self.told("listed"):
            try:
                found = self._files.find(self._root, detail=True)
            except FileNotFoundError:
                return {}
            start = len(self._place(""))
            return {path[start:]: int(one["size"]) for path, one in found.items()}

    def zarr_store(self, *, read_only: bool = False) -> Store:
        """Return it as zarr takes it."""
        from zarr.storage import FsspecStore, LocalStore

        if self.path is not None:
            return LocalStore(self.path, read_only=read_only)
        with self.told("opened"):
            return FsspecStore.from_url(self.url, read_only=read_only)

    @contextmanager
    def told(self, what: str, name: str = "") -> Iterator[None]:
        """Say in one line what goes wrong in a block.

        Parameters
        ----------
        what : str
            That then cannot be done, as in "read".
        name : str
            The file in the folder with which; empty, or hidden: the folder is named.
        """
        place = self.url if name[:1] in ("", ".") else f"{self.url}/{name}"
        try:
            yield
        except SharedFolderError:
            raise
        except ImportError as error:
            raise SharedFolderError(f"{place} needs {self._needed(error)}.") from error
        except Exception as error:  # each kind of store raises what its library does
            raise SharedFolderError(f"{place} cannot be {what}: {_reason(error)}") from error

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        """What fsspec opens, and the folder's name there."""
        from fsspec.core import url_to_fs

        return url_to_fs(self.url, use_listings_cache=False)

    @property
    def _files(self) -> Any:
        return self._opened[0]

    @property
    def _root(self) -> str:
        return self._opened[1].rstrip("/")

    def _place(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _needed(self, error: ImportError) -> str:
        protocol = self.url.partition("://")[0]
        return _EXTRAS.get(protocol, f"a package that is not installed ({_reason(error)})")


def _replace(path: Path, content: bytes) -> None:
    """Object stores do by themselves what file systems do not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as beside:
        beside.write_bytes(content)


def _reason(error: BaseException) -> str:
    """What a library says, on one line that ends."""
    words = " ".join(str(error).split())[:_LONGEST].rstrip(".") or type(error).__name__
    return f"{words}."
