"""The fast engine is used where it is right, and only there."""

import numpy as np
import pytest

from convivo.errors import BadInput, NotAvailable
from convivo.run import engines
from convivo.run.engines import OpenVinoEngine, TorchEngine, Wanted, choose

pytest.importorskip("openvino")


@pytest.fixture
def shown(trained, data):
    return trained.prepare(data[0].image.array)


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch):
    """Each test starts without remembered verdicts."""
    remembered = {}
    monkeypatch.setattr(engines, "read_verdict", remembered.get)
    monkeypatch.setattr(engines, "write_verdict", remembered.__setitem__)


def wrong(kind):
    """OpenVINO with a planted fault."""

    class Wrong(OpenVinoEngine):
        def __call__(self, shown):
            output = super().__call__(shown).copy()
            if kind == "shifted":
                return np.roll(output, 3, axis=-1)
            if kind == "not a number":
                output[:, 0, 0] = np.nan
                return output
            return output * 0.5

    return Wrong


def test_openvino_gives_torchs_logits(trained, shown):
    reference = TorchEngine(trained.net)(shown)
    found = OpenVinoEngine(trained.net, shown.shape)(shown)
    assert np.abs(found - reference).max() < 1e-4 * np.abs(reference).max()


def test_auto_takes_the_fast_engine_where_it_agrees(trained, shown):
    engine, notes = choose(trained, shown, Wanted())
    assert engine.name.startswith("openvino")
    assert notes == ()


@pytest.mark.parametrize("kind", ["shifted", "not a number", "too soft"])
def test_a_planted_wrong_engine_is_refused_with_a_note(trained, shown, monkeypatch, kind):
    monkeypatch.setattr(engines, "OpenVinoEngine", wrong(kind))
    engine, notes = choose(trained, shown, Wanted())
    assert engine.name.startswith("torch")
    assert any("disagrees with torch" in note for note in notes)
    again, _ = choose(trained, shown, Wanted())  # the verdict is remembered and still holds
    assert again.name == engine.name


def test_a_verdict_is_remembered_and_not_made_twice(trained, shown, monkeypatch):
    choose(trained, shown, Wanted())
    monkeypatch.setattr(engines, "agree", lambda found, reference: pytest.fail("asked again"))
    assert choose(trained, shown, Wanted())[0].name.startswith("openvino")


def test_an_empty_first_tile_settles_nothing(trained, shown, monkeypatch):
    written = []
    monkeypatch.setattr(engines, "write_verdict", lambda key, agrees: written.append(agrees))
    choose(trained, np.zeros_like(shown), Wanted())
    assert written == []


def test_what_is_asked_for_by_name_is_what_one_gets(trained, shown):
    assert choose(trained, shown, Wanted("torch", "float32"))[0].name == "torch float32"
    assert choose(trained, shown, Wanted("openvino", "float32"))[0].name == "openvino float32"


def test_what_is_not_here_is_said(trained, shown, monkeypatch):
    with pytest.raises(BadInput, match="no 'gpu' here"):
        Wanted(device="gpu")
    monkeypatch.setattr(engines, "openvino_version", lambda: None)
    with pytest.raises(NotAvailable, match="openvino is not installed"):
        choose(trained, shown, Wanted("openvino"))
    assert choose(trained, shown, Wanted())[0].name.startswith("torch")
