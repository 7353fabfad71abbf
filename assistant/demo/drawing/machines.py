"""What makes coffee, dough, toast and soup."""

from assistant.demo.drawing.canvas import Canvas, Shade, box, circle, ellipse, symmetric
from assistant.demo.drawing.kitchen import METALS, WOOD, surface
from assistant.demo.drawing.look import Look
from assistant.demo.drawing.palette import CREAM, INK, STEEL, dark, light


def coffee_maker(canvas: Canvas, look: Look) -> None:
    """What makes coffee: press, portafilter machine, moka pot, pour-over or drip machine."""
    draw = {"French press": _press, "espresso machine": _espresso, "moka pot": _moka, "pour-over": _pour_over}
    draw.get(look.get("type"), _drip)(canvas, look)


def _press(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 404, 92, 13)
    canvas.line("M396 210C456 210 456 360 396 356", INK, 16)
    glass = box(242, 190, 156, 208, 10)
    canvas.solid(glass, "#e4eef0", "glass")
    canvas.shape("M244 268H396V392H244Z", "#3d2416", opacity=0.92, clip=glass)
    canvas.shape("M244 260H396V272H244Z", "#a9744a", clip=glass)
    canvas.line("M320 90V236", STEEL, 5)
    canvas.solid(box(246, 232, 148, 12, 3), STEEL, "metal")
    for x in (246, 394):
        canvas.solid(box(x - 7, 188, 14, 216, 4), look.color, "round")
    canvas.solid(box(238, 196, 164, 12, 3), look.color, "round")
    canvas.solid(
        symmetric("320 154 | 276 154 246 166 236 190 | 280 196 310 196 320 196"),
        look.color,
        surface(look) if look.color in METALS else "round",
    )
    canvas.solid(circle(320, 86, 15), look.color, "ball")
    canvas.gleam(box(262, 216, 10, 160, 5), 0.5)


def _espresso(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 408, 180, 15)
    canvas.solid(box(168, 120, 304, 284, 14), look.color, "flat")
    canvas.solid(box(168, 120, 304, 84, 14), light(look.color, 0.12), "metal" if look.color in METALS else "flat")
    canvas.shape(box(186, 214, 196, 160, 8), dark(look.color, 0.55))
    canvas.solid(box(178, 378, 212, 22, 4), STEEL, "metal")
    canvas.solid(box(234, 204, 92, 28, 6), STEEL, "metal")
    canvas.solid("M262 232H300L294 262H268Z", "#3a3d42", "round")
    canvas.solid(box(224, 234, 20, 14, 4), STEEL, "metal")
    canvas.line("M236 242L196 262", INK, 15)
    for x in (268, 294):
        canvas.line(f"M{x} 262V318", "#5a3a24", 3)
    canvas.solid(symmetric("281 322 | 254 322 | 256 350 264 364 281 364", axis=281), "#f7f4ee", "round")
    canvas.solid(circle(348, 162, 24), "#f7f4ee", "flat")
    canvas.line("M348 162L360 148", "#c9372f", 3)
    for x in (204, 246, 288):
        canvas.solid(circle(x, 162, 10), INK, "ball")
    canvas.line("M418 204C418 280 430 300 438 346", STEEL, 8)
    canvas.solid(circle(442, 162, 17), INK, "ball")
    canvas.solid(box(196, 98, 220, 24, 4), STEEL, "metal")


def _moka(canvas: Canvas, look: Look) -> None:
    shade: Shade = "metal"
    canvas.shadow(320, 404, 92, 13)
    canvas.line("M384 206H430C446 206 446 222 440 240L424 318", INK, 18)
    canvas.solid(symmetric("320 286 | 268 286 | 234 398 | 270 406 300 406 320 406"), look.color, shade)
    canvas.solid("M254 176L220 192L262 222Z", look.color, shade)
    canvas.solid(symmetric("320 176 | 252 176 | 274 276 | 300 280 310 280 320 280"), look.color, shade)
    canvas.solid(box(264, 272, 112, 18, 5), dark(look.color, 0.15), shade)
    canvas.solid(symmetric("320 146 | 300 148 270 162 250 178 | 290 184 310 184 320 184"), look.color, shade)
    canvas.solid(box(308, 122, 24, 28, 9), INK, "round")
    for x in (292, 348):
        canvas.line(
            f"M{x} 180L{320 + (x - 320) * 0.8:.0f} 270M{320 + (x - 320) * 0.9:.0f} 292L{320 + (x - 320) * 1.6:.0f} 396",
            "#000000",
            1.4,
            opacity=0.35,
        )


def _pour_over(canvas: Canvas, _look: Look) -> None:
    canvas.shadow(320, 404, 92, 13)
    glass = symmetric("320 92 | 216 92 | 262 190 288 220 292 244 | 286 280 228 300 224 360 | 224 396 250 404 320 404")
    canvas.solid(glass, "#deebee", "glass")
    canvas.shape("M210 348C270 358 370 340 430 348V410H210Z", "#4a2a18", opacity=0.9, clip=glass)
    canvas.shape("M236 96H404L320 236Z", "#f6efe0")
    canvas.shape("M262 140H378L320 232Z", "#4a2c1a", opacity=0.85)
    canvas.line("M320 238V340", "#5a3a24", 2, dash="6 9")
    canvas.solid(
        symmetric("320 212 | 276 208 | 284 228 288 238 288 246 | 286 256 282 264 278 272 | 300 278 310 278 320 278"),
        WOOD,
        "round",
    )
    canvas.line("M280 244C300 254 340 254 360 244M316 250l-10 34M324 250l8 32", "#5b3a22", 4)
    canvas.gleam("M240 340C240 320 252 306 262 300C254 330 250 350 252 376C242 370 240 356 240 340Z", 0.6)


def _drip(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 408, 140, 14)
    steel_jug = look.get("grinder") == "yes"
    canvas.solid(box(204, 380, 232, 26, 8), look.color, "flat")
    canvas.solid(box(370, 110, 66, 280, 8), look.color, "flat")
    canvas.solid(box(204, 110, 232, 108, 14), look.color, "flat")
    if steel_jug:
        canvas.solid("M232 60H400L384 112H248Z", "#c9b9a0", "glass")
        canvas.shape("M244 84H390L382 112H252Z", "#4a2c1a")
    canvas.solid(box(318, 136, 88, 40, 5), "#1d2126", "flat")
    canvas.line("M334 156h14M356 156h14M378 156h14", "#8fe0c8", 6)
    canvas.solid("M250 218H330L318 236H262Z", INK, "flat")
    jug = symmetric("288 244 | 254 244 | 246 270 222 290 222 326 | 222 366 238 378 288 378", axis=288)
    canvas.line("M344 264C378 262 378 350 340 348", INK, 12)
    canvas.solid(jug, STEEL if steel_jug else "#dfe9ec", "metal" if steel_jug else "glass")
    if not steel_jug:
        canvas.shape("M216 304H360V380H216Z", "#4a2a18", opacity=0.92, clip=jug)
    canvas.solid(box(252, 236, 72, 14, 5), INK, "flat")


def appliance(canvas: Canvas, look: Look) -> None:
    """A kitchen machine: stand mixer, toaster, blender, hand blender or waffle iron."""
    draw = {"stand mixer": _stand_mixer, "toaster": _toaster, "blender": _blender, "hand blender": _hand_blender}
    draw.get(look.get("type"), _waffle_iron)(canvas, look)


def _stand_mixer(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 406, 190, 15)
    canvas.solid(
        "M150 386C150 374 160 370 180 370H480C494 370 498 392 492 404H158C150 404 150 396 150 386Z", look.color, "flat"
    )
    canvas.solid("M386 372C396 300 384 240 370 196H480C494 260 494 330 484 372Z", look.color, "round")
    canvas.solid("M282 206H306L320 330H268Z", STEEL, "metal")
    head = (
        "M158 168C158 116 200 100 270 100H430C484 100 500 150 490 200C440 214 260 222 200 212C172 206 158 190 158 168Z"
    )
    canvas.solid(head, look.color, "cloth")
    canvas.gleam("M190 140C220 116 300 114 400 116C320 126 230 132 194 158Z", 0.45, 4)
    canvas.line("M164 176C250 186 400 186 492 172", STEEL, 7)
    canvas.solid(circle(186, 150, 13), STEEL, "ball")
    canvas.solid(circle(440, 230, 12), INK, "ball")
    bowl = symmetric("286 270 | 196 270 | 200 330 220 370 250 378 | 266 382 276 382 286 382", axis=286)
    canvas.solid(bowl, STEEL, "metal")
    canvas.solid(ellipse(286, 271, 91, 10), "#eef1f3", "flat")


def _toaster(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 402, 165, 14)
    for x in (250, 330):
        canvas.solid(f"M{x} 210V150C{x - 12} 120 {x + 84} 120 {x + 72} 150V210Z", "#d9a35c", "cloth")
        canvas.line(f"M{x} 206V150C{x - 12} 122 {x + 84} 122 {x + 72} 150V206", "#8f5a2a", 7)
    body = (
        "M160 380C150 300 158 214 196 204H444C482 214 490 300 480 380C480 394 470 398 460 398H180C170 "
        "398 160 394 160 380Z"
    )
    canvas.solid(body, look.color, "round")
    canvas.line("M204 208H436", INK, 9)
    canvas.line("M162 352H478", STEEL, 8)
    canvas.solid(box(470, 246, 34, 20, 7), INK, "round")
    canvas.solid(circle(428, 314, 18), STEEL, "metal")
    canvas.gleam("M190 240C200 226 216 220 232 220C206 250 200 300 202 340C186 310 182 262 190 240Z", 0.4, 4)


def _blender(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 406, 100, 14)
    canvas.line("M392 150C448 150 444 260 386 262", STEEL, 15)
    jug = symmetric("320 96 | 240 96 | 262 296 | 290 300 310 300 320 300")
    canvas.solid(jug, "#dde9ec", "glass")
    canvas.shape("M230 176C280 164 350 190 420 172V300H230Z", "#8fb548", opacity=0.85, clip=jug)
    canvas.solid(box(236, 76, 168, 24, 8), INK, "round")
    canvas.solid(box(296, 58, 48, 22, 8), INK, "round")
    canvas.solid(symmetric("320 298 | 256 298 | 238 396 | 250 406 300 406 320 406"), look.color, "round")
    canvas.solid(circle(320, 350, 21), STEEL, "metal")
    canvas.line("M320 350V334", INK, 4)
    canvas.gleam("M258 120L272 120L284 280L274 280Z", 0.55)


def _hand_blender(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 410, 60, 11)
    canvas.solid(
        symmetric("320 62 | 290 62 282 84 282 120 | 284 180 290 214 294 236 | 310 240 314 240 320 240"),
        look.color,
        "round",
    )
    canvas.solid(box(306, 110, 28, 40, 13), INK, "round")
    canvas.solid(circle(320, 84, 9), look.accent(), "ball")
    canvas.solid(
        symmetric("320 236 | 294 236 | 304 260 306 280 306 340 | 304 366 272 372 270 406 | 290 410 310 410 320 410"),
        STEEL,
        "metal",
    )


def _waffle_iron(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 400, 170, 15)
    canvas.begin("translate(0 70) rotate(-16 180 300)")
    canvas.solid(box(150, 170, 26, 120, 8), "#4a4d52", "flat")
    canvas.solid(box(160, 140, 320, 46, 22), look.color, "flat")
    canvas.solid(box(176, 180, 288, 14, 4), "#4a4d52", "flat")
    canvas.end()
    canvas.solid("M150 330H490C494 376 470 396 440 396H200C170 396 146 376 150 330Z", look.color, "round")
    canvas.solid(ellipse(320, 330, 170, 44), "#4a4d52", "flat")
    waffle = ellipse(320, 326, 150, 36)
    canvas.solid(waffle, "#d99a45", "flat")
    for x in range(160, 500, 22):
        canvas.line(f"M{x} 284L{x + (x - 320) * 0.12:.0f} 370", "#9c6220", 4, opacity=0.7, clip=waffle)
    for y in (306, 320, 336, 352):
        canvas.line(f"M160 {y}H480", "#9c6220", 3.4, opacity=0.7, clip=waffle)
    canvas.solid(box(288, 376, 64, 18, 8), INK, "flat")
    canvas.shape(circle(404, 384, 5), CREAM)
