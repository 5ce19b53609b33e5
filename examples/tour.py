# A tour of Headwater: how long is a year on other planets?
#
# This is an ordinary script with "# %%" lines. "python tour.py" runs it from top to bottom, "headwater run tour.py"
# too; in an editor each cell runs alone, with what it needs and all that depends on it.

# %% What we use: the standard library alone
import csv
import math
import statistics
import struct
import zlib
from pathlib import Path

# %% A parameter: try "headwater run tour.py -p planet_count=4"
planet_count: int = 8

# %% Load the orbits, counted from the Sun
with open(Path(__file__).parent / "data" / "planets.csv", encoding="utf-8") as file:
    planets = list(csv.DictReader(file))[:planet_count]

distances = {planet["planet"]: float(planet["semi_major_axis_au"]) for planet in planets}
f"{len(planets)} planets, from {planets[0]['planet']} to {planets[-1]['planet']}"

# %% A year is the time for 360 degrees; a Julian century has 36,525 days
days = {planet["planet"]: 360 * 36525 / float(planet["degrees_per_century"]) for planet in planets}

# %% Kepler's third law: a straight line through the logarithms
law = statistics.linear_regression(
    [math.log(distance) for distance in distances.values()],
    [math.log(period) for period in days.values()],
)


def days_by_law(distance):
    return math.exp(law.intercept) * distance**law.slope


print(f"A year grows as the distance to the power {law.slope:.3f}; Kepler said 1.5.")

# %% What the law makes of each planet
print(f"{'planet':8} {'distance':>11} {'year':>13} {'by the law':>13} {'off by':>8}")
for name, year in days.items():
    au = distances[name]
    print(f"{name:8} {au:8.3f} au {year:8.1f} days {days_by_law(au):8.1f} days {days_by_law(au) / year - 1:+8.2%}")

# %% And of a place where no planet is: Ceres, in the belt of asteroids
ceres = 2.77
f"A year on Ceres, by the law: {days_by_law(ceres) / 365.25:.1f} of ours"


# %% A canvas that shows itself as a PNG
class Canvas:
    def __init__(self, width, height):
        self.width = width
        self.height = height
        self.rows = [bytearray(b"\xff" * 3 * width) for _ in range(height)]

    def dot(self, x, y, radius, color):
        for row in range(max(0, y - radius), min(self.height, y + radius + 1)):
            for column in range(max(0, x - radius), min(self.width, x + radius + 1)):
                if (column - x) ** 2 + (row - y) ** 2 <= radius**2:
                    self.rows[row][3 * column : 3 * column + 3] = bytes(color)

    def _repr_png_(self):
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + row for row in self.rows))
        chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(self.chunk(kind, content) for kind, content in chunks)

    def chunk(self, kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


# %% The picture: years over distances, both logarithmic; the law is the line
def place(au, days):
    return round(130 + 200 * math.log10(au)), round(480 - 90 * math.log10(days))


plot = Canvas(480, 320)
for step in range(-45, 165):
    plot.dot(*place(10 ** (step / 100), days_by_law(10 ** (step / 100))), radius=1, color=(150, 170, 200))
for point in zip(distances.values(), days.values()):
    plot.dot(*place(*point), radius=5, color=(200, 80, 40))
plot
