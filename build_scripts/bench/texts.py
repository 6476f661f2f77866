"""The text that is streamed: prose, lists, a table and code, in pieces of the size of tokens."""

from __future__ import annotations

import re

_SECTION = """## Part {number}: the wind over the roof

Power grows with the *cube* of the wind's speed, so a gusty month yields more than a **steady one** with the
same mean. Work row by row, then add up with `pandas`; a mean of means hides what matters in data like this.

- **Air density** is 1.225 kg/m³ at sea level, a little less on a hot roof.
- Count nothing below 3 m/s and cap the speed at 12 m/s.
  1. A cut-in speed keeps the noise out.
  2. A rated speed keeps the storm out.

| Method | Mean wind | Energy in June |
|:-------|----------:|---------------:|
| Cube of the mean | 5.1 m/s | 66 kWh |
| Mean of the cubes | 5.1 m/s | 122 kWh |

```python
def energy_kwh(csv, area=3.2, cp=0.35, rho=1.225):
    v = pd.read_csv(csv)["speed"].clip(upper=12)
    watts = 0.5 * rho * area * cp * v.where(v >= 3, 0) ** 3
    return watts.sum() / 6 / 1000  # six readings an hour
```

> Measure for a year before you buy; the roof next door is another place.

"""


def tokens(count: int) -> list[str]:
    """`count` pieces of about four characters, which together are whole Markdown."""
    pieces: list[str] = []
    number = 0
    while len(pieces) < count:
        number += 1
        pieces += re.findall(r"\s*\S{1,4}|\s+$", _SECTION.format(number=number))
    return pieces[:count]
