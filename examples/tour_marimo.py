import marimo

__generated_with = "0.25.2"
app = marimo.App()


@app.cell
def imports():
    # A tour of Headwater, in marimo's format: how long is a year on other planets?
    import csv
    import math
    import statistics
    import struct
    import zlib
    from pathlib import Path
    return Path, csv, math, statistics, struct, zlib


@app.cell
def parameter():
    # Try "headwater run tour_marimo.py -p planet_count=4".
    planet_count: int = 8
    return (planet_count,)


@app.cell
def load(Path, csv, planet_count):
    # The orbits, counted from the Sun.
    with open(Path(__file__).parent / "data" / "planets.csv", encoding="utf-8") as _file:
        planets = list(csv.DictReader(_file))[:planet_count]

    distances = {planet["planet"]: float(planet["semi_major_axis_au"]) for planet in planets}
    f"{len(planets)} planets, from {planets[0]['planet']} to {planets[-1]['planet']}"
    return distances, planets


@app.cell
def years(planets):
    # A year is the time for 360 degrees; a Julian century has 36,525 days.
    days = {planet["planet"]: 360 * 36525 / float(planet["degrees_per_century"]) for planet in planets}
    return (days,)


@app.cell
def kepler(days, distances, math, statistics):
    # Kepler's third law: a straight line through the logarithms.
    law = statistics.linear_regression(
        [math.log(distance) for distance in distances.values()],
        [math.log(period) for period in days.values()],
    )


    def days_by_law(distance):
        return math.exp(law.intercept) * distance**law.slope


    print(f"A year grows as the distance to the power {law.slope:.3f}; Kepler said 1.5.")
    return (days_by_law,)


@app.cell
def table(days, days_by_law, distances):
    # What the law makes of each planet.
    print(f"{'planet':8} {'distance':>11} {'year':>13} {'by the law':>13} {'off by':>8}")
    for _name, _year in days.items():
        _au = distances[_name]
        print(f"{_name:8} {_au:8.3f} au {_year:8.1f} days {days_by_law(_au):8.1f} days {days_by_law(_au) / _year - 1:+8.2%}")
    return


@app.cell
def belt(days_by_law):
    # And of a place where no planet is: Ceres, in the belt of asteroids.
    ceres = 2.77
    f"A year on Ceres, by the law: {days_by_law(ceres) / 365.25:.1f} of ours"
    return


@app.cell
def canvas(struct, zlib):
    # A canvas that shows itself as a PNG.
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
    return (Canvas,)


@app.cell
def picture(Canvas, days, days_by_law, distances, math):
    # Years over distances, both logarithmic; the law is the line.
    def place(au, days):
        return round(130 + 200 * math.log10(au)), round(480 - 90 * math.log10(days))


    plot = Canvas(480, 320)
    for _step in range(-45, 165):
        plot.dot(*place(10 ** (_step / 100), days_by_law(10 ** (_step / 100))), radius=1, color=(150, 170, 200))
    for _point in zip(distances.values(), days.values()):
        plot.dot(*place(*_point), radius=5, color=(200, 80, 40))
    plot
    return


if __name__ == "__main__":
    app.run()
