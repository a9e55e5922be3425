"""One of several processes that train together: it leads or helps, and prints its events."""

import json
import sys

import torch
from torch.distributed import TCPStore

from napari_hyperseg.errors import HypersegError
from napari_hyperseg.jobs.control import NoCommands
from napari_hyperseg.jobs.interfaces import LOOPBACK, stay_on
from napari_hyperseg.jobs.spec import JobSpec
from napari_hyperseg.jobs.team import help_train
from napari_hyperseg.jobs.worker import run_job
from napari_hyperseg.learn import objective
from napari_hyperseg.learn.meeting import Meeting


def run_out_of_memory_once():
    """Let this process's first step need more memory than there is."""
    real, done = objective.Objective.sums, []

    def sums(*arguments):
        if not done:
            done.append(True)
            torch.empty(2**60)
        return real(*arguments)

    objective.Objective.sums = sums


def main(rank, size, port, spec, forgetful):
    """Lead the training of a specification, or help."""
    stay_on(LOOPBACK)
    torch.set_num_threads(1)
    if forgetful:
        run_out_of_memory_once()
    meeting = Meeting(TCPStore(LOOPBACK, port, is_master=False), rank, size)
    if rank:
        help_train(meeting)
    else:
        run_job(JobSpec.model_validate_json(spec), tell, NoCommands(), meeting)


def tell(event):
    """Write an event for the test to read."""
    sys.stdout.write(event.model_dump_json() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(*json.loads(sys.argv[1]))
    except HypersegError as error:
        sys.exit(f"{error}")
