"""The tiny survey says what it is."""

import numpy as np


def test_survey_reads_the_addressed_volume(survey, addressed_volume):
    assert survey.name == "tiny"
    assert np.array_equal(survey.volume[:], addressed_volume)
    assert survey.geometry.shape == (6, 5, 20)
    assert survey.geometry.start_ms == 100.0
    assert survey.geometry.to_xy is not None
