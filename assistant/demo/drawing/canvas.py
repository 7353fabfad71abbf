"""A sheet of 640 x 480 units to draw on: outlines, paints and shading, kept as SVG until they are rendered."""

from collections.abc import Sequence
from typing import Literal

from assistant.demo.drawing.palette import brightness, dark

WIDTH, HEIGHT = 640, 480

_LAYERS = 6

Shade = Literal["cloth", "round", "metal", "ball", "flat", "glass", "none"]

# Alpha-only overlays: (offset, black or white, opacity) across a shape, so that any colour or pattern below is shaded.
_ACROSS: dict[str, tuple[tuple[float, str, float], ...]] = {
    "cloth": ((0, "#000", 0.2), (0.18, "#000", 0.04), (0.38, "#fff", 0.14), (0.62, "#000", 0.02), (1, "#000", 0.24)),
    "round": (
        (0, "#000", 0.34),
        (0.14, "#000", 0.12),
        (0.27, "#fff", 0.4),
        (0.42, "#fff", 0.04),
        (0.7, "#000", 0.08),
        (0.93, "#000", 0.36),
        (1, "#000", 0.24),
    ),
    "metal": (
        (0, "#000", 0.4),
        (0.1, "#fff", 0.35),
        (0.2, "#000", 0.12),
        (0.34, "#fff", 0.7),
        (0.46, "#fff", 0.1),
        (0.68, "#000", 0.22),
        (0.84, "#fff", 0.3),
        (1, "#000", 0.42),
    ),
    "flat": ((0, "#fff", 0.12), (0.5, "#fff", 0), (1, "#000", 0.14)),
    "glass": ((0, "#000", 0.14), (0.12, "#fff", 0.5), (0.24, "#fff", 0.02), (0.8, "#fff", 0.1), (1, "#000", 0.2)),
}


class Canvas:
    """Shapes in the order they were drawn, the latest on top. Fills are `#rrggbb` or what a paint method returned."""

    def __init__(self) -> None:
        self._defs: list[str] = []
        self._body: list[str] = []

    def svg(self) -> str:
        """The sheet as an SVG document."""
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        return f"{head}<defs>{''.join(self._defs)}</defs>{''.join(self._body)}</svg>"

    def shape(self, d: str, fill: str, *, opacity: float = 1, blur: float = 0, clip: str = "") -> None:
        """Fill the outline `d`, softened outwards by `blur` units and kept within `clip`, an outline too."""
        if blur:
            self._soft(d, fill, opacity, 0, blur, clip)
        else:
            self._put(f'<path d="{d}" fill="{fill}"{_see_through("fill", opacity)}/>', clip)

    def line(
        self,
        d: str,
        color: str,
        width: float = 2,
        *,
        opacity: float = 1,
        dash: str = "",
        blur: float = 0,
        clip: str = "",
    ) -> None:
        """Stroke the path `d` with round ends."""
        if blur:
            self._soft(d, color, opacity, width, blur, clip)
            return
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._put(f'<path d="{d}" {_stroke(color, width)}{dashes}{_see_through("stroke", opacity)}/>', clip)

    def solid(self, d: str, color: str, shade: Shade = "cloth", *, fill: str = "", edge: float = 0.5) -> None:
        """A thing with a surface: colour (or the paint `fill` over it), shading, and a fine darker edge."""
        self.shape(d, color)
        if fill:
            self.shape(d, fill)
        # On near-black, black shading vanishes: lift the lights instead.
        lift = 0.75 if brightness(color) > 0.25 else 1.25
        if shade == "ball":
            self.shape(d, self._ball(lift))
        elif shade != "none":
            stops = [(at, ink, a * lift if ink == "#fff" else a) for at, ink, a in _ACROSS[shade]]
            self.shape(d, self._alpha(stops, (0, 0, 1, 0.06)))
            if shade in ("cloth", "flat"):
                self.shape(d, self._alpha([(0, "#fff", 0.1), (0.5, "#fff", 0), (1, "#000", 0.2)], (0, 0, 0, 1)))
        if edge:
            self.line(d, dark(color, 0.45), 1.3, opacity=edge)

    def folds(self, strokes: Sequence[str], clip: str, width: float = 9, strength: float = 0.16) -> None:
        """Soft creases along `strokes`, each with a lit side."""
        joined = "".join(strokes)
        self.line(joined, "#000000", width, opacity=strength, blur=7, clip=clip)
        self.begin(f"translate({-0.9 * width:g} 0)")
        self.line(joined, "#ffffff", width * 0.7, opacity=strength * 0.55, blur=7)
        self.end()

    def shadow(self, cx: float, cy: float, rx: float, ry: float = 12, strength: float = 0.34) -> None:
        """The shadow a standing thing throws on the floor."""
        for grow, share in ((1.3, 0.55), (1.0, 0.9)):
            ink = f"#1d1a16{round(255 * strength * share):02x}"
            half = f"#1d1a16{round(150 * strength * share):02x}"
            soft = self.radial((0, ink), (0.6, half), (1, "#1d1a1600"))
            self.shape(ellipse(cx, cy + 2, rx * grow, ry * grow), soft)

    def cast(self, d: str, strength: float = 0.3) -> None:
        """The shadow a hanging or lying thing throws on what is right behind it."""
        self.begin("translate(4 7)")
        self.shape(d, "#1d1a16", opacity=strength, blur=13)
        self.end()

    def gleam(self, d: str, opacity: float = 0.5, blur: float = 1.5) -> None:
        """A reflection of the studio's window."""
        self.shape(d, "#fff", opacity=opacity, blur=blur)

    def linear(self, *stops: tuple[float, str], to: tuple[float, float] = (0, 1)) -> str:
        """A paint running from the first stop to the last, by default downwards."""
        marks = "".join(f'<stop offset="{at}" stop-color="{color}"/>' for at, color in stops)
        return self._define(
            f'<linearGradient id="{{id}}" x1="0" y1="0" x2="{to[0]}" y2="{to[1]}">{marks}</linearGradient>'
        )

    def radial(self, *stops: tuple[float, str], cx: float = 0.5, cy: float = 0.5, r: float = 0.5) -> str:
        """A paint running outwards from a point; stops may be `#rrggbbaa`."""
        marks = "".join(
            f'<stop offset="{at}" stop-color="{color[:7]}" stop-opacity="{int(color[7:] or "ff", 16) / 255:.3f}"/>'
            for at, color in stops
        )
        return self._define(f'<radialGradient id="{{id}}" cx="{cx}" cy="{cy}" r="{r}">{marks}</radialGradient>')

    def tile(self, width: float, height: float, content: str, *, turn: float = 0) -> str:
        """A paint that repeats `content` (SVG) every `width` x `height` units, turned by `turn` degrees."""
        return self._define(
            f'<pattern id="{{id}}" width="{width}" height="{height}" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate({turn})">{content}</pattern>'
        )

    def begin(self, transform: str) -> None:
        """Move what follows, until `end`, by an SVG transform."""
        self._body.append(f'<g transform="{transform}">')

    def end(self) -> None:
        self._body.append("</g>")

    def _alpha(self, stops: Sequence[tuple[float, str, float]], axis: tuple[float, float, float, float]) -> str:
        marks = "".join(f'<stop offset="{at}" stop-color="{ink}" stop-opacity="{a:.3f}"/>' for at, ink, a in stops)
        x1, y1, x2, y2 = axis
        return self._define(
            f'<linearGradient id="{{id}}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{marks}</linearGradient>'
        )

    def _ball(self, lift: float) -> str:
        white = f"#ffffff{min(255, round(150 * lift)):02x}"
        return self.radial(
            (0, white), (0.4, "#ffffff10"), (0.7, "#00000020"), (1, "#00000078"), cx=0.35, cy=0.28, r=0.78
        )

    def _define(self, markup: str) -> str:
        name = f"d{len(self._defs)}"
        self._defs.append(markup.replace("{id}", name))
        return f"url(#{name})"

    def _soft(self, d: str, color: str, opacity: float, width: float, blur: float, clip: str) -> None:
        # Layers of growing strokes: looks like a Gaussian and renders a hundred times faster than a filter.
        each = 1 - (1 - opacity) ** (1 / _LAYERS)
        layers: list[str] = []
        for layer in range(_LAYERS):
            spread = 2 * blur * layer / _LAYERS
            if width:
                grown = max(0.8, width - blur + spread)
                layers.append(f'<path d="{d}" {_stroke(color, grown)} stroke-opacity="{each:.4f}"/>')
            else:  # one element with fill and stroke; group opacity keeps their overlap from doubling
                edge = f'stroke="{color}" stroke-width="{spread:g}" stroke-linejoin="round"'
                layers.append(f'<path d="{d}" fill="{color}" {edge} opacity="{each:.4f}"/>')
        self._put("".join(layers), clip)

    def _put(self, element: str, clip: str) -> None:
        if clip:
            mask = self._define(f'<clipPath id="{{id}}"><path d="{clip}"/></clipPath>')
            element = f'<g clip-path="{mask}">{element}</g>'
        self._body.append(element)


def _stroke(color: str, width: float) -> str:
    return f'fill="none" stroke="{color}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"'


def _see_through(what: str, opacity: float) -> str:
    return f' {what}-opacity="{opacity:g}"' if opacity < 1 else ""


MIRROR = f"translate({WIDTH} 0) scale(-1 1)"
"""The transform that draws something on the other side of the sheet's upright middle."""


def ellipse(cx: float, cy: float, rx: float, ry: float) -> str:
    """The outline of an ellipse."""
    return f"M{cx - rx} {cy}a{rx} {ry} 0 1 0 {2 * rx} 0a{rx} {ry} 0 1 0 {-2 * rx} 0Z"


def circle(cx: float, cy: float, r: float) -> str:
    """The outline of a circle."""
    return ellipse(cx, cy, r, r)


def box(x: float, y: float, width: float, height: float, r: float = 0) -> str:
    """The outline of a rectangle with corners rounded by `r`."""
    r = min(r, width / 2, height / 2)
    w, h = width - 2 * r, height - 2 * r
    return (
        f"M{x + r} {y}h{w}a{r} {r} 0 0 1 {r} {r}v{h}a{r} {r} 0 0 1 {-r} {r}h{-w}a{r} {r} 0 0 1 {-r} {-r}v{-h}"
        f"a{r} {r} 0 0 1 {r} {-r}Z"
    )


def symmetric(half: str, axis: float = WIDTH / 2) -> str:
    """A closed outline from its left half, run from the top of the axis to its bottom.

    `half` is a start point and segments divided by `|`: two numbers draw a line, six a cubic curve.

    Raises:
        ValueError: a segment has another count of numbers.
    """
    steps = [[float(number) for number in step.split()] for step in half.split("|")]
    if any(len(step) not in (2, 6) for step in steps):
        raise ValueError(f"segments need 2 or 6 numbers: {half}")
    parts = ["M" + _numbers(steps[0])] + [("L" if len(step) == 2 else "C") + _numbers(step) for step in steps[1:]]
    ends = [step[-2:] for step in steps]
    for step, before in zip(reversed(steps[1:]), reversed(ends[:-1]), strict=True):
        points = [before] if len(step) == 2 else [step[2:4], step[0:2], before]
        mirrored = [value for x, y in points for value in (2 * axis - x, y)]
        parts.append(("L" if len(step) == 2 else "C") + _numbers(mirrored))
    return "".join(parts) + "Z"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:g}" for value in values)
