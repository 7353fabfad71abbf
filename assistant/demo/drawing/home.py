"""What makes a home: lamps, cushions, bedding, vases, rugs, armchairs, candles."""

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.kitchen import surface
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import BRASS, COLORS, CREAM, INK, dark, light, mix


def table_lamp(canvas: Canvas, look: Look) -> None:
    """A lamp, lit: with a shade, on an arm, a globe, a mushroom, cordless, or a bear."""
    glow = canvas.radial((0, "#ffe9b090"), (1, "#ffe9b000"))
    canvas.shape(ellipse(320, 200, 290, 220), glow)
    draw = {
        "arm": _arm_lamp,
        "globe": _globe_lamp,
        "mushroom": _mushroom_lamp,
        "cordless": _mushroom_lamp,
        "bear": _bear_lamp,
    }
    draw.get(look.get("shape"), _shade_lamp)(canvas, look)


def _shade_lamp(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 408, 90, 13)
    foot = symmetric("320 222 | 306 222 304 236 300 250 | 250 276 236 320 246 366 | 256 400 290 408 320 408")
    canvas.solid(foot, look.color, "round")
    for y in range(276, 400, 16):
        canvas.line(f"M230 {y}C280 {y + 9} 360 {y + 9} 410 {y}", "#000000", 3, opacity=0.16, clip=foot)
    warm = canvas.linear((0, "#f3dfb4"), (0.6, "#fff3d2"), (1, "#f6dca4"))
    canvas.solid(
        symmetric("320 72 | 262 72 | 212 224 | 260 236 300 236 320 236"), "#f3dfb4", "cloth", fill=warm, edge=0.25
    )


def _arm_lamp(canvas: Canvas, look: Look) -> None:
    metal = "metal" if look.color == COLORS["Gold"] else "round"
    canvas.shadow(270, 408, 96, 13)
    canvas.shape("M392 178L300 404H560L470 160Z", "#fff0c4", opacity=0.28, blur=10)
    canvas.solid(symmetric("270 384 | 216 386 198 392 190 404 | 220 410 250 410 270 410", axis=270), look.color, metal)
    canvas.line("M270 388L236 236L380 120", dark(look.color, 0.3), 12)
    canvas.line("M270 388L236 236L380 120", look.color, 8)
    canvas.solid(circle(236, 236, 12), BRASS, "ball")
    canvas.begin("rotate(-28 400 140)")
    canvas.solid(
        symmetric("400 104 | 376 104 372 116 368 128 | 346 148 336 172 334 196 | 360 206 390 206 400 206", axis=400),
        look.color,
        metal,
    )
    canvas.solid(ellipse(400, 198, 66, 12), "#fff2c0", "none", edge=0.2)
    canvas.end()


def _globe_lamp(canvas: Canvas, _look: Look) -> None:
    canvas.shadow(320, 408, 90, 13)
    for x in (262, 320, 378):
        canvas.line(f"M{320 + (x - 320) * 0.7:.0f} 350L{x} 406", "#a9774a", 8)
    paper = canvas.radial((0, "#fffdf2"), (0.6, "#fdf0cf"), (1, "#e9cf9c"))
    globe = circle(320, 236, 132)
    canvas.solid(globe, "#fdf0cf", "none", fill=paper, edge=0.2)
    for k in range(-5, 6):
        y = 236 + k * 23
        canvas.line(f"M180 {y}C250 {y + 12} 390 {y + 12} 460 {y}", "#b9985c", 1.3, opacity=0.5, clip=globe)


def _mushroom_lamp(canvas: Canvas, look: Look) -> None:
    glass = look.made_of("glass")
    canvas.shadow(320, 408, 96, 13)
    stem = symmetric("320 230 | 296 230 | 296 280 296 320 290 350 | 262 372 244 386 238 404 | 270 410 300 410 320 410")
    if not glass:
        stem = symmetric("320 200 | 310 200 | 310 380 | 270 384 250 392 244 406 | 280 410 300 410 320 410")
    canvas.solid(stem, look.color, "round")
    cap = (
        symmetric("320 108 | 238 108 178 164 170 236 | 230 254 290 256 320 256")
        if glass
        else symmetric("320 116 | 262 118 222 150 212 204 | 250 214 300 214 320 214")
    )
    tone = mix(look.color, "#ffe2a0", 0.35) if glass else look.color
    canvas.solid(cap, tone, "ball")
    if glass:
        canvas.shape(cap, canvas.radial((0, "#fff6d8d0"), (1, "#fff6d800"), cy=0.8, r=0.6))
    else:
        canvas.solid(ellipse(320, 208, 106, 10), "#fff2c0", "none", edge=0.2)


def _bear_lamp(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 408, 120, 13)
    body = symmetric("320 130 | 236 130 196 186 200 250 | 170 310 180 400 240 406 | 280 410 300 410 320 410")
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid(circle(240, 140, 32), look.color, "ball")
        canvas.shape(circle(240, 142, 16), mix(look.color, "#f0a3b7", 0.5))
        canvas.end()
    canvas.solid(body, look.color, "ball")
    canvas.shape(body, canvas.radial((0, "#fff3c0c8"), (1, "#fff3c000")))
    for x in (286, 354):
        canvas.shape(circle(x, 214, 7), INK)
    canvas.shape(ellipse(320, 240, 26, 19), "#fffaf0")
    canvas.shape(ellipse(320, 233, 10, 7), INK)
    canvas.line("M320 240V248M310 252C316 256 324 256 330 252", INK, 2.6)


def cushion(canvas: Canvas, look: Look) -> None:
    """A plump cushion in its pattern; long and low when the item is."""
    long = look.get("size").startswith("50 x 30")
    canvas.begin("translate(320 250) scale(1.25 .74) translate(-320 -250)" if long else "translate(0 6)")
    canvas.shadow(320, 412, 158, 16, 0.4)
    d = symmetric("320 102 | 260 104 210 100 168 88 | 180 160 180 340 166 410 | 210 402 260 398 320 400")
    canvas.solid(d, look.color, "ball", fill=pattern_paint(canvas, look, 1.25), edge=0.7)
    if look.get("pattern") == "colour-block":
        canvas.shape("M140 60L480 420H140Z", look.accent(), clip=d, opacity=0.95)
        canvas.shape("M300 60H500V230Z", CREAM, clip=d, opacity=0.9)
        canvas.shape(d, canvas.radial((0, "#ffffff60"), (0.5, "#ffffff00"), (1, "#00000060"), cx=0.4, cy=0.3, r=0.8))
    canvas.folds(
        ["M172 96C210 130 230 150 240 170", "M470 404C440 370 420 350 410 330", "M472 92C440 124 420 146 412 166"],
        d,
        9,
        0.2,
    )
    canvas.line(d, look.deep, 3.4, opacity=0.8)
    canvas.end()


def duvet_cover(canvas: Canvas, look: Look) -> None:
    """A made bed from its foot: headboard, two pillows, the cover turned back."""
    wood = "#b98d5e"
    canvas.shadow(320, 440, 250, 16, 0.4)
    canvas.solid(box(120, 66, 400, 220, 16), wood, "flat")
    canvas.solid(box(100, 226, 440, 200, 20), "#f4f1ea", "flat")
    fill = pattern_paint(canvas, look, 1.1)
    for x in (146, 330):
        pillow = (
            f"M{x} 168C{x + 40} 152 {x + 130} 152 {x + 166} 168C{x + 176} 200 {x + 174} 232 {x + 164} "
            f"250C{x + 120} 260 {x + 46} 260 {x + 2} 250C{x - 10} 226 {x - 10} 196 {x} 168Z"
        )
        canvas.cast(pillow, 0.25)
        canvas.solid(pillow, look.color, "ball", fill=fill)
    cover = "M88 262C200 248 440 248 552 262C566 320 572 390 568 436C420 452 220 452 72 436C68 390 74 320 88 262Z"
    canvas.cast(cover, 0.3)
    canvas.solid(cover, look.color, "cloth", fill=fill)
    folds = ["M180 300C220 350 200 400 230 440", "M430 290C400 340 420 400 396 442", "M310 320C330 370 316 410 330 446"]
    canvas.folds([*folds, "M104 330C130 380 120 410 130 440"], cover, 16, 0.16)
    turned = "M88 262C200 248 440 248 552 262L556 306C440 292 200 292 84 306Z"
    canvas.cast(turned, 0.25)
    canvas.solid(turned, light(look.color, 0.45) if not fill else look.ink, "flat")


def vase(canvas: Canvas, look: Look) -> None:
    """A vase by its shape, with a few stems in most."""
    canvas.begin(f"translate(320 408) scale({0.72 + look.number('height', 24) / 110:.3f}) translate(-320 -408)")
    canvas.shadow(320, 408, 84, 13)
    shape = look.get("shape")
    halves = {
        "belly": "320 216 | 292 216 | 290 236 240 250 230 310 | 224 370 262 406 320 408",
        "cylinder": "320 200 | 254 200 | 258 340 262 400 | 290 408 310 408 320 408",
        "twist": "320 176 | 262 180 | 300 220 240 250 266 290 | 292 330 240 360 262 402 | 290 408 310 408 320 408",
    }
    body = halves.get(
        shape, "320 186 | 296 186 | 298 240 296 250 280 270 | 232 310 236 390 270 404 | 290 408 310 408 320 408"
    )
    body = symmetric(body.replace("254 200 | 258 340 262 400", "254 200 | 256 270 258 340 262 400"))
    top = {"belly": 216, "cylinder": 200, "twist": 178}.get(shape, 186)
    if look.random("stems").random() < 0.75:
        _stems(canvas, look, top)
    canvas.solid(
        body,
        look.color,
        surface(look),
        fill=pattern_paint(canvas, look, 0.9) if look.get("pattern") != "ribbed" else "",
    )
    if look.get("pattern") == "ribbed":
        for y in range(top + 14, 404, 10):
            canvas.line(f"M210 {y}C270 {y + 8} 370 {y + 8} 430 {y}", "#000000", 3, opacity=0.15, clip=body)
    elif shape == "twist":
        canvas.folds(["M262 190C340 230 380 240 376 290", "M264 290C330 330 390 350 378 400"], body, 12, 0.3)
    rim = {"belly": 28, "cylinder": 66, "twist": 58}.get(shape, 24)
    canvas.solid(ellipse(320, top + 1, rim, rim * 0.2 + 2), dark(look.color, 0.35), "flat")
    if surface(look) == "glass":
        for x, y, r in ((290, 290, 4), (330, 330, 6), (350, 270, 4), (304, 360, 5), (342, 376, 3)):
            canvas.line(circle(x, y, r), "#ffffff", 1.4, opacity=0.8)
    canvas.end()


def _stems(canvas: Canvas, look: Look, top: float) -> None:
    chance = look.random("flowers")
    petal = chance.choice(("#e9a9b4", "#f2cb3d", "#e5d9c3", "#c98fb8", "#ef7a62"))
    for k in range(chance.choice((3, 5))):
        x = 320 + (k - 2) * 34 + chance.uniform(-12, 12)
        y = top - chance.uniform(70, 130)
        canvas.line(
            f"M320 {top + 20}C{320 + (x - 320) * 0.3:.0f} {top - 30} {x:.0f} {y + 50:.0f} {x:.0f} {y:.0f}", "#6f8a55", 4
        )
        canvas.shape(f"M{x:.0f} {y + 52:.0f}c18 -6 30 -22 32 -34c-20 2 -32 16 -32 34Z", "#7f9b62")
        for turn in range(0, 360, 60):
            canvas.begin(f"rotate({turn} {x:.0f} {y:.0f})")
            canvas.shape(ellipse(x, y - 15, 9, 16), mix(petal, "#ffffff", 0.1 * (turn % 3)), opacity=0.95)
            canvas.end()
        canvas.shape(circle(x, y, 7), "#b9832f")


def rug(canvas: Canvas, look: Look) -> None:
    """A rug seen from above, with fringe or a deep pile, in its pattern."""
    canvas.begin("rotate(-8 320 240)")
    sheet = box(96, 92, 448, 298, 6)
    flat = look.number("pile", 10) < 6
    if flat:
        for y in range(98, 388, 7):
            canvas.line(f"M96 {y}h-15M544 {y}h15", CREAM, 2.6)
    canvas.cast(sheet, 0.4)
    canvas.solid(sheet, look.color, "flat", fill=pattern_paint(canvas, look, 1.6))
    if look.get("pattern") == "solid":
        canvas.line(box(122, 118, 396, 246, 4), look.deep, 5, opacity=0.5)
        canvas.line(box(134, 130, 372, 222, 4), light(look.color, 0.3), 2.4, opacity=0.7)
    chance = look.random("pile")
    tuft = 14 if look.number("pile", 10) > 30 else 5
    for _ in range(520):
        x, y = chance.uniform(100, 540), chance.uniform(96, 386)
        tone = "#ffffff" if chance.random() < 0.5 else "#000000"
        canvas.line(f"M{x:.0f} {y:.0f}l{chance.uniform(-tuft, tuft):.0f} {tuft}", tone, 2, opacity=0.09, clip="")
    canvas.end()


def armchair(canvas: Canvas, look: Look) -> None:
    """An armchair by its style: winged, shell, lounge, club or beanbag."""
    canvas.shadow(320, 432, 185, 16, 0.4)
    fill = pattern_paint(canvas, look, 1.2)
    match look.get("style"):
        case "beanbag":
            body = symmetric("320 160 | 250 160 236 220 214 270 | 150 310 140 420 210 430 | 260 436 300 436 320 436")
            canvas.solid(body, look.color, "ball", fill=fill)
            canvas.shape(ellipse(320, 330, 96, 42), "#000000", opacity=0.14, blur=16)
        case "lounge":
            canvas.line(
                "M190 430C240 400 240 330 200 220M450 430C400 400 400 330 440 220M190 430H270M450 430H370",
                "#b98d5e",
                13,
            )
            canvas.solid(
                "M226 74C270 60 370 60 414 74C420 180 416 250 410 290H230C224 250 220 180 226 74Z",
                look.color,
                "cloth",
                fill=fill,
            )
            canvas.solid(
                "M214 288C280 276 360 276 426 288L432 346C370 358 270 358 208 346Z", look.color, "round", fill=fill
            )
            canvas.line("M232 150H408M230 220H410", look.deep, 2.4, opacity=0.5)
            canvas.line("M160 268C186 262 210 262 222 268M480 268C454 262 430 262 418 268", "#a9774a", 15)
        case "shell":
            _legs(canvas, BRASS, 350)
            back = symmetric("320 118 | 240 116 168 160 164 250 | 166 300 190 330 220 338 | 280 344 300 344 320 344")
            canvas.solid(back, look.color, "ball", fill=fill)
            for x in range(190, 460, 26):
                canvas.line(
                    f"M320 350C{320 + (x - 320) * 0.8:.0f} 280 {x} 220 {320 + (x - 320) * 1.1:.0f} 130",
                    "#000000",
                    4,
                    opacity=0.22,
                    blur=3,
                    clip=back,
                )
            canvas.solid(
                (
                    "M176 300C240 282 400 282 464 300C474 330 466 356 452 364C400 376 240 376 188 364C174 "
                    "356 166 330 176 300Z"
                ),
                look.color,
                "round",
            )
        case style:
            _upholstered(canvas, look, fill, winged=style == "winged")


def _legs(canvas: Canvas, color: str, top: float) -> None:
    for x, foot in ((226, 204), (414, 436), (268, 262), (372, 378)):
        canvas.line(f"M{x} {top}L{foot} {430 if abs(x - 320) > 60 else 418}", color, 9)


def _upholstered(canvas: Canvas, look: Look, fill: str, *, winged: bool) -> None:
    _legs(canvas, "#a9774a" if winged else "#5b3a22", 380)
    top = 66 if winged else 136
    back = symmetric(
        f"320 {top} | 260 {top} 214 {top + 8} 204 {top + 40} | 198 200 200 280 206 330 | 260 336 300 336 320 336"
    )
    canvas.solid(back, look.color, "cloth", fill=fill)
    if winged:
        for transform in ("", MIRROR):
            canvas.begin(transform)
            canvas.solid(
                "M206 100C186 116 170 170 176 250L214 270C210 200 212 150 222 106Z", look.color, "cloth", fill=fill
            )
            canvas.end()
    for x, y in ((272, top + 76), (320, top + 76), (368, top + 76), (296, top + 120), (344, top + 120)):
        canvas.shape(circle(x, y, 9), "#000000", opacity=0.2, blur=4)
        canvas.solid(circle(x, y, 4), look.deep, "ball")
    canvas.solid("M206 290C260 278 380 278 434 290V356C380 366 260 366 206 356Z", look.color, "round", fill=fill)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        arm = "M146 268C146 236 214 236 214 268V392C200 398 164 398 152 392C144 350 144 300 146 268Z"
        canvas.cast(arm, 0.25)
        canvas.solid(arm, look.color, "round", fill=fill)
        if not winged:
            for y in range(280, 390, 15):
                canvas.solid(circle(160, y, 3), BRASS, "ball", edge=0)
        canvas.end()
    canvas.solid("M206 350H434V392C380 398 260 398 206 392Z", look.color, "cloth", fill=fill)


def candle(canvas: Canvas, look: Look) -> None:
    """A candle in a glass with a label, lit; a pillar when it is beeswax."""
    canvas.shape(circle(320, 150, 170), canvas.radial((0, "#ffdf9aa0"), (1, "#ffdf9a00")))
    canvas.shadow(320, 406, 104, 14)
    wax = mix(look.color, "#f7ecd4", 0.55)
    if look.made_of("beeswax"):
        canvas.solid(symmetric("320 190 | 260 190 | 258 400 | 280 408 300 408 320 408"), look.color, "round")
        comb = canvas.tile(
            18,
            31,
            (
                '<path d="M9 0L18 5V15L9 20L0 15V5Z M9 20V31" fill="none" stroke="#000" stroke-opacity=".16" '
                'stroke-width="1.6"/>'
            ),
        )
        canvas.shape(symmetric("320 200 | 260 200 | 258 400 | 280 408 300 408 320 408"), comb)
        canvas.solid(ellipse(320, 190, 60, 14), light(look.color, 0.3), "flat")
        _flame(canvas, 188)
        return
    glass = box(230, 196, 180, 212, 20)
    canvas.shape("M234 236H406V400H234Z", wax, clip=glass)
    canvas.solid(
        glass,
        mix(look.color, "#ffffff", 0.25),
        "glass",
        fill=canvas.linear((0, "#ffffff"), (0.18, mix(wax, "#ffffff", 0.4)), (0.22, wax), (1, dark(wax, 0.08))),
    )
    canvas.shape(ellipse(320, 236, 86, 13), light(wax, 0.45))
    _flame(canvas, 234)
    canvas.solid(box(262, 276, 116, 88, 3), "#fbf7ee", "none", edge=0.25)
    canvas.line("M286 300H354M298 314H342", dark(look.color, 0.3), 4)
    canvas.shape("M320 350C304 344 302 328 320 322C338 328 336 344 320 350Z", look.color)
    canvas.gleam(box(244, 216, 9, 170, 4), 0.6)


def _flame(canvas: Canvas, base: float) -> None:
    canvas.line(f"M320 {base}V{base - 18}", "#3b2a1e", 3)
    canvas.shape(
        (
            f"M320 {base - 66}C342 {base - 36} 336 {base - 14} 320 {base - 12}C304 {base - 14} 298 "
            f"{base - 36} 320 {base - 66}Z"
        ),
        "#ffb347",
    )
    canvas.shape(
        (
            f"M320 {base - 46}C330 {base - 30} 328 {base - 16} 320 {base - 14}C312 {base - 16} 310 "
            f"{base - 30} 320 {base - 46}Z"
        ),
        "#fff4c9",
    )
