"""What the lab says of nets that were trained without some of their skips."""

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.lab import shelf, wires
from convivo.lab.questions.cut_wire import Asked, cut_wire
from convivo.lab.window import Window
from convivo.ops.scores import match, outline_distances
from convivo.run.predict import predict


@pytest.mark.parametrize("wiring", wires.WIRINGS, ids=lambda wiring: wiring.name)
def test_every_wiring_answers_as_its_net_does(wiring):
    window = Window("mixed")
    answer = cut_wire(Asked(window, wiring.cut))
    model = wires.load(wiring.cut)
    assert model.net.size.cut == wiring.cut
    seen = shelf.cut(window)
    expected = predict(model, seen.as_image()).labels
    # a faster engine may round a pixel the other way
    assert match(expected, answer.labels, 0.9).accuracy == 1
    assert answer.weights == sum(each.numel() for each in model.net.parameters())
    scores = match(seen.truth, answer.labels, 0.5)
    assert answer.judged.there == 22
    assert answer.judged.right == scores.true_positives
    assert answer.judged.accuracy == scores.accuracy
    off = outline_distances(seen.truth, answer.labels, 0.75)
    assert answer.judged.off == pytest.approx(off.mean())
    assert answer.judged.within[2] == pytest.approx(np.mean(off <= 1))
    assert answer.judged.within[-1] == pytest.approx(np.mean(off <= 8))


def test_a_skip_that_is_not_there_cannot_be_cut():
    with pytest.raises(BadInput, match="3"):
        cut_wire(Asked(Window("mixed"), (3,)))


def test_of_an_image_without_truth_nothing_is_judged(monkeypatch):
    own = shelf.Shelved("own", shelf.image("mixed").pixels)
    monkeypatch.setattr(shelf, "image", lambda _: own)
    answer = cut_wire(Asked(Window("own")))
    assert answer.judged is None
    assert answer.found > 10
