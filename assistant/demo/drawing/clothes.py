"""What is worn on the body: jackets, tops, dresses, trousers, rompers."""

from assistant.demo.drawing.canvas import MIRROR, Canvas, box, circle, ellipse, symmetric
from assistant.demo.drawing.look import Look, pattern_paint
from assistant.demo.drawing.palette import BRASS, INK, STEEL, dark, light, mix

_CREW = "320 140 | 302 140 288 130 283 110"
_BOAT = "320 122 | 296 122 276 118 262 112"
_VEE = "320 186 | 308 160 292 132 284 108"
_LONG_SLEEVE = "M210 140C182 152 170 180 162 220L126 350C138 362 160 370 176 368L224 244C228 210 222 160 210 140Z"
_HALF_SLEEVE = "M210 140C186 152 168 182 152 250C164 264 190 272 206 272L224 236C228 204 222 160 210 140Z"
_SHORT_SLEEVE = "M210 140C186 150 164 178 144 222C158 238 186 248 206 250L224 228C228 200 222 160 210 140Z"


def _torso(look: Look, neck: str, hem: float = 396) -> str:
    waist = 16 if look.get("gender") == "women" and look.get("fit") not in ("relaxed", "boxy", "loose") else 2
    flare = 10 if look.get("fit") in ("relaxed", "boxy", "loose") else 0
    return symmetric(
        f"{neck} | 262 116 234 126 210 140 | 218 176 222 200 222 230 | {222 + waist} 290 {216 + waist / 2 - flare} 340 "
        f"{214 - flare} {hem} | 250 {hem + 7} 290 {hem + 8} 320 {hem + 8}"
    )


def _sleeves(canvas: Canvas, look: Look, d: str, fill: str, color: str = "") -> None:
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.cast(d, 0.22)
        canvas.solid(d, color or look.color, fill=fill)
        canvas.folds(["M196 170C186 200 178 236 170 262", "M206 230C196 240 186 246 176 250"], d, 7)
        canvas.end()


def _body(canvas: Canvas, look: Look, d: str, fill: str) -> None:
    canvas.cast(d)
    canvas.solid(d, look.color, fill=fill)
    canvas.folds(
        ["M238 232C248 270 246 320 240 380", "M396 226C390 280 398 330 394 390", "M286 300C290 340 284 370 288 396"], d
    )


def _inside(canvas: Canvas, look: Look, y: float = 110, width: float = 37, depth: float = 34) -> None:
    low, left, right = y + 2 * depth, 320 - width, 320 + width
    curve = f"C{right - 1} {y + depth * 1.5} {338} {low} 320 {low}C{302} {low} {left + 1} {y + depth * 1.5} {left} {y}Z"
    canvas.shape(f"M{left} {y}C{left + 10} {y - 14} {right - 10} {y - 14} {right} {y}{curve}", dark(look.color, 0.5))
    canvas.shape(box(311, y - 2, 18, 10, 2), "#f4efe4", opacity=0.9)


def _cuffs(canvas: Canvas, look: Look, d: str) -> None:
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.solid(d, look.deep)
        canvas.end()


def _block(canvas: Canvas, torso: str, color: str, y: float = 212) -> None:
    canvas.shape(f"M120 60H520V{y}C450 {y + 22} 190 {y + 22} 120 {y}Z", color, clip=torso)
    canvas.line(f"M120 {y}C190 {y + 22} 450 {y + 22} 520 {y}", dark(color, 0.4), 1.2, opacity=0.5, clip=torso)


def _zip(canvas: Canvas, top: float, bottom: float, color: str) -> None:
    canvas.line(f"M320 {top}V{bottom}", dark(color, 0.5), 6)
    canvas.line(f"M320 {top}V{bottom}", STEEL, 2.4, dash="1.4 3.6")
    canvas.solid(box(316, top + 16, 8, 17, 3), STEEL, "metal")


def rain_jacket(canvas: Canvas, look: Look) -> None:
    """A shell with zip, storm pockets and hood; a coat when it is knee length, a smock when it is of cotton."""
    coat = look.get("length") == "knee"
    canvas.begin("translate(48 -18) scale(.85)" if coat else "translate(0 10)")
    hem = 500 if coat else 398
    hood = symmetric("320 46 | 274 48 252 84 262 128 | 284 138 300 142 320 142")
    canvas.cast(hood, 0.2)
    canvas.solid(hood, look.color)
    canvas.shape(symmetric("320 66 | 290 68 278 92 284 126 | 300 134 310 136 320 136"), dark(look.color, 0.5))
    canvas.line("M284 76C296 58 344 58 356 76", look.deep, 3, opacity=0.7)
    _sleeves(canvas, look, _LONG_SLEEVE, "")
    torso = _torso(look, "320 146 | 302 144 286 132 278 116", hem)
    _body(canvas, look, torso, "")
    trim = look.accent()
    _block(canvas, torso, mix(look.color, "#000000", 0.16), 196)
    _cuffs(canvas, look, "M131 332L126 350C138 362 160 370 176 368L182 350C164 350 144 344 131 332Z")
    _zip(canvas, 144, hem + 6, look.color)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.line("M250 300L276 352", look.deep, 6)
        canvas.line("M250 300L276 352", trim, 2)
        canvas.line("M304 138C302 150 303 160 305 168", "#efe9dc", 2.4)
        canvas.solid(box(302, 166, 6, 10, 2), INK, "flat")
        canvas.end()
    canvas.shape(box(352, 216, 34, 9, 2), trim, opacity=0.9)
    if look.get("reflective") == "yes":
        canvas.shape("M216 360H424V370H216Z", "#e9eef0", opacity=0.9, clip=torso)
    canvas.end()


def winter_jacket(canvas: Canvas, look: Look) -> None:
    """A padded jacket: chambers across body and sleeves, a high collar or a hood with a rim."""
    coat = look.get("length") == "knee"
    canvas.begin("translate(54 -6) scale(.83)" if coat else "translate(0 8)")
    hem = 496 if coat else 398
    if look.get("hood") == "yes":
        hood = symmetric("320 48 | 270 50 246 88 258 132 | 284 140 300 144 320 144")
        canvas.cast(hood, 0.2)
        canvas.solid(hood, look.color)
        canvas.shape(symmetric("320 70 | 292 72 280 94 286 126 | 300 134 310 136 320 136"), dark(look.color, 0.55))
        if look.get("waterproof") == "yes":
            canvas.line("M272 122C262 44 378 44 368 122", "#d8c9ae", 16, dash="1 5")
    else:
        collar = symmetric("320 84 | 298 84 280 88 272 92 | 270 110 268 122 264 136 | 290 146 304 148 320 148")
        canvas.solid(collar, look.deep)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.cast(_LONG_SLEEVE, 0.22)
        canvas.solid(_LONG_SLEEVE, look.color)
        for k in range(5):
            y = 186 + k * 36
            _seam(canvas, f"M{120 - k * 6} {y + 14}C160 {y + 2} 200 {y + 18} 240 {y + 34}", _LONG_SLEEVE)
        canvas.end()
    torso = _torso(look, "320 146 | 302 146 286 134 276 118", hem)
    canvas.cast(torso)
    canvas.solid(torso, look.color)
    for y in range(182, int(hem), 36):
        _seam(canvas, f"M190 {y}C250 {y + 12} 390 {y + 12} 450 {y}", torso)
    _zip(canvas, 146, hem + 6, look.color)
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.line("M248 310L262 356", look.deep, 5)
        canvas.line("M248 310L262 356", "#000000", 1.5, opacity=0.5)
        canvas.end()
    canvas.shape(box(356, 206, 30, 12, 2), look.accent())
    canvas.end()


def _seam(canvas: Canvas, d: str, clip: str) -> None:
    canvas.line(d, "#000000", 9, opacity=0.22, blur=3, clip=clip)
    canvas.line(d, "#000000", 1.4, opacity=0.45, clip=clip)
    canvas.begin("translate(0 -15)")
    canvas.line(d, "#ffffff", 8, opacity=0.22, blur=4)
    canvas.end()


def sweater(canvas: Canvas, look: Look) -> None:
    """A knitted top with ribbed cuffs and hem; its neck and stitch follow the item."""
    fill = pattern_paint(canvas, look)
    neck = {"boat": _BOAT, "v": _VEE}.get(look.get("neck"), _CREW)
    torso = _torso(look, neck, 388)
    stitch = canvas.tile(
        5, 7, '<path d="M0 1L2.5 4L5 1" fill="none" stroke="#000" stroke-opacity=".13" stroke-width="1.1"/>'
    )
    _inside(canvas, look, 111, 37 if neck != _BOAT else 57, 34 if neck == _VEE else 16)
    _sleeves(canvas, look, _LONG_SLEEVE, fill or stitch)
    _body(canvas, look, torso, fill or stitch)
    canvas.shape(torso, stitch)
    if look.get("pattern") == "fair isle":
        _yoke(canvas, look, torso)
    _cuffs(canvas, look, "M134 322L126 350C138 362 160 370 176 368L187 340C168 340 148 334 134 322Z")
    hem = "M190 366C250 378 390 378 450 366V412H190Z"
    rib = canvas.tile(7, 10, '<rect width="2.6" height="10" fill="#000" opacity=".2"/>')
    for paint, strength in ((look.deep, 0.55), (rib, 1.0)):
        canvas.shape(hem, paint, opacity=strength, clip=torso)
    if look.get("neck") == "turtle":
        roll = symmetric("320 76 | 296 76 284 80 280 86 | 278 104 276 122 280 136 | 296 146 306 148 320 148")
        canvas.solid(roll, look.color, "round", fill=rib)
    elif neck == _CREW:
        canvas.line("M282 112C290 150 350 150 358 112", look.deep, 10)
    elif neck == _VEE:
        canvas.line("M283 110L320 186L357 110", look.deep, 9)
    else:
        canvas.line("M262 113C290 128 350 128 378 113", look.deep, 7)


def _yoke(canvas: Canvas, look: Look, torso: str) -> None:
    ink = look.ink
    for y, step, size in ((172, 26, 9), (208, 20, 5), (236, 26, 9)):
        for x in range(200, 460, step):
            canvas.shape(f"M{x} {y - size}l{size} {size}l{-size} {size}l{-size} {-size}Z", ink, clip=torso)
    for y in (188, 222, 254):
        canvas.line(f"M190 {y}H450", ink, 3, dash="5 7", clip=torso)


def t_shirt(canvas: Canvas, look: Look) -> None:
    """A T-shirt with the item's neck, sleeves and print."""
    canvas.begin("translate(0 -8)")
    fill = pattern_paint(canvas, look)
    sleeve = {"long": _LONG_SLEEVE, "half": _HALF_SLEEVE}.get(look.get("sleeves"), _SHORT_SLEEVE)
    neck = {"boat": _BOAT, "v": _VEE.replace("186", "168")}.get(look.get("neck"), _CREW)
    torso = _torso(look, neck, 372 if look.get("fit") == "boxy" else 402)
    _inside(canvas, look, 111, 37 if neck != _BOAT else 57, 26 if neck not in (_CREW, _BOAT) else 16)
    blocked = look.get("pattern") == "colour-block"
    _sleeves(canvas, look, sleeve, fill, dark(look.color, 0.3) if blocked else "")
    _body(canvas, look, torso, fill)
    if blocked:
        _block(canvas, torso, look.accent(), 190)
        canvas.line("M226 372H262", "#eef2f4", 4, opacity=0.9)
    trim = light(look.color, 0.1) if look.get("pattern") == "solid" else look.deep
    if neck == _CREW:
        canvas.line("M282 111C290 150 350 150 358 111", trim, 6)
        canvas.line("M279 114C288 156 352 156 361 114", dark(look.color, 0.4), 1, opacity=0.5)
    elif neck == _BOAT:
        canvas.line("M262 113C290 128 350 128 378 113", trim, 5)
    else:
        canvas.line("M283 110L320 168L357 110", trim, 6)
    canvas.line("M205 388C250 396 390 396 435 388", dark(look.color, 0.4), 1, dash="3 3", opacity=0.6, clip=torso)
    if look.get("pattern") == "graphic":
        canvas.shape(circle(320, 236, 44), "#ea8132")
        canvas.shape("M262 262C280 228 300 232 316 254C330 226 350 222 380 262Z", "#2f5d46")
        canvas.shape("M256 282C290 250 340 250 384 282Z", "#28395c")
    elif look.get("pattern") == "solid" and look.item_id in ("t-shirt-06",):
        canvas.line("M346 196H392V240L369 252L346 240Z", look.deep, 2)
    canvas.end()


def shirt(canvas: Canvas, look: Look) -> None:
    """A shirt with collar or band, button row and a chest pocket."""
    fill = pattern_paint(canvas, look, 0.7)
    _inside(canvas, look, 110, 36, 15)
    _sleeves(canvas, look, _LONG_SLEEVE, fill)
    torso = _torso(look, "320 138 | 306 130 292 120 285 108", 404)
    _body(canvas, look, torso, fill)
    _cuffs(canvas, look, "M131 330L126 350C138 362 160 370 176 368L184 348C164 348 146 342 131 330Z")
    canvas.solid(box(309, 138, 22, 274, 2), look.color, "flat", fill=fill, edge=0.4)
    for y in range(158, 402, 38):
        canvas.solid(circle(320, y, 3.6), light(look.color, 0.5) if look.ink[1] == "f" else "#efe8d8", "ball")
    if look.get("collar") == "band":
        canvas.line("M287 112C296 138 344 138 353 112", look.color, 10)
        canvas.line("M287 112C296 138 344 138 353 112", dark(look.color, 0.4), 1, opacity=0.6)
    else:
        for transform in ("", MIRROR):
            canvas.begin(transform)
            wing = "M290 98C298 120 310 134 320 142L300 172C286 158 276 140 272 116Z"
            canvas.cast(wing, 0.2)
            canvas.solid(wing, light(look.color, 0.06), fill=fill)
            if look.get("collar") == "button-down":
                canvas.solid(circle(300, 163, 2.6), "#efe8d8", "ball")
            canvas.end()
    pockets = ("", MIRROR) if look.made_of("denim") or look.get("pattern") == "checked" else (MIRROR,)
    for transform in pockets:
        canvas.begin(transform)
        canvas.solid("M240 208H290V254L265 266L240 254Z", look.color, "flat", fill=fill, edge=0.7)
        canvas.line("M243 214H287", look.deep, 1.4, dash="3 2")
        canvas.end()


def dress(canvas: Canvas, look: Look) -> None:
    """A dress: neckline, sleeves and length of the item, a skirt that swings."""
    fill = pattern_paint(canvas, look)
    hem = {"knee": 410, "midi": 440, "long": 456}.get(look.get("length"), 410)
    canvas.begin("translate(26 -50) scale(.92 1.02)")
    sleeves = {"short": _SHORT_SLEEVE, "half": _HALF_SLEEVE, "long": _LONG_SLEEVE}.get(look.get("sleeves"))
    if sleeves:
        _inside(canvas, look, 112, 38, 20)
        _sleeves(canvas, look, sleeves, fill)
        top = "320 150 | 300 144 286 130 283 110 | 262 116 234 126 212 140"
    elif look.made_of("silk"):
        canvas.line("M276 168L290 96M364 168L350 96", look.color, 4)
        top = "320 178 | 304 178 288 170 276 162 | 262 170 250 182 240 196"
    else:
        canvas.solid("M262 100H288V176H258ZM352 100H378L382 176H352Z", look.color)
        top = "320 172 | 304 172 290 170 286 168 | 272 160 262 148 258 140"
    wide = 148 if look.get("length") != "long" else 122
    skirt = symmetric(
        f"{top} | 226 176 234 210 236 238 | 246 256 250 268 252 282 | 226 330 {332 - wide} 390 {320 - wide} {hem} "
        f"| {340 - wide} {hem + 16} 280 {hem + 18} 320 {hem + 18}"
    )
    canvas.cast(skirt)
    canvas.solid(skirt, look.color, fill=fill)
    folds = [
        f"M{x} 290C{x - 6} 340 {x + (x - 320) * 0.35:.0f} 380 {x + (x - 320) * 0.7:.0f} {hem}"
        for x in range(262, 390, 22)
    ]
    canvas.folds(folds, skirt, 10, 0.2)
    if look.get("pattern") == "colour-block":
        _block(canvas, skirt, look.accent(), 236)
    canvas.line("M248 282C280 292 360 292 392 282", look.deep, 7, opacity=0.8, clip=skirt)
    if look.item_id == "dress-01":
        canvas.line("M286 116L346 282", look.deep, 3)
        canvas.line("M344 284C352 320 348 340 356 362M346 284C366 310 368 326 380 344", look.deep, 6)
    elif look.made_of("corduroy"):
        for transform in ("", MIRROR):
            canvas.begin(transform)
            canvas.solid(box(264, 166, 20, 16, 3), BRASS, "metal")
            canvas.end()
        canvas.line("M296 206H344V244H296Z", look.deep, 2)
    elif sleeves:
        canvas.line("M282 111C292 158 348 158 358 111", look.deep, 5)
    canvas.end()


def trousers(canvas: Canvas, look: Look) -> None:
    """Trousers lying flat: width by their fit, jeans with rivets and a yoke of stitches."""
    wide = {"slim": 0, "straight": 8, "regular": 10, "wide": 34}.get(look.get("fit"), 8)
    fill = pattern_paint(canvas, look, 0.8) if look.get("pattern") != "solid" else ""
    legs = symmetric(
        f"320 62 | 290 62 262 62 246 60 | 236 120 {228 - wide / 2} 180 {226 - wide / 2} 240 | {222 - wide} 320 "
        f"{226 - wide} 380 {228 - wide} 436 | 250 442 276 442 {298 + wide / 6} 438 | 304 340 310 250 318 186 | "
        "319 184 320 184 320 184"
    )
    canvas.cast(legs)
    canvas.solid(legs, look.color, fill=fill)
    creases = [
        "M262 190C252 260 252 340 258 430",
        "M380 190C388 260 388 340 382 430",
        "M318 180C300 186 280 188 262 182",
    ]
    canvas.folds(creases, legs, 10)
    if look.get("pattern") == "colour-block":
        for transform in ("", MIRROR):
            canvas.begin(transform)
            canvas.shape(
                "M210 262C240 276 280 276 316 262L306 340C280 350 240 350 214 340Z", look.deep, clip=legs, opacity=0.8
            )
            canvas.end()
    band = "M245 60H395L397 84C350 90 290 90 243 84Z"
    canvas.solid(band, look.deep if not look.made_of("denim") else look.color)
    jeans = look.made_of("denim") or ("elastane" in look.attributes.get("material", ()) and look.made_of("cotton"))
    thread = BRASS if jeans else look.deep
    if look.get("fit") == "slim" and look.get("sport"):
        canvas.shape("M222 200L246 196L248 260L222 262Z", look.deep, clip=legs, opacity=0.8)
        return
    canvas.line("M320 90V168C312 180 302 182 298 176V90", thread, 1.6, dash="4 2.5")
    for transform in ("", MIRROR):
        canvas.begin(transform)
        canvas.line("M242 122C262 124 280 112 284 88", thread, 2.2, dash="4 2.5" if jeans else "")
        canvas.line("M234 176C250 180 300 178 317 172", thread, 1, opacity=0.5)
        canvas.line(f"M{234 - wide} 428C258 434 280 434 296 430", thread, 1.6, dash="4 2.5", clip=legs)
        canvas.solid(box(266, 58, 8, 30, 2), look.color, "flat")
        canvas.end()
    canvas.solid(circle(320, 74, 5), BRASS if jeans else light(look.color, 0.4), "ball")


def romper(canvas: Canvas, look: Look) -> None:
    """A baby's all-in-one with feet, studs or a zip, and ears when it has a hood."""
    printed = look.get("pattern") == "printed"
    spots = '<ellipse cx="14" cy="14" rx="8" ry="5" fill="{0}"/><circle cx="22" cy="10" r="4" fill="{0}"/>'
    fill = canvas.tile(44, 40, spots.format("#8c6a4d")) if printed else pattern_paint(canvas, look, 0.8)
    hooded = look.get("hood") == "yes"
    if hooded:
        for transform in ("", MIRROR):
            canvas.begin(transform)
            canvas.solid(circle(276, 58, 18), look.color, "ball")
            canvas.shape(circle(276, 59, 9), look.deep)
            canvas.end()
        canvas.solid(symmetric("320 44 | 272 46 256 84 270 126 | 290 134 304 136 320 136"), look.color)
        canvas.shape(ellipse(320, 98, 34, 36), dark(look.color, 0.5))
    else:
        _inside(canvas, look, 108, 35, 14)
    short = look.get("sleeves") == "short"
    arm = (
        "M226 124C204 136 186 158 176 190L216 212L236 180Z"
        if short
        else ("M226 124C200 138 178 176 160 230C150 254 156 268 170 272C184 276 194 266 200 254L236 192Z")
    )
    _sleeves(canvas, look, arm, fill)
    leg = (
        "232 348 | 246 360 284 362 304 352 | 308 330 314 314 320 306"
        if short
        else ("226 410 | 216 438 224 448 246 448 | 280 450 298 446 300 424 | 304 380 312 346 320 320")
    )
    body = symmetric(f"320 132 | 304 130 290 122 286 106 | 262 108 240 114 226 124 | 234 180 226 240 226 290 | {leg}")
    _body(canvas, look, body, fill)
    if look.get("pattern") == "quilted":
        for y in range(160, 440, 34):
            _seam(canvas, f"M190 {y}C250 {y + 10} 390 {y + 10} 450 {y}", body)
    canvas.line("M285 108C292 142 348 142 355 108", look.deep, 6)
    if look.get("closure") == "zip":
        _zip(canvas, 136, 300, look.color)
    else:
        for y in range(150, 306, 26):
            canvas.solid(circle(320, y, 4.5), "#c9a77c" if look.get("closure") == "buttons" else "#f2efe8", "ball")
