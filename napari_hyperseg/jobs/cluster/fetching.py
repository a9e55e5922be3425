"""Blocks that workers wrote into a shared folder are fetched, a few at a time, beside the rest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from napari_hyperseg.errors import JobError, SharedFolderError
from napari_hyperseg.jobs.cluster.block_plan import BlockPlan, BlockTask
from napari_hyperseg.learn.origins import Origin

AT_A_TIME = 4


@dataclass(frozen=True)
class Fetched:
    """A block that was fetched; or could not be.

    Parameters
    ----------
    task : BlockTask
    origin : Origin
    copied : Future
        Done.
    """

    task: BlockTask
    origin: Origin
    copied: Future[None]

    def check(self, what_is_kept: str) -> None:
        """Make sure that it is here.

        Raises
        ------
        JobError
            If not; `what_is_kept` is what the user has in spite of it.
        """
        try:
            self.copied.result()
        except SharedFolderError as error:
            raise JobError(f"{error} {what_is_kept}") from error
        except OSError as error:
            raise JobError(
                f"{error.filename}: cannot be written: {error.strerror or error}. {what_is_kept}"
            ) from error


class Fetching:
    """Copies blocks of a plan.

    Parameters
    ----------
    plan : BlockPlan
    tell : callable
        Takes each `Fetched`, in threads.
    """

    def __init__(self, plan: BlockPlan, tell: Callable[[Fetched], None]) -> None:
        self._plan, self._tell = plan, tell
        self._threads = ThreadPoolExecutor(AT_A_TIME)

    def begin(self, task: BlockTask, origin: Origin) -> None:
        """Fetch a block as soon as those before it are here."""
        copied = self._threads.submit(self._plan.fetch, task)
        copied.add_done_callback(lambda done: self._tell(Fetched(task, origin, done)))

    def close(self) -> None:
        """Fetch nothing any more."""
        self._threads.shutdown(cancel_futures=True)
