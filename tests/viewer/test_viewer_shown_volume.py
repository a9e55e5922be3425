"""What the viewer reads: boxes of it are not read before a section is cut out of them."""

import numpy as np
import pytest

from napari_hyperseg.viewer.lazy_boxes import LazyBoxes
from napari_hyperseg.viewer.shown_volume import ShownVolume, shown_levels

KEYS = [
    np.s_[2],
    np.s_[:, 3],
    np.s_[..., 5],
    np.s_[1:4, 2:, 7],
    np.s_[-1, ::-1],
    np.s_[0, 0, 0],
    np.s_[::2, 1, ::-3],
]


@pytest.mark.parametrize("key", KEYS)
def test_sections_are_those_of_the_survey(survey, key):
    assert np.array_equal(ShownVolume(survey)[key], survey.volume[key])


@pytest.mark.parametrize("key", KEYS)
def test_a_box_is_read_when_it_is_cut(survey, key):
    box = np.s_[1:, ::-1, 3:19]
    shown = ShownVolume(survey)[box]
    assert isinstance(shown, ShownVolume)
    assert shown.shape == survey.volume[box].shape
    key = key if key != np.s_[1:4, 2:, 7] else np.s_[1:4, 2:, 2]
    assert np.array_equal(shown[key], survey.volume[box][key])
    assert np.array_equal(np.asarray(shown), survey.volume[box])


def test_a_small_survey_has_one_level(survey):
    assert len(shown_levels(survey)) == 1


def test_an_index_beyond_the_box_is_refused(survey):
    with pytest.raises(IndexError):
        ShownVolume(survey)[1:3][2, 0, 0]


def test_no_more_is_read_than_the_section():
    read = []

    class Watched:
        shape, dtype = (4, 5, 6), np.dtype(np.float32)

        def __getitem__(self, key):
            read.append(key)
            return np.zeros(self.shape, self.dtype)[key]

    boxes = LazyBoxes(Watched())
    assert boxes[:, 1:3, 2:][2].shape == (2, 4)
    assert read == [(2, slice(1, 3, 1), slice(2, 6, 1))]
