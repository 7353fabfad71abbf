"""What is worn on the head and round the neck."""

from assistant.demo.drawing.canvas import Canvas, box, ellipse, symmetric
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import dark, mix


def beanie(canvas: Canvas, look: Look) -> None:
    """A cap with a turned-up band, with a bobble for children."""
    canvas.shadow(320, 372, 140, 15)
    fill = pattern_paint(canvas, look, 1.1)
    if look.get("gender") == "kids":
        for k in range(60):
            chance = look.random(f"bobble{k}")
            x, y = 320 + chance.gauss(0, 15), 104 + chance.gauss(0, 13)
            canvas.line(f"M320 104L{x:.0f} {y:.0f}", mix(CREAM_WOOL, look.color, chance.random() * 0.3), 9)
    crown = symmetric("320 112 | 250 112 200 170 192 300 | 230 316 280 320 320 320")
    canvas.solid(crown, look.color, "ball", fill=fill)
    ribs = [f"M320 114C{320 + (x - 320) * 0.9:.0f} 140 {x} 220 {x} 310" for x in range(214, 440, 30)]
    canvas.folds(ribs, crown, 6, 0.14)
    band = symmetric("320 286 | 270 286 220 280 186 272 | 182 300 182 336 188 360 | 230 374 280 378 320 378")
    canvas.solid(band, look.deep if look.get("pattern") == "striped" else look.color, "round")
    rib = canvas.tile(11, 10, '<rect width="4" height="10" fill="#000" opacity=".2"/>')
    canvas.shape(band, rib)
    canvas.solid(box(372, 322, 36, 26, 3), CREAM_WOOL if look.ink[1] == "f" else look.deep, "flat")
    canvas.line("M380 335H400", look.color, 2)


CREAM_WOOL = "#f3ead9"


def scarf(canvas: Canvas, look: Look) -> None:
    """A scarf looped as on a hook; a square of silk tied; a snood as a ring."""
    fill = pattern_paint(canvas, look)
    if look.number("length", 180) <= 60:
        ring = ellipse(320, 250, 150, 120) + "M250 236C270 300 370 300 390 236C370 200 270 200 250 236Z"
        canvas.cast(ellipse(320, 250, 150, 120))
        canvas.solid(ellipse(320, 250, 150, 120), look.color, "ball", fill=fill)
        canvas.shape(ellipse(320, 222, 88, 48), dark(look.color, 0.45))
        canvas.folds(["M186 240C230 320 410 320 454 240", "M196 280C250 352 390 352 446 280"], ring, 12)
        return
    for x, tilt, bottom in ((262, -4, 404), (338, 5, 430)):
        canvas.begin(f"rotate({tilt} {x + 30} 140)")
        tail = (
            f"M{x - 16} 150C{x - 12} 240 {x - 22} 330 {x - 18} {bottom}H{x + 66}C{x + 62} 330 {x + 70} "
            f"240 {x + 64} 150Z"
        )
        if not look.made_of("silk"):
            for k in range(x - 14, x + 64, 7):
                canvas.line(f"M{k} {bottom}l{(k % 3) - 1} 24", look.deep if k % 2 else look.color, 3)
        canvas.cast(tail)
        canvas.solid(tail, look.color, fill=fill)
        canvas.folds(
            [
                f"M{x + 10} 150C{x + 16} 240 {x + 4} 330 {x + 8} {bottom}",
                f"M{x + 42} 150C{x + 36} 240 {x + 46} 330 {x + 40} {bottom}",
            ],
            tail,
        )
        canvas.end()
    loop = symmetric("320 58 | 236 62 206 112 226 158 | 250 196 290 204 320 204")
    hole = "M270 118C276 84 364 84 370 118C350 140 290 140 270 118Z"
    canvas.cast(loop)
    canvas.solid(loop, look.color, fill=fill)
    canvas.folds(
        ["M226 130C260 180 380 180 414 130", "M240 100C270 160 370 160 400 100", "M232 156C270 194 370 194 408 156"],
        loop,
        10,
        0.2,
    )
    canvas.shape(hole, dark(look.color, 0.5))
