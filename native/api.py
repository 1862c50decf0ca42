"""Every operation of the native library, in one namespace: `from native import api`.

Fr vectors are uint64 (n, 4), Montgomery form, fully reduced, unless a name says canonical. Points
are affine Montgomery, (n, 8) for G1 and (n, 16) for G2, infinity all zero. Scalars of curve
operations are canonical. `threads=0` means all cores. A wrong shape or dtype is a ValueError.

A new part adds its two lines: the star import and its `__all__`.
"""

from __future__ import annotations

from native import (
    api_assignment,
    api_combine,
    api_curve,
    api_field,
    api_fixed_base,
    api_hash,
    api_pairing,
    api_signature,
    api_transform,
    api_witness,
    api_zkey,
    constants,
)
from native.api_assignment import *  # noqa: F403
from native.api_combine import *  # noqa: F403
from native.api_curve import *  # noqa: F403
from native.api_field import *  # noqa: F403
from native.api_fixed_base import *  # noqa: F403
from native.api_hash import *  # noqa: F403
from native.api_pairing import *  # noqa: F403
from native.api_signature import *  # noqa: F403
from native.api_transform import *  # noqa: F403
from native.api_witness import *  # noqa: F403
from native.api_zkey import *  # noqa: F403
from native.constants import *  # noqa: F403

__all__: list[str] = []
__all__ += api_field.__all__
__all__ += api_transform.__all__
__all__ += api_assignment.__all__
__all__ += api_curve.__all__
__all__ += api_fixed_base.__all__
__all__ += api_combine.__all__
__all__ += api_pairing.__all__
__all__ += api_hash.__all__
__all__ += api_signature.__all__
__all__ += api_witness.__all__
__all__ += api_zkey.__all__
__all__ += constants.__all__
