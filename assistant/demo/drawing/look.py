"""What a shape needs to know of the item it draws, and the paints its pattern is made of."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.demo.drawing.canvas import Canvas
from assistant.demo.drawing.palette import brightness, contrast, dark, light, mix


@dataclass(frozen=True, slots=True)
class Look:
    """An item in one of its colours.

    Attributes:
        item_id: seeds the small differences between items of a kind.
        kind: what it is, e.g. `rain-jacket`.
        color: `#rrggbb`.
        attributes: the item's own, as in the catalogue.
    """

    item_id: str
    kind: str
    color: str
    attributes: Mapping[str, Sequence[str]]

    def get(self, name: str, default: str = "") -> str:
        """The first value of an attribute."""
        return next(iter(self.attributes.get(name, ())), default)

    def made_of(self, word: str) -> bool:
        """Whether a material contains `word`."""
        return any(word in material for material in self.attributes.get("material", ()))

    def number(self, name: str, default: float) -> float:
        """The first number in an attribute, e.g. 24 of `24 litres`."""
        word = self.get(name).split(" ")[0]
        return float(word) if word.replace(".", "", 1).isdigit() else default

    def pick(self, *choices: str, salt: str = "") -> str:
        """One of `choices`, always the same for this item."""
        return self.random(salt).choice(choices)

    def random(self, salt: str = "") -> random.Random:
        """Chance that falls the same way every time."""
        return random.Random(f"{self.item_id}/{salt}")

    @property
    def ink(self) -> str:
        """What is printed on the item's colour."""
        return contrast(self.color)

    @property
    def deep(self) -> str:
        """The item's colour in shadow, for trims and linings; of near-black things a lighter one, so that it shows."""
        return dark(self.color, 0.35) if brightness(self.color) > 0.26 else light(self.color, 0.14)

    def accent(self) -> str:
        """A second colour that goes with the item's own."""
        others = ["#d8a431", "#c2694a", "#24797d", "#28395c", "#f1e6cf", "#9db396"]
        far = sorted(others, key=lambda other: -abs(brightness(other) - brightness(self.color)))
        return self.random("accent").choice(far[:3])


def pattern_paint(canvas: Canvas, look: Look, scale: float = 1) -> str:
    """A paint for the item's pattern, or "" when it has none that covers the whole."""
    base, ink = look.color, look.ink
    soft = dark(base, 0.18) if brightness(base) > 0.26 else light(base, 0.1)
    match look.get("pattern"):
        case "striped":
            width = 26 * scale * look.random("stripe").choice((0.8, 1, 1.3))
            return canvas.tile(20, width, f'<rect width="20" height="{width * 0.42}" fill="{ink}"/>')
        case "checked":
            return _check(canvas, base, ink, 46 * scale)
        case "dotted":
            return canvas.tile(
                26 * scale, 26 * scale, _dots(26 * scale, 4.6 * scale, "#fbf8f0" if ink[1] == "f" else ink)
            )
        case "speckled":
            return canvas.tile(60, 60, _speckles(look, 60, dark(base, 0.5)))
        case "ribbed":
            content = f'<rect width="{4 * scale}" height="10" fill="{soft}" opacity=".8"/>'
            return canvas.tile(9 * scale, 10, content)
        case "cable":
            return _cable(canvas, soft, light(base, 0.25), scale)
        case "zigzag":
            return _zigzag(canvas, ink, mix(base, look.accent(), 0.7), scale)
        case "floral":
            return canvas.tile(52 * scale, 52 * scale, _flowers(52 * scale, "#fbeedd", mix(base, "#f2cb3d", 0.75)))
        case "quilted":
            return ""
        case "fair isle":
            return ""
        case _:
            return ""


def _check(canvas: Canvas, base: str, ink: str, size: float) -> str:
    band = size * 0.42
    tone = dark(base, 0.45)
    content = (
        f'<rect width="{size}" height="{band}" fill="{tone}" opacity=".55"/>'
        f'<rect width="{band}" height="{size}" fill="{tone}" opacity=".55"/>'
        f'<rect y="{size * 0.68}" width="{size}" height="2.4" fill="{ink}" opacity=".75"/>'
        f'<rect x="{size * 0.68}" width="2.4" height="{size}" fill="{ink}" opacity=".75"/>'
    )
    return canvas.tile(size, size, content)


def _dots(size: float, r: float, color: str) -> str:
    near, far = size * 0.25, size * 0.75
    return (
        f'<circle cx="{near}" cy="{near}" r="{r}" fill="{color}"/><circle cx="{far}" cy="{far}" '
        f'r="{r}" fill="{color}"/>'
    )


def _speckles(look: Look, size: float, color: str) -> str:
    chance = look.random("speckles")
    spots = [(chance.uniform(2, size - 2), chance.uniform(2, size - 2), chance.uniform(0.6, 1.7)) for _ in range(16)]
    return "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{color}" opacity=".6"/>' for x, y, r in spots)


def _cable(canvas: Canvas, shade: str, lit: str, scale: float) -> str:
    content = (
        f'<path d="M6 0C6 11 22 9 22 20S6 29 6 40M22 0C22 11 6 9 6 20S22 29 22 40" fill="none" stroke="{shade}" '
        f'stroke-width="4"/><path d="M6 0C6 11 22 9 22 20S6 29 6 40" fill="none" stroke="{lit}" stroke-width="1.6"/>'
        f'<path d="M31 0V40M37 0V40" stroke="{shade}" stroke-width="2" opacity=".7"/>'
    )
    return canvas.tile(42 * scale, 40 * scale, f'<g transform="scale({scale})">{content}</g>')


def _zigzag(canvas: Canvas, ink: str, second: str, scale: float) -> str:
    content = (
        f'<path d="M0 12L15 2L30 12" fill="none" stroke="{ink}" stroke-width="5"/>'
        f'<path d="M0 34L15 24L30 34" fill="none" stroke="{second}" stroke-width="7"/>'
    )
    return canvas.tile(30 * scale, 44 * scale, f'<g transform="scale({scale})">{content}</g>')


def _flowers(size: float, petal: str, heart: str) -> str:
    def flower(x: float, y: float, r: float) -> str:
        petals = "".join(
            f'<ellipse cx="{x}" cy="{y - r}" rx="{r * 0.55}" ry="{r * 0.8}" transform="rotate({turn} {x} {y})"/>'
            for turn in range(0, 360, 72)
        )
        return f'<g fill="{petal}">{petals}</g><circle cx="{x}" cy="{y}" r="{r * 0.5}" fill="{heart}"/>'

    return flower(size * 0.28, size * 0.3, size * 0.11) + flower(size * 0.76, size * 0.78, size * 0.085)
