"""What runs on electricity and is carried about: headphones, speakers, watches, power banks."""

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.kitchen import surface
from assistant.demo.drawing.look import Look
from assistant.demo.drawing.palette import COLORS, INK, STEEL, dark, light


def headphones(canvas: Canvas, look: Look) -> None:
    """Over-ear, on-ear or in-ear headphones; hooks for sport, a cable where there is one."""
    if look.get("type") == "in-ear":
        _earbuds(canvas, look)
        return
    over = look.get("type") == "over-ear"
    canvas.shadow(320, 408, 150, 14)
    if look.get("wireless") == "no":
        canvas.line("M206 372C190 430 330 380 360 418C380 440 430 430 470 414", INK, 4)
    canvas.line("M200 300C176 60 464 60 440 300", dark(look.color, 0.25), 22 if over else 13)
    canvas.line("M200 300C176 60 464 60 440 300", look.color, 17 if over else 9)
    canvas.line("M216 200C230 110 290 94 330 96", "#ffffff", 5, opacity=0.35, blur=3)
    if over:
        canvas.line("M238 148C268 102 372 102 402 148", look.deep, 20)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.line("M200 230V300", STEEL, 6)
        if over:
            pad = "M226 250C262 250 270 290 270 322C270 356 262 396 226 396Z"
            canvas.solid(pad, "#34363b" if look.color != COLORS["Black"] else "#4a4d53", "round")
            cup = "M226 236C184 240 164 280 164 322C164 366 184 404 226 408Z"
            canvas.solid(cup, look.color, "round")
            canvas.line("M206 258C186 280 182 300 182 322", "#ffffff", 5, opacity=0.35, blur=3)
            canvas.solid(circle(190, 330, 8), STEEL, "metal")
        else:
            foam = look.color if look.made_of("foam") else "#3b3d42"
            canvas.solid(ellipse(228, 330, 25, 56), foam, "round")
            canvas.solid(ellipse(202, 330, 19, 46), look.color if not look.made_of("foam") else "#3b3d42", "round")
        canvas.end()


def _earbuds(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 404, 140, 14)
    hook = look.get("sport") == "running"
    if not hook:
        canvas.solid(box(214, 284, 212, 120, 54), look.color, "round")
        canvas.solid(
            (
                "M214 330V338C214 290 240 270 268 262H372C400 270 426 290 426 338V330C426 250 396 214 "
                "360 206H280C244 214 214 250 214 330Z"
            ),
            light(look.color, 0.08),
            "flat",
        )
        canvas.line("M216 334H424", dark(look.color, 0.5), 3)
        canvas.shape(circle(320, 362, 4), "#6fe08a")
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.begin("translate(0 40)" if hook else "translate(0 -36)")
        if hook:
            canvas.line("M232 210C160 180 150 330 196 352", look.color, 12)
        canvas.solid(box(252, 180, 22, 106, 11), look.color, "round")
        canvas.solid(circle(250, 186, 34), look.color, "ball")
        canvas.solid(ellipse(282, 180, 13, 19), "#3f4247" if look.color != COLORS["Black"] else "#6a6d73", "round")
        canvas.shape(box(260, 246, 5, 26, 2), INK, opacity=0.6)
        canvas.end()
        canvas.end()


def speaker(canvas: Canvas, look: Look) -> None:
    """A speaker by its shape: pebble, cylinder, cabinet, radio or tower."""
    grille = canvas.tile(7, 7, '<circle cx="3.5" cy="3.5" r="1.9" fill="#000" opacity=".34"/>')
    match look.get("shape"):
        case "round":
            canvas.shadow(320, 400, 130, 14)
            canvas.line("M430 230C480 210 476 160 440 168", INK, 8)
            d = symmetric("320 142 | 230 142 176 200 176 280 | 176 350 226 402 320 402")
            canvas.solid(d, look.color, "ball", fill=grille)
            for x, glyph in ((282, "M272 300h20"), (320, "M310 300h20M320 290v20"), (358, "M350 290v20l16 -10Z")):
                canvas.line(glyph, look.ink, 5, opacity=0.9)
                canvas.shape(circle(x, 300, 17), "#ffffff", opacity=0.08)
        case "cylinder":
            canvas.shadow(320, 408, 90, 14)
            canvas.solid(box(232, 110, 176, 298, 40), look.color, "round", fill=grille)
            for y in (110, 366):
                canvas.solid(box(228, y, 184, 42, 20), look.deep, "round")
            canvas.line("M410 128C452 140 452 210 412 216", INK, 9)
            canvas.solid(box(290, 236, 60, 18, 3), look.accent(), "round")
        case "radio":
            canvas.shadow(320, 404, 190, 14)
            canvas.line("M220 176C220 120 420 120 420 176", "#a9774a", 12)
            canvas.line("M440 180L500 70", STEEL, 4)
            canvas.solid(box(144, 172, 352, 232, 34), look.color, "flat")
            canvas.solid(box(168, 200, 168, 176, 14), "#d9c7a6", "flat", fill=grille)
            canvas.solid(box(356, 206, 116, 58, 6), "#20252b", "flat")
            canvas.line("M372 236h50M372 248h30", "#8fe0c8", 6)
            for x in (384, 444):
                canvas.solid(circle(x, 326, 28), "#efe6d4" if look.color != COLORS["Cream"] else "#c9a77c", "ball")
                canvas.line(f"M{x} 326V304", INK, 4)
        case "tower":
            canvas.shadow(320, 416, 100, 14)
            canvas.solid(box(226, 50, 188, 366, 14), look.color, "flat")
            for y, r in ((136, 56), (286, 74)):
                canvas.shape(circle(320, y, r + 8), "#37d0e8", opacity=0.5, blur=9)
                _cone(canvas, 320, y, r)
            canvas.line(circle(320, 286, 78), "#e85ad0", 3)
        case _:
            _cabinet(canvas, look, grille)


def _cone(canvas: Canvas, x: float, y: float, r: float) -> None:
    canvas.solid(circle(x, y, r), "#44474d", "metal")
    canvas.solid(circle(x, y, r * 0.86), "#1f2125", "ball")
    canvas.solid(circle(x, y, r * 0.34), "#3a3d42", "ball")


def _cabinet(canvas: Canvas, look: Look, grille: str) -> None:
    clock = look.get("alarm") == "yes"
    x, w, h = (170, 300, 176) if clock else (196, 248, 284)
    canvas.shadow(320, 404, w * 0.55, 14)
    canvas.solid(box(x, 402 - h, w, h, 12), look.color, "flat")
    if look.color in (COLORS["Walnut"], COLORS["Oak"]):
        for k in range(0, int(h), 13):
            wave = look.random(f"grain{k}").uniform(-5, 5)
            canvas.line(
                (
                    f"M{x + 4} {410 - h + k}C{x + 90} {410 - h + k + wave:.0f} {x + 160} {410 - h + k - wave:.0f} "
                    f"{x + w - 4} {410 - h + k}"
                ),
                "#000000",
                1.4,
                opacity=0.16,
            )
    canvas.solid(
        box(x + 16, 418 - h, w - 32, h - 32, 6),
        "#c9c3b6" if look.color != COLORS["White"] else "#6b6f75",
        "flat",
        fill=grille,
    )
    if clock:
        for k, digit in enumerate(("M0 0V44", "M0 0H24V22H0V44H24", "M0 0H24V44H0Z", "M24 0H0V44H24V22H0")):
            canvas.begin(f"translate({250 + k * 40 + (8 if k > 1 else 0)} 292)")
            canvas.line(digit, "#fffbe8", 6)
            canvas.end()
        canvas.line("M330 304v1M330 326v1", "#fffbe8", 7)
    else:
        canvas.shape(circle(320, 270, 82), "#000000", opacity=0.13, blur=8)
        canvas.solid(circle(320, 372, 19), STEEL, "metal")


def smartwatch(canvas: Canvas, look: Look) -> None:
    """A watch on its strap: round, square, or a slim band; hands when it shows them."""
    steel = look.made_of("steel")
    strap = "#7a4a2c" if look.made_of("leather") else (look.color if not steel else INK)
    case = look.color if steel else ("#8b8f94" if look.made_of("titanium") else dark(look.color, 0.25))
    band = look.get("display") == "band"
    half = 34 if band else 52
    d = symmetric(
        f"320 30 | {320 - half} 30 | {316 - half} 110 {312 - half} 140 {310 - half} 240 | {312 - half} "
        f"340 {316 - half} 380 {320 - half} 452 | 320 452"
    )
    canvas.cast(d, 0.3)
    canvas.solid(d, strap, "round")
    for y in range(60, 120, 20):
        canvas.shape(ellipse(320, y, 7, 4.5), "#000000", opacity=0.5)
    for y in range(376, 440, 20):
        canvas.shape(ellipse(320, y, 7, 4.5), "#000000", opacity=0.5)
    if look.made_of("leather"):
        canvas.line(f"M{328 - half} 40V440M{312 + half} 40V440", "#e8d3b4", 1.6, dash="6 4")
    if look.get("display") == "round":
        canvas.solid(box(418, 226, 18, 30, 6), case, "metal")
        outer, screen = circle(320, 240, 104), circle(320, 240, 84)
    else:
        w, h = (76, 190) if band else (168, 196)
        outer, screen = box(320 - w / 2, 240 - h / 2, w, h, 36), box(332 - w / 2, 252 - h / 2, w - 24, h - 24, 26)
    canvas.cast(outer, 0.35)
    canvas.solid(outer, case, "metal" if steel or look.made_of("titanium") else "round")
    canvas.solid(screen, "#14171c", "flat", edge=0.9)
    _face(canvas, look, band=band, hands=steel)
    canvas.gleam("M262 178C290 160 330 158 356 166C310 176 280 204 258 250C246 226 248 196 262 178Z", 0.12, 2)


def _face(canvas: Canvas, look: Look, *, band: bool, hands: bool) -> None:
    accent = look.color if look.color not in (COLORS["Black"], COLORS["Charcoal"], COLORS["Olive"]) else "#7fe0b0"
    if hands:
        for turn in range(0, 360, 30):
            canvas.begin(f"rotate({turn} 320 240)")
            canvas.line("M320 164V174", "#e8e4da", 4)
            canvas.end()
        canvas.line("M320 240L284 206", "#f3efe6", 7)
        canvas.line("M320 240L362 190", "#f3efe6", 5)
        canvas.line("M320 250V182", "#d8894a", 2.4)
        canvas.solid(circle(320, 240, 6), STEEL, "ball")
        return
    if band:
        canvas.line("M306 188V208M334 188V208M334 188h-10M306 216h28", "#ffffff", 5)
        canvas.line("M302 262l8 0l6 -16l9 30l6 -14h8", accent, 4)
        canvas.line("M304 306H336", "#ffffff", 5, opacity=0.5)
        return
    canvas.line(circle(320, 240, 70), "#2a2f36", 8)
    canvas.line("M320 170A70 70 0 1 1 254 216", accent, 8)
    canvas.line("M286 216V256M306 216H330V236H306V256H330M344 216V236H364M364 216V256", "#ffffff", 6)
    canvas.line("M282 280H310L318 266L328 292L334 280H358", "#ef7a62", 3.4)


def power_bank(canvas: Canvas, look: Look) -> None:
    """A power bank lying at a slant, with its ports, lights, panel or ring of magnets."""
    small, solar = look.number("capacity", 10000) < 4000, "solar" in look.attributes.get("charging", ())
    canvas.begin("rotate(-12 320 250)")
    body = box(286, 90, 68, 310, 30) if small else box(226, 84, 188, 322, 30)
    canvas.cast(body, 0.42)
    canvas.solid(body, look.color, "metal" if surface(look) == "metal" else "round", edge=0.8)
    if small:
        canvas.solid(box(286, 90, 68, 60, 24), STEEL, "metal")
        canvas.shape(circle(320, 360, 5), "#ffffff", opacity=0.9)
    elif solar:
        canvas.solid(box(248, 116, 144, 220, 8), "#1b2a44", "flat")
        for k in range(1, 4):
            canvas.line(f"M{248 + k * 36} 116V336", "#8fa6c8", 1.4, opacity=0.7)
        for k in range(1, 6):
            canvas.line(f"M248 {116 + k * 37}H392", "#8fa6c8", 1.4, opacity=0.7)
        canvas.gleam("M250 120H330L252 240Z", 0.18, 3)
        for x, y in ((226, 84), (414, 84), (226, 406), (414, 406)):
            canvas.solid(circle(x + (14 if x < 320 else -14), y + (14 if y < 240 else -14), 17), INK, "ball")
    elif look.get("wireless") == "yes":
        canvas.line(circle(320, 220, 56), look.ink, 7, opacity=0.7)
        canvas.line("M320 292V312", look.ink, 7, opacity=0.7)
    elif look.get("display") == "yes":
        canvas.solid(box(262, 120, 116, 60, 8), "#12161b", "flat")
        canvas.line("M282 136v28M302 136h18v14h-18v14h18M340 138l14 26M342 138v2M352 162v2", "#8fe0ff", 5)
    if not small:
        for k in range(4):
            canvas.shape(
                circle(284 + k * 24, 362 if not solar else 358, 4.4),
                "#ffffff" if k < 3 else "#000000",
                opacity=0.9 if k < 3 else 0.3,
            )
        canvas.solid(box(262, 398, 44, 11, 4), "#16181c", "none")
        canvas.solid(box(330, 398, 32, 11, 5), "#16181c", "none")
        canvas.line(
            "M312 232L298 262H318L306 292"
            if look.get("ports") and not (solar or look.get("wireless") or look.get("display"))
            else "M0 0",
            look.ink,
            6,
            opacity=0.8,
        )
    canvas.end()
