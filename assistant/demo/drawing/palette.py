"""The shop's colour names as light and dark, and what goes with them."""

COLORS: dict[str, str] = {
    "Amber": "#d9952f",
    "Black": "#2b2c31",
    "Blue": "#3b6bb3",
    "Brown": "#7a5238",
    "Burgundy": "#7b2638",
    "Charcoal": "#4a4e55",
    "Chestnut": "#8c4f2b",
    "Clear": "#dcebf0",
    "Copper": "#c47a4a",
    "Coral": "#ef7a62",
    "Cream": "#f1e6cf",
    "Forest Green": "#2f5d46",
    "Gold": "#cda24b",
    "Grey": "#9a9da3",
    "Lilac": "#b7a3d0",
    "Lime": "#b6d037",
    "Mint": "#a9d8c0",
    "Mustard": "#d8a431",
    "Natural": "#dcc8a2",
    "Navy": "#28395c",
    "Oak": "#c99a63",
    "Olive": "#6f7347",
    "Orange": "#ea8132",
    "Pink": "#f0a3b7",
    "Plum": "#6b3a64",
    "Purple": "#7550a3",
    "Red": "#c9372f",
    "Rose": "#dd8f95",
    "Rust": "#b4532a",
    "Sage": "#9db396",
    "Sand": "#d9c3a0",
    "Silver": "#c3c7cb",
    "Sky Blue": "#86bbe0",
    "Steel": "#b4babf",
    "Teal": "#24797d",
    "Terracotta": "#c2694a",
    "Turquoise": "#37b3b3",
    "Walnut": "#6d4a33",
    "White": "#f5f3ee",
    "Yellow": "#f2cb3d",
}

INK = "#2f3136"
CREAM = "#f7f0e2"
BRASS = "#c9a04a"
STEEL = "#c4c9ce"


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0 to 1) of `second` stirred in; both are `#rrggbb`."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def light(color: str, share: float = 0.3) -> str:
    """`color` moved towards white."""
    return mix(color, "#ffffff", share)


def dark(color: str, share: float = 0.3) -> str:
    """`color` moved towards a warm black."""
    return mix(color, "#16130f", share)


def brightness(color: str) -> float:
    """How light the eye takes `color` to be, from 0 (black) to 1 (white)."""
    red, green, blue = _channels(color)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def contrast(color: str) -> str:
    """A colour for what is printed on `color`: cream on dark and middle tones, a deep shade of itself on light ones."""
    return CREAM if brightness(color) < 0.62 else dark(color, 0.55)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
