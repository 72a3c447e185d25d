"""What a learner's program does comes back as events, in order and in words."""

from __future__ import annotations

import numpy as np
import pytest

from convivo.course.checks import Held, LearnerFailed, Unfinished
from convivo.course.runner.program import Ended, Figure, Printed, Program, Raised, Ready, Shown
from convivo.course.runner.runner import Runner


def test_what_is_printed_comes_out_and_the_end_is_told(ran):
    printed, ended = ran("print(6 * 7)")
    assert printed == Printed("42\n")
    assert (ended.reason, ended.sentence) == ("done", "The program ran to its end.")


def test_text_pictures_and_arrays_keep_their_order(ran):
    events = ran(
        "import numpy as np, matplotlib.pyplot as plt\n"
        "from convivo.course import show\n"
        "print('first'); show(np.arange(6.0).reshape(2, 3), 'six')\n"
        "plt.plot([1, 2]); plt.show(); print('last')\n"
    )
    assert [type(event) for event in events] == [Printed, Shown, Figure, Printed, Ended]
    assert events[1].title == "six"
    np.testing.assert_array_equal(events[1].array, np.arange(6.0).reshape(2, 3))
    assert events[2].png.startswith(b"\x89PNG")


def test_an_error_names_the_line_of_the_learner_and_no_frame_of_ours(ran):
    raised, ended = ran("a = 1\n\ndef half(x):\n    return x / 0\n\nhalf(a)\n")
    assert (raised.kind, raised.line, ended.reason) == ("ZeroDivisionError", 4, "error")
    assert "return x / 0" in raised.traceback
    assert "inside.py" not in raised.traceback


def test_what_is_not_written_yet_is_no_failure_of_ours(runner: Runner):
    source = 'def twice(x):\n    raise NotImplementedError("your turn")\n\nprint(twice(2))\n'
    with runner.start(Program(source, answers=True)) as run:
        assert [type(event) for event in run.events()] == [Raised, Ready]
        with pytest.raises(Unfinished, match="`twice` is not written yet"):
            run.call("twice", 2)
        with pytest.raises(Unfinished, match="`thrice` is not written yet"):
            run.call("thrice", 2)


def test_functions_answer_with_numbers_arrays_and_lists(runner: Runner):
    source = "import numpy as np\nseen = (1, None, 'a', [2.5, True], {'k': slice(0, 3)})\ndef double(x): return x * 2\n"
    with runner.start(Program(source, answers=True)) as run:
        assert isinstance(list(run.events())[-1], Ready)
        assert run.call("double", 21) == 42
        assert run.value("seen") == (1, None, "a", [2.5, True], {"k": slice(0, 3)})
        image = np.arange(12, dtype=np.uint16).reshape(3, 4)
        np.testing.assert_array_equal(run.call("double", image), image * 2)
        with pytest.raises(LearnerFailed, match="in line 3: TypeError"):
            run.call("double", None)


def test_a_net_stays_there_and_can_be_given_to_the_next_call(runner: Runner):
    source = (
        "import torch\n"
        "def build(): return torch.nn.Conv2d(1, 4, 3)\n"
        "def count(net): return sum(each.numel() for each in net.parameters())\n"
    )
    with runner.start(Program(source, answers=True)) as run:
        list(run.events())
        net = run.call("build")
        assert isinstance(net, Held)
        assert net.kind == "Conv2d"
        assert run.call("count", net) == 40
