"""What is played with: plush animals, games and wooden toys."""

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import CREAM, INK, dark, mix

_BEECH = "#e0bd88"
_ASH = "#c79a63"
_STAINS = ("#c9372f", "#ea8132", "#f2cb3d", "#7fae4a", "#37b3b3", "#3b6bb3", "#7550a3")


def plush_toy(canvas: Canvas, look: Look) -> None:
    """A sitting plush animal with its kind's ears, snout, belly and tail."""
    animal = look.get("animal")
    belly = mix(look.color, CREAM, 0.7)
    canvas.begin(f"translate(320 412) scale({0.82 + look.number('height', 30) / 300:.3f}) translate(-320 -412)")
    canvas.shadow(320, 412, 130, 15, 0.4)
    if animal in ("fox", "otter", "cat"):
        tail = "M390 390C470 400 500 330 470 280C500 300 520 380 460 412C430 420 400 412 390 390Z"
        canvas.solid(tail, look.color, "ball")
        if animal == "fox":
            canvas.shape("M470 280C500 300 510 330 500 352C484 342 476 320 470 280Z", CREAM)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid(ellipse(250, 388, 46, 26), look.color, "ball")
        canvas.shape(ellipse(238, 390, 20, 15), belly)
        canvas.end()
    body = symmetric("320 236 | 262 240 226 290 228 344 | 230 396 280 410 320 410")
    canvas.solid(body, look.color, "ball")
    canvas.shape(ellipse(320, 338, 54, 60), belly, opacity=0.95)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid("M252 262C216 276 200 320 212 344C230 350 248 330 262 300Z", look.color, "ball")
        _ear(canvas, look, animal, belly)
        canvas.end()
    canvas.solid(symmetric("320 104 | 252 104 216 148 220 196 | 224 246 274 262 320 262"), look.color, "ball")
    _plush_face(canvas, look, animal, belly)
    canvas.end()


def _ear(canvas: Canvas, look: Look, animal: str, lining: str) -> None:
    match animal:
        case "rabbit":
            canvas.solid("M284 124C250 90 238 20 262 12C292 8 308 70 308 116Z", look.color, "cloth")
            canvas.shape("M286 112C264 84 254 34 266 28C282 28 296 70 298 106Z", "#f0c3c0")
        case "elephant":
            ear = "M240 150C180 110 136 160 152 214C166 252 214 246 238 222Z"
            canvas.solid(ear, look.color, "ball")
            canvas.shape(
                "M232 164C190 138 160 168 170 206C182 232 214 228 232 212Z", pattern_paint(canvas, look, 0.8) or lining
            )
        case "fox" | "cat":
            canvas.solid("M226 160C214 110 218 78 230 70C252 82 276 100 288 118Z", look.color, "cloth")
            canvas.shape("M234 142C228 112 230 96 236 90C250 98 262 108 268 118Z", dark(look.color, 0.45))
        case _:
            r = 28 if animal == "bear" else 18
            canvas.solid(circle(244, 122, r), look.color, "ball")
            canvas.shape(circle(246, 124, r * 0.55), lining if animal != "bear" else "#d9c9c4")


def _plush_face(canvas: Canvas, look: Look, animal: str, lining: str) -> None:
    eye = INK if look.color != "#4a4e55" else "#f2cb3d"
    for x in (284, 356):
        canvas.solid(circle(x, 180, 9), eye, "ball", edge=0)
        canvas.shape(circle(x - 3, 176, 3), "#ffffff")
    if animal == "elephant":
        canvas.line("M320 196C320 250 300 280 276 276", dark(look.color, 0.12), 37)
        canvas.line("M320 196C320 250 300 280 276 276", look.color, 33)
        for y in (222, 240, 256):
            canvas.line(
                f"M{304 + (y - 222) * -0.2:.0f} {y}C312 {y + 5} 326 {y + 5} 334 {y - 2}",
                dark(look.color, 0.3),
                2,
                opacity=0.6,
            )
        return
    if animal == "fox":
        canvas.shape(
            "M226 200C256 196 296 208 320 226C344 208 384 196 414 200C410 246 366 262 320 262C274 262 230 246 226 200Z",
            CREAM,
        )
    else:
        canvas.shape(ellipse(320, 222, 40, 28), lining)
    if animal == "cat":
        canvas.line("M268 162L298 172M372 162L342 172", INK, 5)
        canvas.line("M258 216L214 208M258 226L212 230M382 216L426 208M382 226L428 230", "#e8e4da", 2)
        canvas.line("M304 242C312 234 328 234 336 242", INK, 3)
    else:
        canvas.line("M320 216V230M304 236C312 244 328 244 336 236", INK, 3)
    canvas.solid(ellipse(320, 210, 13, 9), "#d08a8a" if animal == "rabbit" else INK, "ball", edge=0)


def board_game(canvas: Canvas, look: Look) -> None:
    """A box standing with its picture to the front and a few pieces before it; a chess board for chess."""
    if look.get("type") == "chess":
        _chess(canvas, look)
        return
    cards = look.get("type") == "cards"
    canvas.shadow(310, 404, 180, 15, 0.4)
    x, y, w, h = (226, 150, 176, 254) if cards else (150, 92, 312, 312)
    side = f"M{x + w} {y}L{x + w + 34} {y + 16}V{y + h - 12}L{x + w} {y + h}Z"
    canvas.solid(side, dark(look.color, 0.4), "flat")
    front = box(x, y, w, h, 4)
    canvas.solid(front, look.color, "flat")
    canvas.line(box(x + 12, y + 12, w - 24, h - 24, 3), look.ink, 2, opacity=0.7)
    canvas.begin(f"translate({x + w / 2} {y + h * 0.42}) scale({0.62 if cards else 1})")
    _cover(canvas, look)
    canvas.end()
    for k, width in enumerate((0.62, 0.4)):
        canvas.line(f"M{x + w * (0.5 - width / 2):.0f} {y + h * 0.8 + k * 20:.0f}h{w * width:.0f}", look.ink, 9 - 3 * k)
    for k, tone in enumerate(look.random("pieces").sample(_STAINS, 4)):
        px = 404 + k * 36
        canvas.solid(
            symmetric(
                (
                    f"{px} 366 | {px - 9} 368 {px - 9} 382 {px - 5} 386 | {px - 14} 402 {px - 16} 408 {px - 14} "
                    f"412 | {px - 8} 414 {px - 4} 414 {px} 414"
                ),
                axis=px,
            ),
            tone,
            "round",
        )


def _cover(canvas: Canvas, look: Look) -> None:
    ink = look.ink
    match look.get("type"):
        case "strategy":
            canvas.shape("M20 -80L120 -110V-40Z", "#ffe9a0", opacity=0.8)
            canvas.shape("M-24 -84H24L34 70H-34Z", ink)
            for k in range(3):
                canvas.shape(
                    f"M{-27 - k * 2} {-50 + k * 44}H{27 + k * 2}L{30 + k * 2} {-30 + k * 44}H{-30 - k * 2}Z", "#c9372f"
                )
            canvas.shape("M-30 -84H30L0 -116Z", "#c9372f")
            canvas.line(
                "M-120 78C-80 60 -60 96 -20 78S60 96 120 74M-110 98C-70 82 -50 112 -10 98S70 112 110 96", "#86bbe0", 7
            )
        case "trading":
            for px, tone in ((-70, "#7b2638"), (0, "#24797d"), (70, "#b4532a")):
                canvas.shape(
                    (
                        f"M{px - 34} 70C{px - 44} 10 {px - 20} -10 {px - 10} -30H{px + 10}C{px + 20} -10 {px + 44} "
                        f"10 {px + 34} 70Z"
                    ),
                    tone,
                )
                canvas.line(f"M{px - 12} -26H{px + 12}", CREAM, 5)
            canvas.shape(circle(0, -76, 26), "#fff3c0")
        case "family":
            for r in range(3):
                canvas.line(box(-96 + r * 32, -84 + r * 26, 192 - r * 64, 160 - r * 52, 3), ink, 9, dash="70 24")
            canvas.shape(ellipse(0, 4, 12, 15), CREAM)
            canvas.line("M-5 -10L-8 -30M5 -10L8 -30", CREAM, 6)
        case "cards":
            for turn, tone in ((-18, "#7fae4a"), (0, "#f7f0e2"), (18, "#c9372f")):
                canvas.begin(f"rotate({turn} 0 100)")
                canvas.solid(box(-44, -70, 88, 128, 8), tone, "flat")
                canvas.end()
            canvas.shape("M0 -40C30 -30 30 20 0 36C-30 20 -30 -30 0 -40Z", "#ea8132")
            canvas.line("M0 -40C-4 -54 10 -58 14 -60M0 -40C4 -52 -8 -58 -12 -60", "#5f8a3f", 5)
        case _:
            canvas.shape(circle(66, -72, 26), "#f5efd8")
            canvas.shape("M-120 40H96L118 76H-120Z", "#1c1d22")
            canvas.shape(box(-112, -10, 190, 56, 6), "#1c1d22")
            for px in range(-100, 70, 34):
                canvas.shape(box(px, 2, 22, 20, 3), "#ffd979")
            for px in (-90, -40, 10, 60):
                canvas.shape(circle(px, 78, 13), "#44474d")
            canvas.line("M-130 94H130", ink, 4)


def _chess(canvas: Canvas, look: Look) -> None:
    canvas.shadow(320, 400, 210, 18, 0.4)
    canvas.solid("M120 392L190 250H450L520 392V406H120Z", dark(look.color, 0.2), "flat")
    for row in range(8):
        for column in range(8):
            corners: list[str] = []
            for dc, dr in ((0, 0), (1, 0), (1, 1), (0, 1)):
                depth = (row + dr) / 8
                half = 124 + depth * 62
                corners.append(f"{320 + (column + dc - 4) / 4 * half:.0f} {256 + depth * 128:.0f}")
            canvas.shape("M" + "L".join(corners) + "Z", look.color if (row + column) % 2 else "#ecd3a6")
    for px, py, size, tone in (
        (250, 276, 0.7, INK),
        (380, 272, 0.75, INK),
        (316, 318, 0.9, "#f0dcb4"),
        (236, 372, 1.1, "#f0dcb4"),
        (410, 376, 1.15, "#6d4a33"),
    ):
        canvas.begin(f"translate({px} {py}) scale({size})")
        piece = (
            "M-26 0C-26 -10 -18 -14 -14 -20C-8 -44 -8 -60 -12 -66C-22 -72 -22 -90 0 -92C22 -90 22 "
            "-72 12 -66C8 -60 8 -44 14 -20C18 -14 26 -10 26 0C10 6 -10 6 -26 0Z"
        )
        canvas.solid(piece, tone, "round")
        canvas.solid(circle(0, -102, 13), tone, "ball")
        canvas.end()


def wooden_toy(canvas: Canvas, look: Look) -> None:
    """A wooden toy: stacker, train, blocks, wagon, play kitchen set or marble run."""
    canvas.shadow(320, 408, 190, 15, 0.38)
    match look.get("type"):
        case "stacker":
            canvas.solid(box(308, 90, 24, 300, 10), _BEECH, "round")
            for k, tone in enumerate(reversed(_STAINS)):
                half = 62 + (6 - k) * 13
                canvas.solid(box(320 - half, 372 - k * 37, half * 2, 35, 17), tone, "round")
            canvas.solid(circle(320, 118, 31), "#c9372f", "ball")
        case "train":
            _train(canvas, look)
        case "blocks":
            rows = (
                (180, 340, _BEECH),
                (248, 340, "#c9372f"),
                (316, 340, _BEECH),
                (384, 340, "#3b6bb3"),
                (214, 272, "#7fae4a"),
                (282, 272, _BEECH),
                (350, 272, "#f2cb3d"),
            )
            for x, y, tone in rows:
                canvas.solid(box(x, y, 65, 65, 4), tone, "flat")
                canvas.line(
                    (
                        f"M{x + 8} {y + 20}C{x + 24} {y + 26} {x + 42} {y + 14} {x + 58} {y + 22}M{x + 8} {y + 44}C"
                        f"{x + 24} {y + 38} {x + 42} {y + 50} {x + 58} {y + 44}"
                    ),
                    "#000000",
                    1.2,
                    opacity=0.18,
                )
            canvas.solid("M248 270V206H380V270H346C346 226 282 226 282 270Z", _BEECH, "flat")
            canvas.solid("M250 204L314 146L378 204Z", "#ea8132", "flat")
            canvas.solid(circle(486, 378, 28), "#37b3b3", "ball")
        case "wagon":
            canvas.line("M150 150L210 330M160 150H232", _BEECH, 17)
            canvas.line("M140 150H240", look.accent(), 15)
            canvas.solid("M196 250H500L476 364H214Z", look.color if look.color != "#dcc8a2" else _BEECH, "flat")
            canvas.line("M230 262L244 352M300 262L306 352M380 262L376 352M450 262L440 352", "#000000", 2, opacity=0.2)
            for x in (246, 446):
                canvas.solid(circle(x, 372, 36), "#c9372f", "ball")
                canvas.solid(circle(x, 372, 13), _BEECH, "ball")
        case "kitchen set":
            canvas.line("M404 268L540 236", _BEECH, 19)
            canvas.solid(
                symmetric("290 268 | 180 268 | 186 340 190 380 204 392 | 230 404 260 404 290 404", axis=290),
                look.color,
                "round",
            )
            canvas.solid(ellipse(290, 268, 110, 24), dark(look.color, 0.4), "flat")
            for x, y, tone in ((246, 262, "#ea8132"), (290, 270, "#7fae4a"), (330, 260, "#c9372f")):
                canvas.solid(ellipse(x, y, 24, 15), tone, "ball")
            canvas.line("M450 396L556 320", _BEECH, 15)
            canvas.solid(ellipse(440, 396, 28, 15), _BEECH, "ball")
        case _:
            _marble_run(canvas)


def _train(canvas: Canvas, look: Look) -> None:
    canvas.line("M90 400H560", "#b98d5e", 11)
    for x, tone in ((96, "#c9372f"), (238, "#f2cb3d")):
        canvas.solid(box(x, 330, 124, 34, 6), _BEECH, "flat")
        canvas.solid(box(x + 10, 272, 104, 60, 8), tone, "round")
        canvas.line(f"M{x + 124} 350h18", INK, 7)
        for dx in (28, 96):
            canvas.solid(circle(x + dx, 374, 21), INK, "ball")
            canvas.solid(circle(x + dx, 374, 7), _BEECH, "ball")
    canvas.solid(box(380, 330, 172, 34, 6), _BEECH, "flat")
    canvas.solid(box(384, 206, 66, 126, 8), look.color, "flat")
    canvas.solid(box(398, 226, 38, 40, 4), "#e9f2f5", "flat")
    canvas.solid(box(374, 194, 86, 18, 7), "#c9372f", "flat")
    canvas.solid(box(448, 268, 100, 64, 26), look.color, "round")
    canvas.solid("M498 270L492 214H528L520 270Z", INK, "round")
    for x in (412, 474, 528):
        canvas.solid(circle(x, 374, 23), "#c9372f", "ball")
        canvas.solid(circle(x, 374, 7), _BEECH, "ball")


def _marble_run(canvas: Canvas) -> None:
    for x, top in ((190, 110), (320, 170), (450, 230)):
        canvas.solid(box(x - 22, top, 44, 296 - (top - 110), 4), _BEECH, "flat")
    for d, tone in (
        ("M160 150L350 196", "#c79a63"),
        ("M480 232L290 262", "#d8ab72"),
        ("M170 320L360 290", "#c79a63"),
        ("M290 340L520 386", "#d8ab72"),
    ):
        canvas.line(d, dark(tone, 0.35), 29)
        canvas.line(d, tone, 24)
        canvas.line(d, dark(tone, 0.3), 8, opacity=0.7)
    for x, y, tone in ((206, 146, "#3b6bb3"), (400, 234, "#c9372f"), (250, 298, "#37b3b3"), (470, 366, "#f2cb3d")):
        canvas.solid(circle(x, y, 14), tone, "ball")
        canvas.shape(circle(x - 4, y - 5, 4), "#ffffff", opacity=0.8)
