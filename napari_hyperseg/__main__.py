"""``python -m napari_hyperseg``: the ``hyperseg`` command."""

from napari_hyperseg.cli.app import main

if __name__ == "__main__":
    main()
