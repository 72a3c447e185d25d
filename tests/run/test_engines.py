"""The fast engine is used where it is right, and only there."""

import numpy as np
import pytest
import torch

from convivo.errors import BadInput, NotAvailable
from convivo.run import asking, choice, engines
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted, choose
from convivo.run.engines import OpenVinoEngine, TorchEngine
from convivo.run.memory import tile_bytes
from convivo.run.predict import Predictor
from convivo.types import Image
from restorers import noisy, restorer
from simulated import nuclei

pytest.importorskip("openvino")


@pytest.fixture
def shown(trained, data):
    return trained.prepare(data[0].image.array)


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch):
    """Each test starts without remembered verdicts."""
    remembered = {}
    monkeypatch.setattr(choice, "read_verdict", remembered.get)
    monkeypatch.setattr(choice, "write_verdict", lambda key, agrees: remembered.__setitem__(key, agrees))


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
    found = choose(trained, shown, Wanted())
    assert found.engine.name.startswith("openvino")
    assert found.is_proven


@pytest.mark.parametrize("kind", ["shifted", "not a number", "too soft"])
def test_a_planted_wrong_engine_is_refused_with_a_note(trained, shown, monkeypatch, kind):
    monkeypatch.setattr(choice, "OpenVinoEngine", wrong(kind))
    found = choose(trained, shown, Wanted())
    assert found.engine.name.startswith("torch")
    assert any("disagrees with torch" in note for note in found.notes)
    again = choose(trained, shown, Wanted())  # the verdict is remembered and still holds
    assert again.engine.name == found.engine.name


def test_a_verdict_is_remembered_and_not_made_twice(trained, shown, monkeypatch):
    choose(trained, shown, Wanted())
    monkeypatch.setattr(choice, "agree", lambda found, reference: pytest.fail("asked again"))
    assert choose(trained, shown, Wanted()).engine.name.startswith("openvino")


@pytest.mark.parametrize(("residual", "precisions"), [(True, {"bfloat16", "float32"}), (False, {"float32"})])
def test_a_net_that_says_the_whole_image_says_it_in_full_precision(monkeypatch, residual, precisions):
    monkeypatch.setattr(choice, "fast_precisions", lambda _: ["bfloat16", "float32"])
    model = restorer("n2v", residual=residual)
    found = {each.name.split()[1] for each in choice.candidates(model, Wanted(device="cpu"))}
    assert found == precisions
    asked = next(choice.candidates(model, Wanted(engine="torch", precision="bfloat16", device="cpu")))
    assert asked.name == "torch bfloat16"  # by name it is used as it is


def test_a_device_that_is_not_there_is_refused_before_any_image(trained, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(NotAvailable, match="no cuda device"):
        Predictor(trained, PredictOptions(engine=Wanted(device="cuda")))


def test_a_window_without_objects_proves_nothing(trained, shown, data, monkeypatch):
    assert not choose(trained, np.zeros_like(shown), Wanted()).is_proven
    monkeypatch.setattr(choice, "OpenVinoEngine", wrong("shifted"))
    predictor = Predictor(trained, PredictOptions())
    noise = np.random.default_rng(0).normal(100, 5, shown.shape).astype(np.float32)
    predictor.predict(Image(noise))
    found = predictor.predict(data[0].image)  # the first image with cells unmasks the engine
    assert found.engine.startswith("torch")


def test_a_blank_window_refuses_no_engine_that_restores_and_proves_none(monkeypatch):
    monkeypatch.setattr(choice, "fast_precisions", lambda _: ["float32"])
    model = restorer("n2v")
    torch.nn.init.zeros_(model.net.members[0].unet.head.weight)  # residual: what it is shown comes back
    seen = model.prepare(noisy((1, 32, 32)))
    blank = (0.01 * seen - 2).astype(np.float32)

    class Rounding(OpenVinoEngine):
        def __call__(self, shown):
            return super().__call__(shown) + np.float32(5e-4)

    monkeypatch.setattr(choice, "OpenVinoEngine", Rounding)
    found = choose(model, blank, Wanted(device="cpu"))
    assert (found.engine.name, found.is_proven, found.notes) == ("openvino float32", False, ())
    assert choose(model, seen, Wanted(device="cpu")).is_proven
    monkeypatch.setattr(choice, "OpenVinoEngine", wrong("too soft"))
    other = restorer("n2v", depth=2)
    assert choose(other, seen, Wanted(device="cpu")).engine.name.startswith("torch")


def test_of_a_large_window_the_middle_proves_an_engine(trained, monkeypatch):
    monkeypatch.setattr(choice, "PROOF_SIDE", 96)
    large = nuclei(1, seed=3, shape=(260, 200), objects=24)[0].image.array
    compared = []
    monkeypatch.setattr(choice, "agree", lambda found, reference: compared.append(found.labels.shape) or True)
    found = choose(trained, trained.prepare(large), Wanted())
    assert compared == [(96, 96)]
    assert found.is_proven
    assert found.engine(trained.prepare(large)).shape[1:] == (260, 200)


def test_engines_are_let_go_when_together_they_take_too_much(trained, monkeypatch):
    each = tile_bytes(trained, (96, 96))
    monkeypatch.setattr(asking, "KEPT_ENGINES", 2.5 * each)
    predictor = Predictor(trained)
    for seed, side in enumerate((88, 92, 96, 2000)):
        predictor._asker._make_room((1, side, side))
        predictor._asker._choices[1, side, side] = seed
        assert list(predictor._asker._choices.values()) == {0: [0], 1: [0, 1], 2: [1, 2], 3: [3]}[seed]


def test_an_engine_that_cannot_be_set_up_is_passed_over_with_a_note(trained, shown, monkeypatch):
    def broken(*anything):
        raise ImportError("libtbb.so.12: cannot open shared object file")

    monkeypatch.setattr(choice, "OpenVinoEngine", broken)
    found = choose(trained, shown, Wanted())
    assert found.engine.name.startswith("torch")
    assert "libtbb" in found.notes[0]


def test_converting_a_net_reports_to_nobody(trained, monkeypatch):
    import openvino_telemetry

    monkeypatch.setattr(openvino_telemetry, "Telemetry", lambda *a, **k: pytest.fail("it phoned home"))
    engines._converted(trained.net, 1)


def test_verdicts_hold_for_one_processor(trained, monkeypatch):
    here = choice._key(trained, "openvino float32")
    monkeypatch.setattr(choice, "processor_name", lambda: "another one")
    assert choice._key(trained, "openvino float32") != here


def test_a_models_own_net_stays_where_it_is(trained):
    engine = TorchEngine(trained.net)
    assert engine._net is not trained.net


def test_what_is_asked_for_by_name_is_what_one_gets(trained, shown):
    for engine in ("torch", "openvino"):
        for precision in ("float32", "bfloat16"):
            assert choose(trained, shown, Wanted(engine, precision)).engine.name == f"{engine} {precision}"


def test_what_is_not_here_is_said(trained, shown, monkeypatch):
    with pytest.raises(BadInput, match="no 'gpu' here"):
        Wanted(device="gpu")
    monkeypatch.setattr(choice, "openvino_version", lambda: None)
    with pytest.raises(NotAvailable, match="openvino is not installed"):
        choose(trained, shown, Wanted("openvino"))
    assert choose(trained, shown, Wanted()).engine.name.startswith("torch")
