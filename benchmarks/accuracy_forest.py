"""A random forest on features of several scales, as ilastik's pixel classification uses them.

Features: intensity, edges and texture at each scale (scikit-image's basic features: Gaussian,
gradient magnitude, eigenvalues of the Hessian), and the depth, which gives it the better scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy_cases import Case, Mask

TREES, LEAF = 100, 5
SCALES = (1.0, 8.0)  # samples: the least and the greatest; each is twice the one before
MOST_SAMPLES = 100_000


def predict(case: Case, labelled: Mask, seed: int, threads: int) -> NDArray[np.uint8]:
    """Train on the labelled traces, then predict all."""
    from sklearn.ensemble import RandomForestClassifier

    features = _features(case.volume, threads)
    known = labelled & (case.truth[..., 0] > 0)
    samples, codes = features[known].reshape(-1, features.shape[-1]), case.truth[known].ravel()
    random = np.random.default_rng(seed)
    some = random.permutation(len(codes))[:MOST_SAMPLES]
    forest = RandomForestClassifier(
        TREES, min_samples_leaf=LEAF, n_jobs=threads, random_state=seed, class_weight="balanced"
    )
    forest.fit(samples[some], codes[some])
    inlines = (forest.predict(inline.reshape(-1, inline.shape[-1])) for inline in features)
    return np.stack([codes.reshape(case.volume.shape[1:]) for codes in inlines]).astype(np.uint8)


def _features(volume: NDArray[np.float32], threads: int) -> NDArray[np.float32]:
    from skimage.feature import multiscale_basic_features

    scaled = (volume / np.percentile(np.abs(volume), 99)).astype(np.float32)
    features = multiscale_basic_features(
        scaled, sigma_min=SCALES[0], sigma_max=SCALES[1], channel_axis=None
    )
    depth = np.broadcast_to(np.linspace(-1, 1, volume.shape[2], dtype=np.float32), volume.shape)
    return np.concatenate([features, depth[..., None]], axis=-1).astype(np.float32)
