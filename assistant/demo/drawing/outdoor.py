"""What goes outside: tents, sleeping bags, bottles, lanterns, and sport's things."""

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import INK, STEEL, dark, light, mix


def tent(canvas: Canvas, look: Look) -> None:
    """A tent on grass: dome, tunnel, bell or pop-up."""
    meadow = canvas.linear((0, "#b9c49a"), (1, "#93a576"))
    canvas.shape("M0 372C160 350 460 350 640 372V480H0Z", meadow)
    canvas.shadow(320, 396, 260, 16, 0.4)
    match look.get("shape"):
        case "tunnel":
            _tunnel(canvas, look)
        case "bell":
            _bell(canvas, look)
        case shape:
            _dome(canvas, look, flat=shape == "pop-up")
    for x in (70, 150, 250, 400, 500, 585):
        canvas.line(f"M{x} 412l-6 -14M{x + 4} 412l2 -17M{x + 8} 412l8 -13", "#6f8455", 2.4)


def _dome(canvas: Canvas, look: Look, *, flat: bool) -> None:
    top = 178 if flat else 118
    body = symmetric(f"320 {top} | 220 {top} 120 230 84 396 | 160 402 240 404 320 404")
    canvas.line("M96 396L40 412M544 396L600 412", "#8a8575", 2)
    canvas.solid(body, look.color, "cloth")
    canvas.shape(
        f"M320 {top}C250 200 220 300 214 404H84C120 230 220 {top} 320 {top}Z", "#000000", opacity=0.16, clip=body
    )
    door = symmetric(f"320 {top + 46} | 286 {top + 62} 246 290 240 404 | 300 404 310 404 320 404")
    canvas.solid(door, dark(look.color, 0.62), "flat")
    rolled = f"M320 {top + 46}C286 {top + 62} 246 290 240 404L262 404C268 300 296 {top + 90} 320 {top + 60}Z"
    canvas.solid(rolled, light(look.color, 0.25), "cloth")
    canvas.line(f"M320 {top}C220 {top} 120 230 84 396M320 {top}C420 {top} 520 230 556 396", look.accent(), 4)
    canvas.line(f"M320 {top}C262 210 224 300 214 404M320 {top}C378 210 416 300 426 404", dark(look.color, 0.4), 2.4)
    canvas.shape(
        f"M352 {top + 18}C420 {top + 40} 480 260 500 340C460 250 420 {top + 70} 352 {top + 18}Z",
        "#fff",
        opacity=0.22,
        blur=8,
    )


def _tunnel(canvas: Canvas, look: Look) -> None:
    body = "M76 396C80 300 130 206 214 190C330 168 470 190 520 258C552 302 560 350 564 396Z"
    canvas.line("M80 396L34 414M560 396L612 414", "#8a8575", 2)
    canvas.solid(body, look.color, "cloth")
    canvas.shape("M76 396C80 300 130 206 214 190C250 240 262 320 262 400Z", "#ffffff", opacity=0.12)
    door = "M112 398C118 320 150 246 204 226C232 270 240 330 240 400Z"
    canvas.solid(door, dark(look.color, 0.6), "flat")
    canvas.solid("M204 226C232 270 240 330 240 400L216 400C214 330 208 280 192 234Z", light(look.color, 0.25), "cloth")
    for d in (
        "M214 190C250 240 262 320 262 400",
        "M360 178C394 240 404 320 406 400",
        "M480 216C512 270 524 340 526 400",
    ):
        canvas.line(d, look.accent(), 4)
    canvas.line("M262 396H560", dark(look.color, 0.5), 8, opacity=0.5)


def _bell(canvas: Canvas, look: Look) -> None:
    roof = symmetric("320 78 | 260 150 180 230 104 298 | 180 312 260 318 320 318")
    wall = symmetric("320 300 | 240 300 160 296 108 294 | 106 340 106 370 108 392 | 170 402 250 406 320 406")
    canvas.line("M104 298L30 404M536 298L610 404M180 306L120 412", "#8a8575", 2)
    canvas.solid(wall, dark(look.color, 0.1), "cloth")
    canvas.solid(roof, look.color, "cloth")
    for x in (170, 244, 396, 470):
        canvas.line(f"M320 78L{x} 306", dark(look.color, 0.35), 1.6, opacity=0.6)
    canvas.solid("M320 190L272 406H368Z", "#4c4035", "flat")
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid("M320 190L272 406H244C262 330 290 250 320 190Z", light(look.color, 0.15), "cloth")
        canvas.end()
    canvas.solid(circle(320, 78, 6), "#8c5a34", "ball")
    for x in range(120, 530, 34):
        canvas.shape(f"M{x} 301l16 1l-8 15Z", look.accent() if x % 68 else "#c2694a")


def sleeping_bag(canvas: Canvas, look: Look) -> None:
    """A mummy bag lying open at the hood, or a rectangular blanket bag; ears for children."""
    canvas.begin("rotate(-62 320 240) translate(0 8)")
    if look.get("gender") == "kids":
        for x in (266, 374):
            canvas.solid(circle(x, 24, 20), look.color, "ball")
    if look.get("shape") == "blanket":
        bag = box(226, 20, 188, 440, 26)
    else:
        bag = symmetric(
            "320 12 | 262 12 232 46 232 92 | 214 130 212 180 216 220 | 228 320 250 390 262 440 | 272 "
            "462 300 466 320 466"
        )
    canvas.cast(bag, 0.4)
    canvas.solid(bag, look.color, "cloth")
    for y in range(120, 460, 34):
        canvas.line(f"M200 {y}C260 {y + 9} 380 {y + 9} 440 {y}", "#000000", 7, opacity=0.2, blur=3, clip=bag)
        canvas.line(f"M200 {y}C260 {y + 9} 380 {y + 9} 440 {y}", "#000000", 1.3, opacity=0.4, clip=bag)
        canvas.line(
            f"M200 {y + 16}C260 {y + 25} 380 {y + 25} 440 {y + 16}", "#ffffff", 7, opacity=0.14, blur=5, clip=bag
        )
    opening = ellipse(320, 78, 58, 50) if look.get("shape") != "blanket" else box(244, 34, 152, 62, 18)
    canvas.solid(opening, look.accent(), "ball")
    canvas.shape(ellipse(320, 84, 42, 34), "#000000", opacity=0.35, blur=8)
    canvas.line("M388 110C400 180 396 250 382 320", INK, 4)
    canvas.line("M388 110C400 180 396 250 382 320", STEEL, 1.6, dash="2 3")
    canvas.end()


def water_bottle(canvas: Canvas, look: Look) -> None:
    """A bottle: steel with a loop, squeezable for the bicycle, glass with cork, soft, or small with a straw."""
    canvas.begin(f"translate(320 408) scale({0.8 + look.number('capacity', 0.5) * 0.3:.3f}) translate(-320 -408)")
    canvas.shadow(320, 408, 62, 11)
    glassy = look.made_of("glass")
    if look.made_of("plastic"):
        body = symmetric(
            "320 150 | 290 150 266 158 262 184 | 258 220 276 240 276 262 | 272 290 262 300 262 330 "
            "| 262 398 264 408 320 408"
        )
    elif look.made_of("TPU"):
        body = symmetric("320 150 | 296 150 284 160 278 186 | 260 250 256 340 270 392 | 284 410 304 410 320 410")
    else:
        body = symmetric(
            "320 140 | 300 140 290 144 288 152 | 286 184 264 186 264 226 | 264 396 | 266 408 290 408 320 408"
        )
    canvas.solid(body, look.color, "glass" if glassy or look.color == "#dcebf0" else "round")
    if glassy:
        canvas.solid(box(262, 268, 116, 100, 6), "#c9a06a", "round")
        canvas.solid(box(296, 112, 48, 34, 5), "#c9a06a", "round")
    elif look.made_of("plastic") or look.made_of("TPU"):
        canvas.solid(box(276, 118, 88, 36, 8), INK, "round")
        canvas.solid(box(304, 88, 32, 32, 8), look.accent(), "round")
    elif look.get("gender") == "kids":
        canvas.solid(box(278, 104, 84, 42, 14), look.accent(), "round")
        canvas.line("M320 104V84C320 72 340 72 352 78", look.accent(), 9)
        canvas.shape(ellipse(320, 300, 38, 44), "#8c6a4d")
        canvas.shape(ellipse(320, 312, 24, 28), "#e8d3b4")
        for x in (306, 334):
            canvas.shape(circle(x, 284, 4), INK)
        canvas.shape(ellipse(320, 296, 6, 4), INK)
    else:
        canvas.line("M292 106C292 74 348 74 348 106", INK, 8)
        canvas.solid(box(284, 100, 72, 44, 8), look.pick("#33353a", "#c4c9ce"), "metal")
        canvas.shape("M288 278L308 250L318 264L328 248L352 278Z", look.ink, opacity=0.8)
    canvas.end()


def lantern(canvas: Canvas, look: Look) -> None:
    """A lamp for the dark: camping lantern, storm lantern, jar of lights or head torch."""
    if look.get("type") == "head torch":
        _head_torch(canvas, look)
        return
    solar, oil = look.get("charging") == "solar", bool(look.get("fuel"))
    canvas.shadow(320, 404, 92, 13)
    warm = canvas.radial((0, "#fffbe0"), (0.5, "#ffe9a0"), (1, "#f5c75e"), r=0.7)
    canvas.line("M246 200C236 60 404 60 394 200", "#5b5f64", 5)
    canvas.shape(circle(320, 250, 170), canvas.radial((0, "#ffe9a0a0"), (1, "#ffe9a000")))
    body = symmetric("320 150 | 280 150 262 168 256 210 | 252 260 256 300 266 338 | 290 342 310 342 320 342")
    canvas.solid(body, "#ffe7a3", "glass", fill=warm)
    if solar:
        chance = look.random("lights")
        canvas.line("M280 320C340 300 280 270 350 256C290 240 340 210 300 190", "#b08a4a", 1.6)
        for _ in range(16):
            x, y = chance.uniform(276, 364), chance.uniform(186, 326)
            canvas.shape(circle(x, y, 4), "#fffdf0")
            canvas.shape(circle(x, y, 3), "#fff4bf", opacity=0.5, blur=7)
    elif oil:
        canvas.shape("M320 236C340 270 338 300 320 312C302 300 300 270 320 236Z", "#ff9f3a")
        canvas.shape("M320 264C330 284 328 300 320 308C312 300 310 284 320 264Z", "#fff2b8")
        canvas.line("M250 250H390M262 180L378 320M378 180L262 320", "#6f7378", 3)
    else:
        for x in (280, 320, 360):
            canvas.line(f"M{x} 158V338", "#ffffff", 3, opacity=0.6)
        for x in (258, 382):
            canvas.line(f"M{x} 176V336", dark(look.color, 0.2), 7)
    canvas.solid(
        symmetric("320 112 | 296 112 286 124 280 140 | 262 146 250 156 246 170 | 280 178 300 178 320 178"),
        look.color,
        "round",
    )
    canvas.solid(
        symmetric("320 334 | 280 334 262 334 254 338 | 240 360 234 380 236 398 | 260 408 300 408 320 408"),
        look.color,
        "round",
    )
    if not oil:
        canvas.solid(circle(320, 372, 9), INK, "ball")


def _head_torch(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 372, 150, 13)
    canvas.line("M180 250C180 120 460 120 460 250", look.deep, 26)
    canvas.line("M180 250C180 120 460 120 460 250", look.accent(), 5, dash="14 10")
    canvas.line("M180 250C190 330 450 330 460 250", look.color, 30)
    canvas.line("M180 258C190 338 450 338 460 258", dark(look.color, 0.4), 3, opacity=0.6)
    canvas.solid(box(256, 254, 128, 92, 26), look.color, "round")
    canvas.solid(circle(320, 300, 36), "#3a3d42", "metal")
    canvas.shape(circle(320, 300, 27), canvas.radial((0, "#ffffff"), (0.5, "#fff7cf"), (1, "#e9d27a")))


def yoga_mat(canvas: Canvas, look: Look) -> None:
    """A mat half rolled up, in its pattern."""
    fill = pattern_paint(canvas, look, 1.2)
    canvas.begin("rotate(-24 320 240)")
    sheet = box(170, 150, 390, 190, 8)
    canvas.cast(sheet, 0.35)
    canvas.solid(sheet, look.color, "flat", fill=fill)
    if look.made_of("cork"):
        chance = look.random("cork")
        for _ in range(170):
            x, y = chance.uniform(176, 552), chance.uniform(156, 334)
            canvas.shape(ellipse(x, y, chance.uniform(1, 4), chance.uniform(1, 2.4)), "#8a6236", opacity=0.45)
    if look.get("pattern") == "printed":
        for turn in range(0, 360, 20):
            canvas.begin(f"rotate({turn} 420 245)")
            canvas.line("M420 245C400 215 410 185 420 175C430 185 440 215 420 245", look.ink, 2)
            canvas.line("M420 200C410 190 412 178 420 172", look.ink, 1.4)
            canvas.end()
    roll = box(128, 140, 74, 210, 36)
    canvas.cast(roll, 0.4)
    canvas.begin("rotate(90 165 245)")
    canvas.solid(box(60, 208, 210, 74, 30), look.color, "flat", fill=fill)
    canvas.end()
    for offset, strength in ((134, 0.25), (190, 0.3)):
        canvas.line(f"M{offset} 160V330", "#000000", 10, opacity=strength, blur=8)
    canvas.line("M156 160V330", "#ffffff", 12, opacity=0.3, blur=8)
    turns = "M165 330m-24 6a24 12 0 1 0 48 0a18 9 0 1 0 -36 0a12 6 0 1 0 24 0"
    canvas.solid(ellipse(165, 342, 37, 17), dark(look.color, 0.2), "flat")
    canvas.line(turns, light(look.color, 0.35), 2.4)
    canvas.end()


def dumbbell(canvas: Canvas, look: Look) -> None:
    """A kettlebell, or one or two dumbbells."""
    canvas.shadow(320, 402, 150, 15, 0.4)
    if look.get("type") == "kettlebell":
        canvas.line("M272 220C232 90 408 90 368 220", dark(look.color, 0.3), 33)
        canvas.line("M272 220C232 90 408 90 368 220", look.color if not look.made_of("neoprene") else "#54575c", 27)
        canvas.line("M262 190C250 130 300 118 320 118", "#ffffff", 6, opacity=0.4, blur=4)
        ball = symmetric("320 196 | 250 196 214 240 214 300 | 214 350 240 390 276 404 | 300 406 310 406 320 406")
        canvas.solid(ball, look.color, "ball")
        canvas.shape(circle(320, 306, 40), "#ffffff", opacity=0.16)
        canvas.line("M320 284V328M300 306H340", look.ink, 7, opacity=0.75)
        return
    for dy in (0, -104) if look.get("pieces") == "2" else (-36,):
        canvas.begin(f"translate(0 {dy}) rotate(-4 320 340)")
        canvas.solid(box(228, 326, 184, 30, 12), STEEL, "flat")
        canvas.line("M240 333H400", "#ffffff", 5, opacity=0.7)
        for x in (152, 388):
            if look.get("adjustable") == "yes":
                for k in range(5):
                    canvas.solid(
                        box(x + k * 21, 290 - (2 - abs(2 - k)) * 8, 18, 104 + (2 - abs(2 - k)) * 16, 5),
                        look.color,
                        "flat",
                    )
            else:
                hexagon = f"M{x + 16} 288H{x + 84}L{x + 100} 340L{x + 84} 394H{x + 16}L{x} 340Z"
                canvas.cast(hexagon, 0.25)
                canvas.solid(hexagon, look.color, "round")
                canvas.line(f"M{x + 22} 304H{x + 78}", "#ffffff", 5, opacity=0.3, blur=3)
        canvas.end()


def ball(canvas: Canvas, look: Look) -> None:
    """A ball, with the seams or panels of its sport."""
    big = look.get("sport") == "fitness"
    r = 152 if big else 122
    cy = 404 - r
    canvas.shadow(320, 404, r * 0.8, 17, 0.45)
    outline = circle(320, cy, r)
    canvas.shape(outline, look.color)
    ink = dark(look.color, 0.75)
    match look.get("sport"):
        case "football":
            _pentagons(canvas, cy, r, look)
        case "basketball":
            canvas.line(f"M{320 - r} {cy}H{320 + r}M320 {cy - r}V{cy + r}", ink, 5, clip=outline)
            canvas.line(
                (
                    f"M{320 - r * 0.7} {cy - r}C{320 - r * 0.1} {cy - 40} {320 - r * 0.1} {cy + 40} {320 - r * 0.7} "
                    f"{cy + r}"
                ),
                ink,
                5,
                clip=outline,
            )
            canvas.line(
                (
                    f"M{320 + r * 0.7} {cy - r}C{320 + r * 0.1} {cy - 40} {320 + r * 0.1} {cy + 40} {320 + r * 0.7} "
                    f"{cy + r}"
                ),
                ink,
                5,
                clip=outline,
            )
        case "volleyball":
            for turn, tone in ((0, look.accent()), (120, "#f7f3e8"), (240, mix(look.color, "#28395c", 0.7))):
                canvas.begin(f"rotate({turn} 320 {cy})")
                panel = (
                    f"M320 {cy}C360 {cy - 40} 380 {cy - 100} 360 {cy - r - 10}H480L{360 + r} {cy - 20}C400 "
                    f"{cy - 20} 350 {cy - 10} 320 {cy}Z"
                )
                canvas.shape(panel, tone, clip=outline)
                canvas.line(f"M320 {cy}C360 {cy - 40} 380 {cy - 100} 366 {cy - r + 8}", ink, 2.4)
                canvas.end()
        case _:
            fill = pattern_paint(canvas, look, 2.2) if look.get("pattern") == "dotted" else ""
            if fill:
                canvas.shape(outline, fill)
            for k in range(-4, 5) if big else ():
                canvas.line(
                    (
                        f"M{320 - r} {cy + k * 32}C{320 - 60} {cy + k * 44} {320 + 60} {cy + k * 44} {320 + r} "
                        f"{cy + k * 32}"
                    ),
                    ink,
                    2,
                    opacity=0.35,
                    clip=outline,
                )
    _gloss(canvas, outline)


def _pentagons(canvas: Canvas, cy: float, r: float, look: Look) -> None:
    ink = dark(look.accent(), 0.55)
    pentagon = "M0 -38L36 -12L22 31H-22L-36 -12Z"
    canvas.begin(f"translate(320 {cy})")
    canvas.shape(pentagon, ink)
    for turn in range(0, 360, 72):
        canvas.begin(f"rotate({turn})")
        canvas.line("M0 -38V-72", ink, 3)
        canvas.line("M0 -72L34 -92M0 -72L-34 -92", ink, 3)
        canvas.end()
        canvas.begin(f"rotate({turn + 36}) translate(0 -{r * 0.88:.0f}) scale(1 .5)")
        canvas.shape("M0 38L36 12L22 -31H-22L-36 12Z", ink)
        canvas.end()
    canvas.end()


def _gloss(canvas: Canvas, outline: str) -> None:
    paint = canvas.radial(
        (0, "#ffffffa0"), (0.35, "#ffffff18"), (0.7, "#00000028"), (1, "#00000080"), cx=0.35, cy=0.28, r=0.78
    )
    canvas.shape(outline, paint)


def bike_helmet(canvas: Canvas, look: Look) -> None:
    """A helmet from the side, with as many vents as it has, straps and a light."""
    canvas.shadow(320, 388, 165, 14)
    canvas.line("M230 306C250 350 290 378 322 384M410 306C390 350 350 378 322 384", INK, 9)
    canvas.solid(box(306, 374, 32, 18, 5), "#3a3d42", "flat")
    canvas.shape("M160 300C240 336 410 336 490 296L480 320C400 344 240 344 172 322Z", "#2c2e33")
    shell = (
        "M152 296C140 170 224 92 330 92C440 92 506 170 500 284C498 306 480 310 462 308C360 330 "
        "250 328 176 316C160 314 153 308 152 296Z"
    )
    canvas.solid(shell, look.color, "ball", fill=pattern_paint(canvas, look, 1.8))
    hole = dark(look.color, 0.7)
    if look.number("vents", 8) >= 12:
        for k in range(4):
            x = 212 + k * 66
            canvas.solid(
                (
                    f"M{x} 262C{x + 4} 210 {x + 18} 170 {x + 40 - k * 6} 140C{x + 46 - k * 4} 180 {x + 40} "
                    f"230 {x + 30} 268Z"
                ),
                hole,
                "flat",
            )
    else:
        for k in range(4):
            canvas.solid(box(206 + k * 62, 196 - (1.5 - abs(1.5 - k)) * 18, 40, 15, 7), hole, "flat")
    canvas.line("M166 290C250 318 400 318 490 282", look.accent(), 5)
    canvas.gleam("M216 170C240 126 290 108 340 108C290 122 246 146 226 188Z", 0.45, 4)
    if look.get("gender") == "kids":
        canvas.solid("M470 270C520 270 556 290 566 306C530 306 500 310 468 308Z", look.deep, "flat")
    if look.get("light") == "yes":
        canvas.solid(box(146, 248, 26, 46, 9), "#ff3b30", "round")
        canvas.shape(circle(158, 270, 24), "#ff3b30", opacity=0.3, blur=18)
