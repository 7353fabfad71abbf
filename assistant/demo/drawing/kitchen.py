"""What stands in a kitchen: kettles, pans, knives and mugs."""

from assistant.demo.drawing.canvas import Canvas, Shade, box, circle, ellipse, symmetric
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import COLORS, INK, STEEL, dark, light

WOOD = "#a9774a"
METALS = (COLORS["Steel"], COLORS["Copper"], COLORS["Silver"], COLORS["Gold"])


def surface(look: Look) -> Shade:
    """How the item's material takes the light."""
    if look.color == COLORS["Clear"] or look.made_of("glass"):
        return "glass"
    return "metal" if look.color in METALS else "round"


def kettle(canvas: Canvas, look: Look) -> None:
    """A kettle: electric on its base, with a swan's neck, or for the stove with a whistle."""
    canvas.shadow(320, 404, 120, 14)
    if look.get("type") == "stovetop":
        _stove_kettle(canvas, look)
        return
    goose = look.get("temperature control") == "yes"
    canvas.solid(box(222, 388, 196, 16, 7), INK, "flat")
    canvas.line("M404 188C470 180 486 300 404 352", INK, 20)
    canvas.line("M410 192C456 190 470 292 408 344", "#ffffff", 3, opacity=0.25)
    if goose:
        canvas.line("M250 350C170 340 214 220 158 188", dark(look.color, 0.35), 20)
        canvas.line("M250 350C170 340 214 220 158 188", look.color, 15)
        canvas.line("M236 344C176 328 212 226 164 192", "#ffffff", 4, opacity=0.4)
        body = symmetric("320 196 | 270 196 250 200 246 214 | 230 280 222 340 222 388 | 260 392 300 392 320 392")
    else:
        canvas.solid("M256 176L206 178C210 210 222 232 246 248Z", look.color, "round")
        body = symmetric("320 162 | 270 162 250 166 246 180 | 234 250 226 330 224 388 | 260 392 300 392 320 392")
    canvas.solid(body, look.color, surface(look))
    if surface(look) == "glass":
        canvas.shape("M232 270C290 280 350 262 410 270V388H224Z", "#7fc4ee", opacity=0.5, clip=body)
        for x, y, r in ((270, 330, 5), (300, 350, 7), (340, 310, 5), (366, 344, 6), (322, 366, 4)):
            canvas.line(circle(x, y, r), "#ffffff", 1.6, opacity=0.8)
    top = 190 if goose else 158
    canvas.solid(
        symmetric(
            f"320 {top - 18} | 290 {top - 18} 264 {top - 10} 254 {top + 8} | 290 {top + 14} 310 {top + 14} "
            f"320 {top + 14}"
        ),
        look.deep,
        "round",
    )
    canvas.solid(box(306, top - 36, 28, 20, 9), INK, "ball")
    if not goose and surface(look) != "glass":
        canvas.solid(box(282, 230, 14, 110, 7), "#dfeaf0", "glass")
        canvas.shape(box(284, 280, 10, 58, 5), "#8fc3e8")
    if goose:
        canvas.shape(circle(320, 396, 3), "#ff8a3d")


def _stove_kettle(canvas: Canvas, look: Look) -> None:
    metal = surface(look)
    canvas.line("M246 226C216 92 424 92 394 226", INK, 16)
    canvas.line("M262 140C290 112 350 112 378 140", WOOD, 20)
    canvas.solid("M232 300C196 290 190 236 150 222L172 204C216 214 226 250 252 256Z", look.color, metal)
    canvas.solid(circle(158, 210, 13), INK, "ball")
    body = symmetric("320 216 | 264 216 226 250 212 310 | 202 360 206 392 232 402 | 270 406 300 406 320 406")
    canvas.solid(body, look.color, metal)
    canvas.solid(symmetric("320 200 | 290 200 270 208 262 224 | 290 232 310 232 320 232"), look.color, metal)
    canvas.solid(circle(320, 190, 13), WOOD, "ball")
    canvas.gleam("M244 270C252 256 262 246 276 240C262 270 252 310 252 350C238 330 236 296 244 270Z", 0.4, 4)


def pan(canvas: Canvas, look: Look) -> None:
    """Cookware: frying pan and wok from above at a slant, saucepans and casseroles from the side."""
    match look.get("type"):
        case "frying pan":
            _frying_pan(canvas, look, deep=False)
        case "wok":
            _frying_pan(canvas, look, deep=True)
        case kind:
            _pot(canvas, look, casserole=kind == "dutch oven")


def _frying_pan(canvas: Canvas, look: Look, *, deep: bool) -> None:
    canvas.shadow(280, 356, 190, 24, 0.45)
    iron = look.made_of("cast iron")
    handle = "M420 246L586 172C600 168 606 184 594 192L436 276Z"
    canvas.solid(handle, look.color if iron else (WOOD if deep else INK), "flat")
    canvas.solid(ellipse(584, 180, 5, 4), "#efece6", "none")
    drop = 60 if deep else 34
    side = f"M98 262C98 {310 + drop} 180 {330 + drop} 270 {330 + drop}C360 {330 + drop} 442 {310 + drop} 442 262Z"
    canvas.solid(side, look.color, "round")
    canvas.solid(ellipse(270, 262, 172, 82), light(look.color, 0.12), "flat")
    canvas.shape(ellipse(270, 268, 158, 72), dark(look.color, 0.35))
    if deep:
        for k in range(3):
            canvas.line(ellipse(270, 268 + k * 8, 130 - k * 38, 58 - k * 17), "#ffffff", 2, opacity=0.12)
    else:
        canvas.shape(ellipse(270, 276, 140, 60), light(look.color, 0.08))
    canvas.gleam("M150 250C170 214 240 200 300 204C240 214 190 234 172 270Z", 0.22, 6)


def _pot(canvas: Canvas, look: Look, *, casserole: bool) -> None:
    small = look.number("diameter", 20) < 16
    metal = surface(look)
    canvas.begin(
        f"translate({0 if casserole else -30} 0) translate(320 400) scale({0.82 if small else 1}) translate(-320 -400)"
    )
    canvas.shadow(320, 400, 150, 16)
    if casserole:
        for d in ("M206 270C166 262 160 300 206 306", "M434 270C474 262 480 300 434 306"):
            canvas.line(d, dark(look.color, 0.2), 16)
    else:
        handle = "M446 268L596 250C606 250 606 274 596 276L446 300Z"
        canvas.solid(
            handle, look.color if look.made_of("enamelled") else STEEL, "metal" if metal == "metal" else "flat"
        )
    body = symmetric("320 252 | 250 252 210 250 194 248 | 194 330 198 370 210 390 | 240 404 300 404 320 404")
    canvas.solid(body, look.color, metal)
    if look.made_of("enamelled") and not casserole:
        canvas.line("M194 250H446", "#23365c", 7)
    if not (small and not casserole):
        lid = symmetric("320 204 | 270 204 210 222 190 248 | 240 262 300 262 320 262")
        canvas.solid(lid, light(look.color, 0.05), metal)
        knob = "#c9a04a" if casserole else INK
        canvas.solid(box(304, 180, 32, 18, 8), knob, "metal" if casserole else "round")
        canvas.solid(box(312, 194, 16, 12, 3), knob, "round")
    if casserole:
        canvas.gleam("M216 280C214 320 220 350 230 372C240 340 236 300 238 276Z", 0.4, 4)
    canvas.end()
    if look.get("pieces") == "3":
        canvas.begin("translate(250 262) scale(.36)")
        canvas.shadow(320, 400, 150, 16)
        canvas.solid(body, look.color, metal)
        canvas.solid("M446 268L596 250C606 250 606 274 596 276L446 300Z", INK, "flat")
        canvas.end()


def chef_knife(canvas: Canvas, look: Look) -> None:
    """A knife on a board: long, santoku, saw-edged, small ones in a row, or folding."""
    canvas.begin("rotate(-14 320 240)")
    board = box(80, 92, 480, 300, 22)
    canvas.cast(board, 0.35)
    canvas.solid(board, "#d9b484", "flat")
    for y in range(112, 384, 20):
        wave = look.random(f"grain{y}").uniform(-8, 8)
        canvas.line(
            f"M84 {y}C220 {y + wave:.0f} 420 {y - wave:.0f} 556 {y + wave / 2:.0f}", "#9b7144", 1.3, opacity=0.35
        )
    match look.get("type"):
        case "paring knife":
            for k, tone in enumerate(("#c9372f", "#b6d037", "#f2cb3d")):
                canvas.begin(f"translate({120 + k * 10} {-60 + k * 76}) scale(.7)")
                _knife(canvas, look, tone, "M90 236C130 212 190 206 300 206V252C220 254 150 252 90 236Z")
                canvas.end()
        case "folding knife":
            _knife(canvas, look, look.color, "M96 246C140 206 200 200 312 204V250C240 262 160 262 96 246Z")
        case "santoku":
            _knife(canvas, look, look.color, "M100 262C104 222 128 200 176 196H336V268H120C108 268 100 266 100 262Z")
            for x in range(130, 330, 22):
                canvas.shape(ellipse(x, 248, 6, 11), "#7d858c", opacity=0.35)
        case "bread knife":
            teeth = "".join("q-6 9 -12 0" for _ in range(20))
            _knife(canvas, look, look.color, f"M84 216H336V252{teeth}L84 244Z")
        case _:
            _knife(canvas, look, look.color, "M70 258C110 214 180 200 336 200V262C250 276 130 274 70 258Z")
    canvas.end()


def _knife(canvas: Canvas, look: Look, handle: str, blade: str) -> None:
    canvas.cast(blade, 0.35)
    canvas.solid(
        blade,
        "#cfd4d8",
        "flat",
        fill=canvas.linear((0, "#f2f4f5"), (0.45, "#b4bbc1"), (0.6, "#e9ecee"), (1, "#a5adb4")),
    )
    if look.made_of("damask"):
        for k in range(6):
            canvas.line(
                f"M110 {206 + k * 8}c30 -8 50 8 80 0s50 8 80 0s40 -4 60 0", "#8d959c", 1.3, opacity=0.7, clip=blade
            )
    canvas.solid(box(332, 196, 16, 60, 3), STEEL, "metal")
    grip = "M346 200C400 194 470 198 516 206C532 212 534 246 520 254C470 252 410 252 346 252Z"
    canvas.cast(grip, 0.3)
    canvas.solid(grip, handle, "flat")
    for x in (384, 430, 476):
        canvas.solid(circle(x, 227, 5), STEEL, "ball")


def mug(canvas: Canvas, look: Look) -> None:
    """A mug: round-bellied, straight, of enamel with a rim, or a travel mug with a lid."""
    canvas.begin(f"translate(320 402) scale({0.74 + look.number('capacity', 0.3) * 0.75:.3f}) translate(-320 -402)")
    if look.get("type") == "travel mug":
        canvas.shadow(320, 402, 70, 12)
        canvas.solid(symmetric("320 170 | 268 170 | 280 396 | 284 404 300 404 320 404"), look.color, "round")
        canvas.solid(symmetric("320 134 | 280 134 266 138 262 150 | 262 176 | 290 180 310 180 320 180"), INK, "round")
        canvas.solid(box(300, 122, 40, 16, 5), look.accent(), "flat")
        canvas.solid(box(269, 244, 102, 60, 2), look.deep, "round")
        canvas.end()
        return
    canvas.shadow(320, 402, 100, 13)
    canvas.line("M400 236C486 226 486 356 396 352", dark(look.color, 0.3), 27)
    canvas.line("M400 236C486 226 486 356 396 352", look.color, 23)
    canvas.line("M404 230C466 226 478 290 462 322", "#ffffff", 5, opacity=0.4, blur=3)
    belly = look.get("pattern") in ("speckled", "solid") and not look.made_of("enamelled")
    side = "214 290 222 370 246 396" if belly else "228 280 228 330 232 394"
    body = symmetric(f"320 200 | 232 200 | {side} | 270 406 300 406 320 406")
    canvas.solid(
        body, look.color, "round", fill=pattern_paint(canvas, look, 0.9) if look.get("pattern") != "striped" else ""
    )
    if look.get("pattern") == "striped":
        for y in (224, 244):
            canvas.line(f"M220 {y}C270 {y + 14} 370 {y + 14} 420 {y}", look.ink, 9, clip=body)
    elif look.made_of("stoneware"):
        canvas.shape("M200 318C260 334 380 306 440 322V410H200Z", "#cdb594", clip=body)
    elif look.get("pattern") == "printed":
        _cat(canvas)
    canvas.solid(ellipse(320, 202, 88, 20), light(look.color, 0.15), "flat")
    canvas.shape(ellipse(320, 206, 78, 15), "#5a3a24" if look.random("tea").random() < 0.6 else dark(look.color, 0.4))
    if look.made_of("enamelled"):
        canvas.line(ellipse(320, 202, 88, 20), "#22304f", 5)
    canvas.end()


def _cat(canvas: Canvas) -> None:
    canvas.shape("M278 352C270 300 276 282 282 262L296 282H344L358 262C364 282 370 300 362 352Z", "#44474d")
    for x in (304, 336):
        canvas.shape(ellipse(x, 308, 8, 6), "#f2cb3d")
        canvas.shape(ellipse(x, 308, 2, 6), "#16130f")
        canvas.line(f"M{x - 11} {298 + (x - 320) * -0.2:.0f}L{x + 11} {298 + (x - 320) * 0.2:.0f}", "#16130f", 3.4)
    canvas.line("M308 334C314 326 326 326 332 334", "#f3ead9", 2.4)
