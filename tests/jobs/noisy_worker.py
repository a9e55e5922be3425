"""The worker, in a process where libraries print and every step is saved."""

import ctypes
import os
import sys

from napari_hyperseg.jobs import training, worker

training.CHECKPOINT_EVERY_S = 0.0
run_training = worker.run_training


def print_and_train(*arguments):
    sys.stdout.write("a library greets the world\n")
    sys.stdout.flush()
    os.write(1, b"so does another, in C\n")
    ctypes.CDLL(None).puts(b"and one that waits for the end")
    os.system("echo and a program that was started")
    run_training(*arguments)


worker.run_training = print_and_train
raise SystemExit(worker.main())
