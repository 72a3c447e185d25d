"""Would the restoration come back if it was the truth?

Noise as strong as what was taken away is put on the restored image again, and it is restored once more. What comes out
otherwise the second time is how far off a restoration of such an image is, were the first one the truth (a parametric
bootstrap, Efron 1979). It is what models can be asked that do not say how sure they are. The truth is less smooth than
a restoration and has more to lose, so real errors are larger: by 2.5 on 50 low exposures of BBBC039 with photons from 3
to 200, in variance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.checks.invention import Restored, finding, restored_channels, share_doubt
from convivo.doubt.finding import NOTE, Finding
from convivo.ops.residual import noise_by_brightness
from convivo.types import AnyArray

REAL = 2.5  # variance of real errors over that of the second restoration
WARNS = 0.1


def ask(case: Case) -> Iterator[Finding]:
    """How much of the restoration comes out otherwise a second time; nothing where no noise can be put back."""
    if not case.restores or case.model.card.settings.get("axes"):
        return
    channels = list(restored_channels(case))
    if len(channels) != len(case.pixels):  # two channels in, one out: nobody knows what to put the noise on
        return
    gain = case.model.in_target_units(np.stack([np.ones_like(each.after) for each in channels]))
    zero = case.model.in_target_units(np.stack([np.zeros_like(each.after) for each in channels]))
    rng = np.random.default_rng(0)
    noisy = np.stack([_noisy(each, rng) for each in channels])
    again = case.restore(lambda _: ((noisy - zero) / (gain - zero)).astype(np.float32))
    for channel, after in zip(channels, again.image.array, strict=True):
        yield _finding(case, channel, after)


def _noisy(channel: Restored, rng: np.random.Generator) -> AnyArray:
    """The restored image with noise as it had: as strong at each brightness."""
    variance = noise_by_brightness(channel.before - channel.after, channel.after)
    return np.asarray(channel.after + np.sqrt(variance) * rng.standard_normal(channel.after.shape))


def _finding(case: Case, channel: Restored, after: AnyArray) -> Finding:
    share = REAL * float(np.mean(np.square(after - channel.after, dtype=np.float64))) / channel.drawn
    alike = float(np.corrcoef(after.ravel(), channel.after.ravel())[0, 1]) if np.ptp(after) > 0 else 0.0
    return finding(
        case,
        share_doubt(share),
        f"restored again from as much noise it correlates with itself by {alike:.2f}; so it is off by about "
        f"{100 * np.sqrt(share):.0f} % of its contrast (a third is much, all of it means that nothing is known)",
        "give it more light; believe nothing that comes and goes" if share_doubt(share) >= NOTE else "",
        measured=share,
        expected=(0.0, WARNS),
        check="renoising",
    )


CHECK: ImageCheck = Check(
    "renoising", "Would the restoration come back if it was the truth?", ask, of="restored"
)
