"""What grows and what helps it: pots, watering cans and hand tools."""

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.kitchen import surface
from assistant.demo.drawing.look import Look
from assistant.demo.drawing.palette import CREAM, INK, STEEL, dark, light, mix

_BEECH = "#e0bd88"
_ASH = "#c79a63"
_STAINS = ("#c9372f", "#ea8132", "#f2cb3d", "#7fae4a", "#37b3b3", "#3b6bb3", "#7550a3")


def plant_pot(canvas: Canvas, look: Look) -> None:
    """A planted pot by its shape: classic, cylinder, window box, hanging or bucket."""
    shape = look.get("shape")
    if shape == "hanging":
        for x in (236, 404):
            canvas.line(f"M320 14L{x} 270", CREAM, 5)
        canvas.line("M320 14V260", CREAM, 4)
    else:
        canvas.shadow(320, 408, 190 if shape == "box" else 110, 14)
    if shape == "box":
        body = "M130 270H510L494 400C440 408 200 408 146 400Z"
        tops = ((190, 268), (270, 262), (360, 264), (446, 268))
    else:
        body = {
            "cylinder": "320 238 | 226 238 | 226 400 | 260 408 300 408 320 408",
            "hanging": "320 262 | 232 262 | 232 330 262 372 320 374",
            "bucket": "320 224 | 208 224 | 238 402 | 270 410 300 410 320 410",
        }.get(shape, "320 250 | 224 250 | 246 400 | 270 408 300 408 320 408")
        body, tops = symmetric(body), ((320, 250),)
    for k, (x, y) in enumerate(tops):
        _plant(canvas, look, x, y, 0.62 if shape == "box" else 1, k)
    small = look.get("pieces") == "24"
    canvas.solid(body, look.color, "metal" if surface(look) == "metal" else "round")
    if look.get("pattern") == "ribbed":
        canvas.shape(body, canvas.tile(13, 10, '<rect width="5" height="10" fill="#000" opacity=".17"/>'))
    if shape == "classic" or small:
        canvas.solid(box(212, 232, 216, 40, 6), look.color, "round")
    elif shape == "box":
        canvas.solid(box(122, 260, 396, 26, 8), look.color, "flat")
    elif shape == "bucket":
        for y in (262, 340):
            canvas.line(
                f"M{214 + (y - 224) * 0.16:.0f} {y}C270 {y + 12} 370 {y + 12} {426 - (y - 224) * 0.16:.0f} {y}",
                "#000000",
                4,
                opacity=0.25,
            )
        canvas.line("M212 250C170 256 176 320 222 320M428 250C470 256 464 320 418 320", dark(STEEL, 0.2), 7)
    elif shape == "hanging":
        canvas.line("M236 270L270 356L320 380L370 356L404 270M270 356L300 300L320 380L340 300L370 356", CREAM, 5)
        canvas.line("M320 380V450M312 384L300 446M328 384L340 446", CREAM, 5)


def _plant(canvas: Canvas, look: Look, x: float, y: float, size: float, k: int) -> None:
    chance = look.random(f"plant{k}")
    green = chance.choice(("#5f8a4f", "#4c7a57", "#7a9a55"))
    canvas.begin(f"translate({x} {y}) scale({size})")
    for _ in range(11):
        turn, length = chance.uniform(-72, 72), chance.uniform(90, 168)
        leaf = (
            f"M0 10C-26 -{length * 0.4:.0f} -22 -{length * 0.8:.0f} 0 -{length:.0f}C22 -{length * 0.8:.0f} "
            f"26 -{length * 0.4:.0f} 0 10Z"
        )
        canvas.begin(f"rotate({turn:.0f})")
        canvas.solid(leaf, mix(green, "#d8e0a0", chance.uniform(0, 0.35)), "cloth", edge=0.4)
        canvas.line(f"M0 0V-{length * 0.85:.0f}", light(green, 0.4), 1.6, opacity=0.7)
        canvas.end()
    canvas.end()


def watering_can(canvas: Canvas, look: Look) -> None:
    """A can with a rose for the garden, or a swan's neck for the window sill."""
    indoor = look.get("use") == "indoor"
    shade = "metal" if surface(look) == "metal" else "round"
    small = look.get("gender") == "kids"
    canvas.begin(f"translate(320 408) scale({0.78 if small else 1}) translate(-320 -408)")
    canvas.shadow(330, 408, 130, 14)
    width = 8 if indoor else 17
    canvas.line("M420 220C540 190 530 370 424 366", dark(look.color, 0.35), width + 5)
    canvas.line("M420 220C540 190 530 370 424 366", look.color, width)
    if not indoor:
        canvas.line("M270 226C290 130 400 130 416 226", dark(look.color, 0.35), 20)
        canvas.line("M270 226C290 130 400 130 416 226", look.color, 15)
    spout = "M262 372C160 360 170 180 92 120" if indoor else "M262 372L128 196"
    thick = 12 if indoor else 30
    canvas.line(spout, dark(look.color, 0.35), thick + 4)
    canvas.line(spout, look.color, thick)
    canvas.line(spout, "#ffffff", thick * 0.25, opacity=0.35)
    body = (
        symmetric("340 236 | 290 236 262 260 252 300 | 244 350 248 390 260 400 | 290 408 320 408 340 408", axis=340)
        if indoor
        else ("M248 224H428L440 396C400 410 276 410 236 396Z")
    )
    canvas.solid(body, look.color, shade)
    if not indoor:
        canvas.solid("M338 224H428C420 206 360 202 338 224Z", dark(look.color, 0.3), "flat")
        canvas.begin("rotate(-38 118 182)")
        canvas.solid(
            symmetric("118 150 | 74 150 70 158 74 166 | 90 176 100 196 102 206 | 110 208 114 208 118 208", axis=118),
            "#c9a04a",
            "metal",
        )
        canvas.end()
        for y in (262, 372):
            canvas.line(
                f"M{246 - (y - 224) * 0.06:.0f} {y}C300 {y + 9} 380 {y + 9} {430 + (y - 224) * 0.06:.0f} {y}",
                "#000000",
                4,
                opacity=0.22,
            )
    if small:
        for x in (312, 364):
            canvas.shape(circle(x, 300, 7), INK)
        canvas.shape(ellipse(338, 322, 15, 11), INK)
        canvas.line("M338 334C338 350 318 352 310 344M338 334C338 350 358 352 366 344", INK, 3)
    canvas.end()


def garden_tool(canvas: Canvas, look: Look) -> None:
    """Hand tools at a slant: trowel, fork, secateurs, rake, gloves, or a child's three."""
    match look.get("type"):
        case "secateurs":
            _secateurs(canvas, look)
        case "gloves":
            _gloves(canvas, look)
        case "rake":
            canvas.begin("rotate(38 320 240)")
            canvas.line("M320 -120V330", dark(_ASH, 0.35), 19)
            canvas.line("M320 -120V330", _ASH, 15)
            for x in range(210, 431, 22):
                canvas.line(
                    f"M320 318C{320 + (x - 320) * 0.4:.0f} 360 {x} 370 {x} 420l0 14l8 8", dark(look.color, 0.25), 5
                )
            canvas.line("M228 384C280 376 360 376 412 384", look.color, 8)
            canvas.end()
        case _ if look.get("pieces") == "3":
            for k, (tool, x) in enumerate((("trowel", -110), ("fork", 0), ("trowel", 110))):
                canvas.begin(f"translate({x} {30 + 12 * k}) rotate({-8 + k * 8} 320 240) scale(.8) translate(80 40)")
                _hand_tool(canvas, tool, mix(look.color, _STAINS[k * 2], 0.55 if k else 0), _BEECH)
                canvas.end()
        case kind:
            canvas.begin("rotate(34 320 240)")
            _hand_tool(canvas, kind, look.color, _ASH)
            canvas.end()


def _hand_tool(canvas: Canvas, kind: str, color: str, wood: str) -> None:
    handle = symmetric("320 38 | 300 38 294 54 298 76 | 304 120 300 160 308 196 | 312 198 316 198 320 198")
    canvas.cast(handle, 0.3)
    canvas.solid(handle, wood, "round")
    canvas.line("M304 58H336", "#7a4a2c", 5)
    canvas.solid(box(308, 190, 24, 34, 4), STEEL, "metal")
    shade = "metal" if color in ("#b4babf", "#c3c7cb") else "cloth"
    if kind == "fork":
        for x in (282, 320, 358):
            canvas.line(f"M320 222V262C{320 + (x - 320) * 0.7:.0f} 268 {x} 276 {x} 300V424", dark(color, 0.4), 15)
            canvas.line(f"M320 222V262C{320 + (x - 320) * 0.7:.0f} 268 {x} 276 {x} 300V424", color, 11)
    else:
        blade = symmetric("320 222 | 312 224 308 240 306 252 | 270 258 264 280 266 320 | 270 380 300 420 320 438")
        canvas.cast(blade, 0.3)
        canvas.solid(blade, color, shade)
        canvas.line("M320 250V420", "#000000", 8, opacity=0.16, blur=5)
        for y in (330, 356, 382):
            canvas.line(f"M308 {y}H320", "#3a3d42", 2)


def _secateurs(canvas: Canvas, look: Look) -> None:
    canvas.begin("rotate(40 320 240)")
    for transform, tone in (("", look.color), (MIRROR, look.color)):
        canvas.begin(transform)
        grip = "M312 220C284 260 250 320 256 400C262 424 282 424 284 400C286 340 312 290 330 236Z"
        canvas.cast(grip, 0.3)
        canvas.solid(grip, tone, "round")
        canvas.end()
    canvas.solid("M326 214C300 170 296 110 322 52C352 100 354 170 342 220Z", STEEL, "metal")
    canvas.solid("M316 226C290 190 270 150 284 100C296 130 306 160 334 196Z", "#6f757b", "metal")
    canvas.solid(circle(322, 220, 17), STEEL, "metal")
    canvas.line("M300 272c12 -6 28 6 40 0M300 284c12 -6 28 6 40 0", STEEL, 4)
    canvas.end()


def _gloves(canvas: Canvas, look: Look) -> None:
    for transform, tilt in (("", -10), (MIRROR, -10)):
        canvas.begin(transform)
        canvas.begin(f"rotate({tilt} 230 300) translate(-6 0)")
        hand = (
            "M176 300C168 240 172 200 178 150C182 132 200 134 202 150L204 210L210 120C214 102 232 "
            "104 232 120L234 206L246 128C252 112 268 116 266 132L260 216L276 160C284 148 298 154 294 "
            "170C288 220 286 250 300 236C318 220 336 230 326 248C300 290 284 300 280 320Z"
        )
        canvas.cast(hand, 0.3)
        canvas.solid(hand, mix(look.color, "#e8d3b4", 0.35), "cloth")
        cuff = "M172 300H284L296 436C250 446 200 446 158 436Z"
        canvas.cast(cuff, 0.2)
        canvas.solid(cuff, look.color, "cloth")
        canvas.line("M176 318H282", dark(look.color, 0.4), 2, dash="4 3")
        canvas.end()
        canvas.end()
