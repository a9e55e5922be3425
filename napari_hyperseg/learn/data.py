"""A survey as training and prediction see it: blocks of channels, and ranks where known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from napari_hyperseg.labels.folds import folds_of, held_out_traces, patch_side
from napari_hyperseg.labels.rank_limits import UNKNOWN, RankLimits, exact_ranks
from napari_hyperseg.labels.running import running_axes
from napari_hyperseg.labels.survey_labels import SurveyLabels
from napari_hyperseg.learn.block import Block
from napari_hyperseg.learn.encoding import InputEncoding
from napari_hyperseg.learn.prior import SurveyPrior
from napari_hyperseg.survey.geometry import Box
from napari_hyperseg.survey.survey import Survey

IN_MEMORY_BYTES = 2 * 1024**3  # surveys up to this size are read once, as float32


def slices(box: Box) -> tuple[slice, slice, slice]:
    """The index expression that cuts a box out of an array."""
    i, j, k = box
    return slice(*i), slice(*j), slice(*k)


class SurveyData:
    """The amplitudes of one survey, encoded block by block.

    Parameters
    ----------
    key : str
        Name of the survey in the project.
    survey : Survey
    """

    def __init__(self, key: str, survey: Survey) -> None:
        self.key = key
        self.geometry = survey.geometry
        self.clip = survey.clip()
        self._survey = survey
        fits = int(np.prod(self.shape)) * 4 <= IN_MEMORY_BYTES
        self._amplitude = survey.load() if fits else None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Extent along (inline, crossline, sample)."""
        return self.geometry.shape

    @property
    def volume(self) -> Any:
        """Amplitudes to cut pieces out of."""
        return self._survey.volume if self._amplitude is None else self._amplitude

    def block(
        self,
        box: Box,
        encoding: InputEncoding,
        prior: SurveyPrior | None = None,
        labels: SurveyLabels | None = None,
    ) -> Block:
        """Encode a box.

        Parameters
        ----------
        box : Box
        encoding : InputEncoding
        prior : SurveyPrior, optional
            What is expected in the survey.
        labels : SurveyLabels, optional
            What is known in it.
        """
        if self._amplitude is None:
            amplitude = self._survey.load(box)
        else:
            amplitude = self._amplitude[slices(box)]
        times_ms = self.geometry.times_ms[slice(*box[2])]
        channels = encoding.encode(amplitude, self.clip, times_ms)
        ruled_out = None if labels is None else labels.ruled_out(box)
        if prior is None:
            return Block(channels, ruled_out=ruled_out)
        return Block(channels, prior.log_probabilities(box), prior.order, ruled_out)


@dataclass
class LabelledData:
    """What is labelled in a survey, split into training and held-out traces.

    Parameters
    ----------
    data : SurveyData
    labels : SurveyLabels
        Read again by `refresh`.
    seed : int
        Chooses the held-out traces.
    side : int
        Of the patches that are held out, see `patch_side`; 0: to be chosen.
    held_out_prior : SurveyPrior, optional
        What is expected by who does not know the held-out labels.
    usual_distance : float, optional
        Of traces without labels from labels, see `patch_side`.
    """

    data: SurveyData
    labels: SurveyLabels
    seed: int
    side: int = 0
    held_out_prior: SurveyPrior | None = None
    usual_distance: float | None = None
    folds: NDArray[np.uint8] = field(init=False)
    held_out: NDArray[np.bool_] = field(init=False)
    training_traces: NDArray[np.intp] = field(init=False)
    training_axes: NDArray[np.int8] = field(init=False)
    training_counts: NDArray[np.float64] = field(init=False)
    held_out_counts: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Find out which traces carry labels, and how many of each class."""
        labelled = self.labels.traces()
        self.side = self.side or patch_side(labelled, self.usual_distance)
        self.folds = folds_of(labelled, self.side, self.seed)
        self.held_out = held_out_traces(self.folds, self.side)
        training = labelled & ~self.held_out
        self.training_traces = np.argwhere(training)
        self.training_axes = running_axes(training)[training]
        self.training_counts = self._count(self.training_traces)
        self.held_out_counts = self._count(np.argwhere(self.held_out))

    def part(self, usual_distance: float | None) -> None:
        """Choose anew how large the patches are that are held out; see `patch_side`."""
        self.usual_distance, self.side = usual_distance, 0
        self.refresh()

    @property
    def held_out_fold(self) -> int:
        """Number of the fold that is held out; 0: none is."""
        return int(self.folds[self.held_out].max(initial=0))

    @property
    def voxels(self) -> int:
        """Number of labelled voxels."""
        return round(self.training_counts[1:].sum()) + self.held_out_voxels

    @property
    def held_out_voxels(self) -> int:
        """Number of labelled voxels that training does not see."""
        return round(self.held_out_counts[1:].sum())

    def training_limits(self, box: Box) -> RankLimits:
        """What training may see of a box, shape (2, i, j, k): nothing of held-out traces."""
        return self._where(box, ~self.held_out)

    def held_out_limits(self, box: Box) -> RankLimits:
        """What is known of the held-out traces alone, shape (2, i, j, k)."""
        return self._where(box, self.held_out)

    def _where(self, box: Box, traces: NDArray[np.bool_]) -> RankLimits:
        limits = self.labels.of_box(box)
        limits[:, ~traces[slices(box)[:2]]] = [[[0]], [[UNKNOWN]]]
        return limits

    def _count(self, traces: NDArray[np.intp]) -> NDArray[np.float64]:
        """Voxels of each code on these traces, shape (n_classes + 1,); shared where several fit."""
        order = np.asarray(self.labels.order)
        counts = np.zeros(len(order) + 1)
        for i in np.unique(traces[:, 0]):
            limits = self.labels.of_traces(int(i), traces[traces[:, 0] == i, 1])
            ranks = exact_ranks(limits)
            counts[order] += np.bincount(ranks.ravel(), minlength=len(order) + 1)[1:]
            several = limits[:, (limits[0] > 0) & (ranks == 0)]
            pairs, numbers = np.unique(several, axis=1, return_counts=True)
            for (least, most), number in zip(pairs.T.astype(int), numbers, strict=True):
                counts[order[least - 1 : most]] += number / (most - least + 1)
        return counts
