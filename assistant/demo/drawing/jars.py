"""What comes in jars, bottles, bags and tins: creams, shampoo, perfume, coffee, tea, chocolate."""

from assistant.demo.drawing.canvas import Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.look import Look
from assistant.demo.drawing.palette import BRASS, CREAM, INK, STEEL, brightness, dark, light, mix


def _label(canvas: Canvas, look: Look, x: float, y: float, width: float, height: float) -> None:
    ink = dark(look.color, 0.55)
    canvas.solid(box(x, y, width, height, 3), "#fbf7ee", "round", edge=0.25)
    cx = x + width / 2
    canvas.shape(f"M{cx} {y + 10}c12 8 12 24 0 32c-12 -8 -12 -24 0 -32Z", mix(look.color, "#2f5d46", 0.3))
    for k, share in enumerate((0.66, 0.42, 0.5)):
        line_y = y + height * 0.56 + k * height * 0.14
        canvas.line(
            f"M{cx - width * share / 2:.1f} {line_y:.1f}h{width * share:.1f}", ink, 4 if not k else 2, opacity=0.85
        )


def face_cream(canvas: Canvas, look: Look) -> None:
    """A jar with a lid, or a tube when it is sun cream or for babies."""
    if look.number("volume", 50) == 75:
        canvas.shadow(320, 408, 70, 12)
        tube = symmetric("320 92 | 246 92 | 250 200 270 300 276 352 | 300 356 310 356 320 356")
        canvas.solid(tube, light(look.color, 0.1), "round")
        canvas.solid(box(240, 80, 160, 22, 3), dark(look.color, 0.12), "flat")
        canvas.solid(box(272, 350, 96, 56, 8), "#f7f4ec", "round")
        canvas.solid(circle(320, 180, 34), "#fbf7ee", "none", edge=0.2)
        for turn in range(0, 360, 45):
            canvas.begin(f"rotate({turn} 320 180)")
            canvas.line("M320 160V152", BRASS, 4)
            canvas.end()
        canvas.shape(circle(320, 180, 14), BRASS)
        canvas.line("M292 238H348M300 254H340", dark(look.color, 0.5), 4)
        return
    luxury = look.color == "#cda24b"
    canvas.shadow(320, 404, 138, 14)
    jar = box(192, 250, 256, 154, 30)
    canvas.solid(jar, mix(look.color, "#ffffff", 0.35), "glass" if not luxury else "metal")
    canvas.solid(box(198, 262, 244, 132, 26), mix(look.color, "#fffaf0", 0.55), "round", edge=0.1)
    canvas.solid(
        box(184, 176, 272, 82, 16),
        look.color if luxury else ("#e3c79a" if look.made_of("wood") else "#f4f1ea"),
        "metal" if luxury else "round",
    )
    canvas.line("M190 240H450", "#000000", 1.4, opacity=0.2)
    _label(canvas, look, 246, 276, 148, 104)


def shampoo(canvas: Canvas, look: Look) -> None:
    """A bottle with a pump or cap; a bar on a dish when it is solid."""
    if look.get("type") == "bar":
        canvas.shadow(320, 392, 180, 15)
        canvas.solid("M140 352H500C494 388 460 398 430 398H210C180 398 146 388 140 352Z", "#b98d5e", "flat")
        bar = box(196, 262, 248, 100, 40)
        canvas.cast(bar, 0.3)
        canvas.solid(bar, look.color, "ball")
        canvas.line("M262 312C290 290 350 290 378 312C350 334 290 334 262 312Z", light(look.color, 0.5), 4)
        for x, y, r in ((180, 330, 13), (160, 306, 8), (470, 322, 15), (486, 290, 9)):
            canvas.solid(circle(x, y, r), "#f3f6fa", "ball", edge=0.2)
        return
    pump = look.number("volume", 250) >= 250
    canvas.shadow(320, 408, 80, 13)
    if pump:
        canvas.line("M320 130V92H262", INK if brightness(look.color) > 0.6 else "#f3efe6", 15)
        canvas.solid(box(300, 128, 40, 46, 5), INK if brightness(look.color) > 0.6 else "#f3efe6", "round")
    else:
        canvas.solid(box(286, 104, 68, 70, 8), BRASS, "metal")
    body = symmetric("320 168 | 276 168 240 182 240 222 | 240 396 | 244 408 280 408 320 408")
    canvas.solid(body, look.color, "round")
    canvas.gleam(box(254, 216, 9, 170, 4), 0.4)
    _label(canvas, look, 266, 232, 108, 136)


def perfume(canvas: Canvas, look: Look) -> None:
    """A flacon of thick glass: square, round or tall by brand, with a heavy stopper."""
    canvas.shadow(320, 406, 104, 14)
    form = look.pick("square", "round", "tall", salt=look.get("notes"))
    body, inner = {
        "square": (box(222, 208, 196, 198, 18), box(240, 226, 160, 162, 8)),
        "round": (circle(320, 304, 104), circle(320, 304, 84)),
        "tall": (box(246, 160, 148, 246, 30), box(262, 178, 116, 212, 18)),
    }[form]
    top = {"square": 208, "round": 204, "tall": 160}[form]
    canvas.solid(box(298, top - 34, 44, 40, 4), BRASS, "metal")
    canvas.solid(box(280, top - 104, 80, 74, 10), look.pick("#2f3136", "#c9a04a", "#8c5a34", salt="cap"), "metal")
    canvas.solid(body, mix(look.color, "#ffffff", 0.72), "glass")
    liquid = canvas.linear((0, mix(look.color, "#ffffff", 0.45)), (1, look.color))
    canvas.shape(inner, liquid, opacity=0.9)
    canvas.line(inner, "#ffffff", 2, opacity=0.7)
    y = 276 if form != "tall" else 262
    canvas.solid(box(276, y, 88, 58, 2), "#fbf7ee", "none", edge=0.25)
    canvas.line(f"M290 {y + 22}H350M302 {y + 38}H338", INK, 3)
    canvas.gleam(f"M{258} {top + 40}h14v120h-14Z", 0.55, 3)


def coffee_beans(canvas: Canvas, look: Look) -> None:
    """A bag of coffee with a folded top, a label and beans strewn before it."""
    canvas.shadow(320, 408, 130, 14)
    bag = symmetric("320 84 | 236 84 | 232 120 226 150 222 190 | 216 280 214 350 220 404 | 260 410 300 410 320 410")
    canvas.solid(bag, look.color, "cloth")
    canvas.folds(["M246 120C256 200 240 300 246 396", "M396 120C388 200 402 300 394 396"], bag)
    canvas.solid("M230 76H410L414 118H226Z", dark(look.color, 0.2), "flat")
    canvas.line("M226 118H414", "#000000", 2, opacity=0.3)
    canvas.solid(circle(320, 152, 8), light(look.color, 0.3), "ball")
    _label(canvas, look, 256, 186, 128, 150)
    chance = look.random("beans")
    for _ in range(15):
        x, y, turn = chance.uniform(180, 470), chance.uniform(396, 436), chance.uniform(0, 180)
        tone = "#5a3620" if look.get("roast") == "dark" else ("#8d5d36" if look.get("roast") == "light" else "#6e4527")
        canvas.begin(f"translate({x:.0f} {y:.0f}) rotate({turn:.0f})")
        canvas.solid(ellipse(0, 0, 14, 10), tone, "ball")
        canvas.line("M-12 0C-5 -4 5 4 12 0", dark(tone, 0.5), 2)
        canvas.end()


def tea(canvas: Canvas, look: Look) -> None:
    """A tin with a lid; a carton of bags when the tea comes in bags."""
    canvas.shadow(320, 406, 120, 14)
    if look.get("form") == "tea bags":
        canvas.solid(box(206, 206, 200, 198, 5), look.color, "flat")
        canvas.solid("M406 206L452 226V386L406 404Z", dark(look.color, 0.3), "flat")
        _label(canvas, look, 236, 240, 140, 130)
        canvas.line("M452 300C500 300 492 372 508 380", CREAM, 2.4)
        canvas.solid(box(494, 376, 36, 32, 3), "#fbf7ee", "flat")
        return
    tin = box(222, 160, 196, 246, 14)
    canvas.solid(tin, look.color, "round")
    canvas.solid(
        box(216, 116, 208, 60, 12),
        dark(look.color, 0.25) if brightness(look.color) > 0.26 else light(look.color, 0.2),
        "round",
    )
    canvas.solid(ellipse(320, 120, 98, 14), light(look.color, 0.15), "flat")
    canvas.line("M222 190H418M222 386H418", BRASS, 4)
    _label(canvas, look, 250, 210, 140, 156)
    for k, x in enumerate((452, 478, 470)):
        canvas.begin(f"translate({x} {392 + k * 9}) rotate({k * 50 - 30})")
        canvas.shape(
            "M-20 0C-8 -12 10 -12 20 0C10 9 -8 9 -20 0Z",
            "#5f7a45" if "green" in look.get("type") or "herbal" in look.get("type") else "#4a3524",
        )
        canvas.end()


def chocolate(canvas: Canvas, look: Look) -> None:
    """A bar half out of its wrapper; a tin with a mug's worth of flakes for drinking chocolate."""
    cocoa = {"white": "#f0dfbf", "milk": "#8a5432"}.get(look.get("type"), "#4a2a1c")
    if look.get("type") == "drinking":
        canvas.shadow(320, 406, 110, 14)
        canvas.solid(box(224, 140, 192, 266, 14), look.color, "round")
        canvas.solid(box(218, 112, 204, 46, 10), STEEL, "metal")
        _label(canvas, look, 250, 196, 140, 160)
        chance = look.random("flakes")
        for _ in range(22):
            x, y = chance.uniform(170, 480), chance.uniform(400, 434)
            canvas.line(f"M{x:.0f} {y:.0f}l{chance.uniform(-12, 12):.0f} {chance.uniform(-6, 6):.0f}", cocoa, 6)
        return
    canvas.begin("rotate(-16 320 240)")
    bar = box(212, 58, 216, 364, 6)
    canvas.cast(bar, 0.4)
    canvas.solid(bar, cocoa, "flat")
    for row in range(3):
        for column in range(3):
            square = box(220 + column * 69, 66 + row * 52, 62, 46, 5)
            canvas.solid(square, light(cocoa, 0.06), "flat", edge=0.7)
            canvas.line(f"M{224 + column * 69} {70 + row * 52}h52", "#ffffff", 3, opacity=0.25)
            if "hazelnut" in look.get("taste"):
                canvas.solid(circle(250 + column * 69, 90 + row * 52, 13), "#c08a50", "ball")
            elif "raspberry" in look.get("taste"):
                canvas.solid(circle(244 + column * 69, 84 + row * 52, 6), "#c9375a", "ball")
    foil = "M202 214l18 -12l18 14l18 -14l18 14l18 -14l18 14l18 -14l18 14l18 -14l18 14l18 -14l20 14V244H202Z"
    canvas.solid(foil, "#d9dcdf", "metal")
    wrapper = box(202, 232, 236, 196, 4)
    canvas.cast(wrapper, 0.3)
    canvas.solid(wrapper, look.color, "flat")
    canvas.line("M202 262H438M202 398H438", BRASS, 3)
    _label(canvas, look, 246, 278, 148, 104)
    canvas.end()
