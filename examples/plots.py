# Plots with pandas and matplotlib, where they are installed: the eccentric orbits.

# %% What we use
from importlib.util import find_spec
from pathlib import Path

missing = [name for name in ("pandas", "matplotlib") if find_spec(name) is None]
if missing:
    raise SystemExit(f"This example needs {' and '.join(missing)}. Install with: python -m pip install {' '.join(missing)}")

import matplotlib.pyplot as plt
import pandas as pd

# %% Load the orbits; the distance nearest to the Sun and the farthest follow from the eccentricity
orbits = pd.read_csv(Path(__file__).parent / "data" / "planets.csv", index_col="planet")
extremes = pd.DataFrame(
    {
        "nearest": orbits["semi_major_axis_au"] * (1 - orbits["eccentricity"]),
        "farthest": orbits["semi_major_axis_au"] * (1 + orbits["eccentricity"]),
    }
)

# %% Which planet's distance changes most?
swing = (extremes["farthest"] / extremes["nearest"] - 1).sort_values(ascending=False)
print(swing.map("{:.1%}".format).to_string())
swing.idxmax()

# %% The same as bars
figure, axes = plt.subplots()
swing.plot.barh(ax=axes)
axes.set_xlabel("farthest over nearest distance from the Sun, minus 1")
figure.tight_layout()
plt.show()
