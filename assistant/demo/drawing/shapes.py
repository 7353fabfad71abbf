"""Every kind of item the shop sells, with the function that draws it."""

from collections.abc import Callable

from assistant.demo.drawing import (
    clothes,
    devices,
    garden,
    home,
    jars,
    kitchen,
    knitted,
    machines,
    outdoor,
    shoes_bags,
    toys,
)
from assistant.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, box
from assistant.demo.drawing.look import Look
from assistant.demo.drawing.palette import brightness, mix

Shape = Callable[[Canvas, Look], None]

SHAPES: dict[str, Shape] = {
    "rain-jacket": clothes.rain_jacket,
    "winter-jacket": clothes.winter_jacket,
    "sweater": clothes.sweater,
    "t-shirt": clothes.t_shirt,
    "shirt": clothes.shirt,
    "dress": clothes.dress,
    "trousers": clothes.trousers,
    "romper": clothes.romper,
    "beanie": knitted.beanie,
    "scarf": knitted.scarf,
    "sneakers": shoes_bags.sneakers,
    "hiking-boots": shoes_bags.hiking_boots,
    "running-shoes": shoes_bags.running_shoes,
    "sandals": shoes_bags.sandals,
    "backpack": shoes_bags.backpack,
    "tote-bag": shoes_bags.tote_bag,
    "suitcase": shoes_bags.suitcase,
    "tent": outdoor.tent,
    "sleeping-bag": outdoor.sleeping_bag,
    "water-bottle": outdoor.water_bottle,
    "lantern": outdoor.lantern,
    "yoga-mat": outdoor.yoga_mat,
    "dumbbell": outdoor.dumbbell,
    "ball": outdoor.ball,
    "bike-helmet": outdoor.bike_helmet,
    "kettle": kitchen.kettle,
    "pan": kitchen.pan,
    "chef-knife": kitchen.chef_knife,
    "mug": kitchen.mug,
    "coffee-maker": machines.coffee_maker,
    "mixer": machines.appliance,
    "table-lamp": home.table_lamp,
    "cushion": home.cushion,
    "duvet-cover": home.duvet_cover,
    "vase": home.vase,
    "rug": home.rug,
    "armchair": home.armchair,
    "candle": home.candle,
    "headphones": devices.headphones,
    "speaker": devices.speaker,
    "smartwatch": devices.smartwatch,
    "power-bank": devices.power_bank,
    "face-cream": jars.face_cream,
    "shampoo": jars.shampoo,
    "perfume": jars.perfume,
    "coffee-beans": jars.coffee_beans,
    "tea": jars.tea,
    "chocolate": jars.chocolate,
    "plush-toy": toys.plush_toy,
    "board-game": toys.board_game,
    "wooden-toy": toys.wooden_toy,
    "plant-pot": garden.plant_pot,
    "watering-can": garden.watering_can,
    "garden-tool": garden.garden_tool,
}

_HANGING = (
    "jacket",
    "sweater",
    "shirt",
    "dress",
    "trousers",
    "romper",
    "scarf",
    "duvet",
    "rug",
    "knife",
    "smartwatch",
    "power-bank",
    "garden-tool",
    "chocolate",
    "yoga-mat",
    "sleeping-bag",
)
_PALE = ("#f3efe8", "#eef1f0", "#f4eeea", "#eef0f4", "#f1f1ea")
_TONED = ("#c9d3d0", "#d3cdc6", "#c9d0da", "#d6cdd0", "#cdd2c4")


def backdrop(canvas: Canvas, look: Look) -> None:
    """The studio: paper curved from wall to floor, lit from the upper left; darker behind pale things."""
    tones = _TONED if brightness(look.color) > 0.78 else _PALE
    tone = look.random("backdrop").choice(tones)
    canvas.shape(box(0, 0, WIDTH, HEIGHT), tone)
    if not any(word in look.kind for word in _HANGING):
        shade = mix(tone, "#6b6258", 0.17)
        canvas.shape(
            box(0, 300, WIDTH, HEIGHT - 300), canvas.linear((0, tone), (0.45, mix(tone, shade, 0.55)), (1, shade))
        )
    glow = canvas.radial((0, "#ffffff90"), (0.5, "#ffffff50"), (1, "#ffffff00"), cx=0.42, cy=0.38, r=0.62)
    canvas.shape(box(0, 0, WIDTH, HEIGHT), glow)
    vignette = canvas.radial((0, "#00000000"), (0.7, "#00000000"), (1, "#3a302622"), r=0.75)
    canvas.shape(box(0, 0, WIDTH, HEIGHT), vignette)
