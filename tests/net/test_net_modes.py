import pytest

from napari_hyperseg.net.modes import Mode


@pytest.mark.parametrize(
    "text", ["reversible", "exact", "store", "checkpoint(1)", "checkpoint(40)"]
)
def test_text_round_trip(text):
    assert str(Mode.parse(text)) == text


def test_parts_and_surrounding_space():
    assert Mode.parse(" checkpoint(4) ") == Mode("checkpoint", 4)
    assert Mode.parse("store") == Mode("store", None)
    assert Mode() == Mode.parse("reversible")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fast", "Mode 'fast' is unknown. Choose one of reversible, exact, checkpoint, store"),
        ("", "Mode '' is unknown"),
        ("check point(2)", "unknown"),
        ("checkpoint(two)", "unknown"),
        ("checkpoint(-2)", "unknown"),
        ("checkpoint", r"interval None: 'checkpoint', and no other.*Write it as checkpoint\(4\)"),
        ("store(2)", "'store' with interval 2"),
        ("checkpoint(0)", "interval of 0 layers is too short. Choose 1 or more"),
    ],
)
def test_other_text_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        Mode.parse(text)
