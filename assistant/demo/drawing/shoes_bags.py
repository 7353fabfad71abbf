"""What feet go in and things are carried in: shoes, rucksacks, totes and suitcases."""

from collections.abc import Sequence

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import BRASS, CREAM, INK, STEEL, brightness, dark, light, mix

_LOW = (
    "M128 352C124 310 124 262 146 224C166 232 196 238 226 228C252 256 296 274 346 278C420 282 496 286 516 340"
    "C520 358 516 366 512 372H132C128 366 128 360 128 352Z"
)
_HIGH = (
    "M128 352C124 290 122 190 134 132C170 120 216 120 250 132C254 186 262 228 290 248C320 268 360 274 400 278"
    "C456 284 500 296 516 340C520 358 516 366 512 372H132C128 366 128 360 128 352Z"
)


def _laces(canvas: Canvas, color: str, spots: Sequence[tuple[float, float]]) -> None:
    for x, y in spots:
        canvas.line(
            f"M{x - 15} {y + 15}C{x - 4} {y - 6} {x + 12} {y - 6} {x + 20} {y + 8}", dark(color, 0.5), 8, opacity=0.35
        )
        canvas.line(f"M{x - 16} {y + 12}C{x - 4} {y - 9} {x + 12} {y - 9} {x + 20} {y + 5}", color, 6)


def _straps(canvas: Canvas, look: Look, spots: Sequence[tuple[float, float]]) -> None:
    for x, y in spots:
        strap = (
            f"M{x - 24} {y + 54}C{x - 14} {y + 10} {x - 4} {y - 4} {x + 16} {y - 12}L{x + 46} {y + 4}C{x + 26} "
            f"{y + 18} {x + 14} {y + 36} {x + 8} {y + 62}Z"
        )
        canvas.cast(strap, 0.2)
        canvas.solid(strap, look.deep, "flat")


def _sole(canvas: Canvas, color: str, top: str, thick: float, tread: str = "") -> None:
    sole = (
        f"M122 {360 - thick * 0.4}C180 {372 - thick * 0.2} 420 {374 - thick * 0.2} 520 {356 - thick * 0.3}C526 "
        f"{370} 518 {374 + thick * 0.3} 504 {374 + thick * 0.4}H150C128 {374 + thick * 0.4} 120 "
        f"372 122 {360 - thick * 0.4}Z"
    )
    canvas.solid(sole, color, "flat")
    canvas.line(f"M126 {372}C240 {380} 420 {380} 518 368", top, 3, opacity=0.8)
    if tread:
        base = 374 + thick * 0.4
        for x in range(146, 500, 24):
            canvas.solid(f"M{x} {base - 6}H{x + 17}L{x + 14} {base + 7}H{x + 3}Z", tread, "flat")


def sneakers(canvas: Canvas, look: Look) -> None:
    """A low sneaker from the side; a high one, a slip-on or one with straps if the item is."""
    high = "Hightop" in look.get("style") or (look.made_of("leather") and look.get("sole") == "natural rubber")
    _shoe(canvas, look, "#f4f1ea" if brightness(look.color) < 0.85 else "#e4dccb", high=high, thick=24)


def running_shoes(canvas: Canvas, look: Look) -> None:
    """A running shoe: more foam the softer it is, a plate where it has one, lugs for the trail."""
    thick = {"none": 10, "medium": 34, "high": 52}.get(look.get("cushioning"), 30)
    _shoe(
        canvas,
        look,
        light(look.accent(), 0.75),
        thick=thick,
        tread=INK if look.get("terrain") == "trail" else "",
        sport=True,
    )


def hiking_boots(canvas: Canvas, look: Look) -> None:
    """A boot with a collar, hooks and a lugged sole."""
    _shoe(
        canvas,
        look,
        look.pick("#5a5048", "#3d3f44", "#7a6a58", "#8d8373", salt="sole"),
        high=True,
        thick=30,
        tread="#2d2a28",
    )


def _shoe(
    canvas: Canvas,
    look: Look,
    sole: str,
    *,
    high: bool = False,
    thick: float = 24,
    tread: str = "",
    sport: bool = False,
) -> None:
    canvas.begin(f"translate(0 {2 - thick * 0.25})")
    canvas.shadow(322, 386 + thick * 0.25, 225, 14)
    upper = _HIGH if high else _LOW
    back = "M134 132C160 96 224 96 250 132L240 170H140Z" if high else "M146 224C160 196 214 200 226 228L220 250H150Z"
    canvas.solid(back, look.deep, "cloth")
    canvas.solid(upper, look.color, "cloth", edge=0.7)
    mesh = canvas.tile(7, 7, '<circle cx="3" cy="3" r="1.3" fill="#000" opacity=".18"/>')
    if sport or look.made_of("nylon") or look.made_of("knit"):
        canvas.shape("M180 240C230 250 300 330 380 320C420 330 440 350 440 372H180Z", mesh, clip=upper)
    counter = "M120 240C170 262 196 300 200 380H120Z"
    trim = look.accent() if sport else look.deep
    canvas.shape(counter, trim, opacity=0.9, clip=upper)
    canvas.line("M146 250C176 270 196 310 199 378", dark(look.color, 0.5), 1.4, dash="4 3", opacity=0.7, clip=upper)
    if sport:
        canvas.line("M214 372C250 330 300 300 340 302M252 374C290 344 330 326 376 320", trim, 11, clip=upper)
    elif not look.made_of("suede") or high:
        canvas.line("M206 372C226 320 250 292 284 274", dark(look.color, 0.5), 1.4, dash="4 3", opacity=0.7, clip=upper)
    toe = "M420 300C460 312 510 326 530 380H404C396 350 400 320 420 300Z"
    canvas.shape(toe, sole if look.made_of("canvas") else look.deep, opacity=0.85, clip=upper)
    canvas.shape(
        "M330 300C400 306 470 318 508 346C460 330 400 324 340 322Z", "#ffffff", opacity=0.16, blur=6, clip=upper
    )
    lace = look.accent() if high and tread else ("#f7f4ec" if brightness(look.color) < 0.85 else "#d8d2c6")
    closure = look.get("closure")
    if closure == "hook and loop":
        _straps(canvas, look, [(252, 262), (308, 276)])
    elif closure != "slip-on":
        spots = [(254, 262), (282, 276), (312, 286), (342, 292)]
        _laces(canvas, lace, [(242, 162), (244, 196), (252, 230), *spots[1:]] if high else spots)
    else:
        canvas.line("M232 240C246 262 262 276 284 288", look.deep, 12)
    if high:
        canvas.line("M136 142C170 130 214 130 248 142", look.deep, 12)
    _sole(canvas, sole, trim if sport else light(sole, 0.3), thick, tread)
    if look.get("plate"):
        canvas.line("M180 380C280 396 400 392 500 372", "#23252a", 4)
    canvas.end()


def sandals(canvas: Canvas, look: Look) -> None:
    """A sandal from the side: straps and buckles over a footbed, closed toes for children."""
    canvas.shadow(322, 388, 225, 13)
    cork, leather = look.get("sole") == "cork", look.get("sole") == "leather"
    bed = "#c49a63" if cork else ("#b98a5b" if leather else dark(look.color, 0.35))
    heel = 30 if look.get("heel") else 0
    sole = (
        f"M118 {346 - heel}C170 {336 - heel} 240 {344 - heel * 0.5} 300 352C380 362 470 354 524 "
        f"344C532 362 524 378 508 384H{'204L196 352V384H128' if heel else '140'}C118 "
        f"380 112 360 118 {346 - heel}Z"
    )
    if look.get("closure") == "slip-on":
        strap = "M284 352C290 280 340 248 400 254C450 260 486 300 494 352Z"
        canvas.solid("M300 352C320 300 350 286 390 288C430 292 460 316 470 352Z", dark(look.color, 0.55))
        canvas.solid(strap, look.color, "cloth")
        canvas.line("M312 310C340 276 430 270 468 312", light(look.color, 0.4), 5, opacity=0.6)
    else:
        closed = look.get("gender") == "kids"
        if closed:
            canvas.solid("M400 354C410 306 440 288 470 294C506 304 526 326 526 350Z", look.color, "cloth")
        canvas.solid("M132 344C128 286 136 250 152 226L186 230C172 262 170 300 178 346Z", look.deep, "cloth")
        for d, tone in (
            ("M150 232C210 222 270 250 300 300L276 322C246 280 196 262 146 268Z", look.color),
            ("M246 352C254 296 286 262 330 256L360 280C324 296 304 320 300 356Z", look.color),
            ("M372 358C376 312 404 282 440 280L470 302C440 312 424 332 420 360Z", look.color),
        ):
            canvas.cast(d, 0.25)
            canvas.solid(d, tone, "cloth")
        if look.get("closure") == "buckles":
            for x, y in ((318, 274), (430, 298), (222, 242)):
                canvas.line(box(x - 11, y - 9, 22, 18, 4), BRASS, 4)
        else:
            for x, y in ((316, 280), (426, 304)):
                canvas.line(f"M{x - 14} {y + 20}L{x + 12} {y - 8}", look.accent(), 6)
    canvas.solid(sole, bed, "flat")
    if not leather:
        canvas.line("M124 372C240 380 420 380 520 366", dark(bed, 0.4), 6, opacity=0.7)


def backpack(canvas: Canvas, look: Look) -> None:
    """A rucksack from the front: slim for the trail, rolled, flapped or with a face."""
    litres = look.number("capacity", 20)
    canvas.begin(f"translate(320 404) scale({0.78 + min(litres, 55) / 230:.3f}) translate(-320 -404)")
    canvas.shadow(320, 404, 128, 14)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.line("M216 200C176 240 176 330 214 376", look.deep, 17)
        canvas.end()
    canvas.line("M296 92C296 58 344 58 344 92", look.deep, 9)
    body = symmetric("320 82 | 262 82 226 96 218 140 | 208 210 206 320 214 382 | 222 402 280 406 320 406")
    fill = pattern_paint(canvas, look)
    canvas.solid(body, look.color, "cloth", fill="" if look.get("pattern") == "printed" else fill, edge=0.7)
    canvas.folds(["M236 130C228 200 228 300 236 380", "M404 130C412 200 412 300 404 380"], body)
    if look.get("pattern") == "printed":
        _fox(canvas, look, body)
    elif look.made_of("leather") or look.made_of("waxed"):
        _flap(canvas, look)
    elif look.made_of("tarpaulin"):
        _rolltop(canvas, look)
    elif look.get("sport") in ("hiking", "running"):
        _trail_pack(canvas, look, body)
    else:
        _day_pack(canvas, look)
    canvas.end()


def _day_pack(canvas: Canvas, look: Look) -> None:
    canvas.line("M226 210C228 110 412 110 414 210", dark(look.color, 0.5), 5)
    canvas.line("M226 210C228 110 412 110 414 210", STEEL, 2, dash="1.4 3.4")
    canvas.solid(box(236, 248, 168, 136, 24), look.color, "cloth", edge=0.8)
    canvas.line("M250 276H390", dark(look.color, 0.5), 5)
    canvas.line("M250 276H390", STEEL, 2, dash="1.4 3.4")
    canvas.line("M262 276v22", look.accent(), 5)
    canvas.solid(box(294, 196, 52, 22, 3), look.pick("#a9713f", look.accent()), "flat")


def _trail_pack(canvas: Canvas, look: Look, body: str) -> None:
    lid = symmetric("320 66 | 254 66 218 84 212 128 | 210 150 216 164 226 166 | 270 174 300 175 320 175")
    canvas.cast(lid, 0.25)
    canvas.solid(lid, look.deep, "cloth")
    canvas.line("M240 132C280 142 360 142 400 132", dark(look.color, 0.6), 4)
    canvas.shape("M244 196H396V372C360 384 280 384 244 372Z", look.deep, opacity=0.45, clip=body)
    for x in (262, 378):
        canvas.line(f"M{x} 168V236", INK, 7)
        canvas.solid(box(x - 9, 200, 18, 22, 3), "#3b3d42", "flat")
    canvas.line("M256 250L384 290L256 330L384 370", look.accent(), 3.5)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid("M208 300C196 320 196 372 212 386L246 388V312Z", look.deep, "cloth")
        canvas.end()
    canvas.shape(box(296, 98, 48, 14, 2), look.accent())


def _flap(canvas: Canvas, look: Look) -> None:
    strap = "#8c5a34" if not look.made_of("leather") else look.deep
    canvas.solid(box(238, 290, 164, 100, 14), look.color, "cloth", edge=0.8)
    flap = symmetric("320 80 | 258 80 220 96 214 138 | 212 190 214 236 222 262 | 260 280 300 282 320 282")
    canvas.cast(flap, 0.3)
    canvas.solid(flap, look.color, "cloth", edge=0.8)
    canvas.line("M228 254C266 270 374 270 412 254", light(look.color, 0.3), 1.6, dash="5 3", opacity=0.8)
    for x in (270, 370):
        canvas.solid(box(x - 10, 196, 20, 148, 4), strap, "flat")
        canvas.line(box(x - 14, 296, 28, 22, 4), BRASS, 4)


def _rolltop(canvas: Canvas, look: Look) -> None:
    roll = box(206, 70, 228, 46, 20)
    canvas.cast(roll, 0.3)
    canvas.solid(roll, look.color, "flat")
    canvas.line("M220 98H420", dark(look.color, 0.5), 3)
    canvas.line("M320 90V206", look.deep, 14)
    canvas.solid(box(304, 190, 32, 26, 4), STEEL, "metal")
    canvas.solid(box(238, 264, 164, 116, 8), look.color, "flat", edge=0.9)
    canvas.line("M252 284H388", look.accent(), 4)
    canvas.shape("M236 140l40 0l-60 90l0 -60Z", "#ffffff", opacity=0.15, blur=4)


def _fox(canvas: Canvas, look: Look, body: str) -> None:
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid("M232 150L226 74L286 112Z", look.color, "flat")
        canvas.shape("M238 132L236 92L268 114Z", look.deep)
        canvas.end()
    canvas.shape("M206 270C250 260 290 300 320 340C350 300 390 260 434 270V420H206Z", CREAM, clip=body)
    for x in (270, 370):
        canvas.solid(circle(x, 232, 10), INK, "ball", edge=0)
        canvas.gleam(circle(x - 3, 228, 3), 0.9, 0)
    canvas.solid(ellipse(320, 338, 15, 11), INK, "ball", edge=0)
    canvas.line("M320 350C320 366 300 370 292 362M320 350C320 366 340 370 348 362", INK, 3)


def tote_bag(canvas: Canvas, look: Look) -> None:
    """A tote with two handles, in its pattern."""
    canvas.shadow(320, 414, 150, 14)
    fill = pattern_paint(canvas, look, 1.4)
    strap = "#c9b48a" if look.get("pattern") == "striped" else look.deep
    canvas.line("M262 212C262 60 378 60 378 212", dark(strap, 0.3), 11)
    bag = symmetric("320 196 | 270 196 230 194 196 190 | 190 270 178 350 176 404 | 180 414 260 418 320 418")
    canvas.solid(bag, look.color, "cloth", fill=fill, edge=0.7)
    if look.get("pattern") == "colour-block":
        canvas.shape("M160 300H480V430H160Z", look.accent(), opacity=0.95, clip=bag)
        canvas.line("M180 300H460", "#000000", 1.2, opacity=0.3)
    canvas.folds(
        ["M214 210C210 290 206 350 204 400", "M424 210C430 290 434 350 436 400", "M300 330C310 360 304 390 306 410"],
        bag,
        11,
    )
    canvas.line("M198 204C260 210 380 210 442 204", dark(look.color, 0.45), 1.4, dash="5 3", opacity=0.7)
    canvas.line("M252 258V200C252 40 388 40 388 200V258", strap, 12)
    for x in (252, 388):
        canvas.line(f"M{x - 5} 234h10v22h-10z", dark(strap, 0.4), 1.4)
    if look.made_of("leather"):
        canvas.solid(circle(320, 216, 7), BRASS, "ball")
    elif look.get("pattern") == "solid":
        canvas.solid(box(298, 300, 44, 30, 2), CREAM if look.ink[1] == "f" else look.deep, "flat", edge=0.3)


def suitcase(canvas: Canvas, look: Look) -> None:
    """A trolley case: ribbed shell, soft with pockets, or leather with corners."""
    size = min(0.98, 0.72 + look.number("capacity", 38) / 300)
    canvas.begin(f"translate(320 420) scale({size:.3f}) translate(-320 -420)")
    canvas.shadow(320, 424, 140, 14)
    canvas.line("M282 110V34H358V110", "#7d8288", 9)
    canvas.line("M280 34H360", INK, 15)
    for x in (238, 402):
        canvas.solid(box(x - 14, 400, 28, 24, 9), INK, "round")
    body = box(206, 96, 228, 310, 32)
    canvas.solid(body, look.color, "cloth", edge=0.8)
    if look.get("shell") == "soft":
        canvas.solid(box(230, 240, 180, 142, 14), look.color, "cloth", edge=0.9)
        canvas.solid(box(230, 138, 180, 84, 14), look.color, "cloth", edge=0.9)
        for y in (156, 258):
            canvas.line(f"M246 {y}H394", INK, 5)
            canvas.line(f"M246 {y}H394", STEEL, 2, dash="1.4 3.4")
    elif look.made_of("leather"):
        for x in (258, 382):
            canvas.solid(box(x - 12, 96, 24, 310, 0), look.deep, "flat")
            canvas.line(box(x - 15, 230, 30, 26, 4), BRASS, 5)
        for transform in ("", MIRROR, "translate(0 502) scale(1 -1)", "translate(640 502) scale(-1 -1)"):
            canvas.begin(transform)
            canvas.solid("M206 150C206 110 220 96 260 96C250 120 232 138 206 150Z", BRASS, "metal")
            canvas.end()
    else:
        for x in range(232, 420, 25):
            canvas.line(f"M{x} 112V392", "#000000", 5, opacity=0.2, blur=3)
            canvas.line(f"M{x + 5} 112V392", "#ffffff", 2.4, opacity=0.35)
    if look.get("gender") == "kids":
        canvas.shape(circle(320, 250, 52), light(look.color, 0.65))
        for x in (302, 338):
            canvas.shape(circle(x, 240, 6), INK)
        canvas.line("M300 264C310 278 330 278 340 264", INK, 4)
    canvas.solid(box(290, 84, 60, 16, 8), INK, "flat")
    if look.get("lock") == "yes":
        canvas.solid(box(420, 236, 18, 36, 5), mix(STEEL, "#000000", 0.2), "metal")
    canvas.end()
