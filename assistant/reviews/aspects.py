"""Which aspects of an item a sentence speaks of, and with which words: a lexicon of stems, open to more."""

import re
from collections.abc import Mapping

from assistant.spans import Span

MAX_TEXT = 2000
"""Characters of a review that are read; the rest is not, so that length buys no say and costs no time."""
MAX_SENTENCE = 400

_SPOKEN: Mapping[str, str] = {
    "fit": """fit, fits, fitted, fitting, size, sizes, sizing, sized, true to size, runs small, runs large, runs big,
        runs long, runs short, run small, run large, order up, size up, size down, sized up, one size up, next size,
        too tight, tight, too loose, loose, too small, too big, too large, too short, too long, too wide, too narrow,
        sleeve, sleeves, waist, length, hips, bust, shoulders, baggy, boxy, snug, slim, narrow, cut, toe box,
        short arms, long arms, petite""",
    "comfort": """comfortable, comfy, comfort, uncomfortable, itchy, itches, itch, scratchy, soft, softness, softer,
        cosy, cozy, blister, blisters, rubs, rub, pinch, pinches, digs in, dig into, aches, ache, padded, padding,
        cushioned, cushioning, chafe, chafes, hurt, hurts, second skin, ergonomic""",
    "quality": """quality, durable, durability, sturdy, sturdiness, solid, well made, well-made, built, build,
        stitching, seam, seams, flimsy, falls apart, fell apart, came apart, broke, broken, breaks, break, cracked,
        crack, cracks, ripped, tore, torn, tear, worn out, wears out, wore out, pilling, pills, pilled, peeling,
        peels, fade, fades, faded, shrank, shrunk, shrink, lasts, lasted, looks new, like new, for life,
        stopped working, died, craftsmanship, workmanship, finish, robust, rust, rusts, rusted, chipped, chips, dent,
        dents, dented, zip, zips, zipper, snapped, scratches, scratched, bent, warped, defect, defective""",
    "value": """price, prices, priced, pricey, expensive, cheap, cheaper, value, money, worth, bargain, overpriced,
        cost, costs, affordable, euros, dollars, pounds, you pay for, great deal, good deal""",
    "look": """look, looks, looked, colour, colours, color, colors, coloured, colored, style, stylish, design,
        designed, pattern, print, beautiful, beautifully, pretty, gorgeous, ugly, elegant, handsome, pictured, photo,
        photos, shade, compliment, compliments, flattering, unflattering, appearance, smart, stunning""",
    "warmth": """warm, warmer, warmth, warmly, cold, insulated, insulation, insulating, freezing, chilly, toasty, icy,
        too hot, minus, below zero, frost""",
    "weatherproofing": """waterproof, rainproof, windproof, water-resistant, water resistant, keeps the rain,
        keeps water, rain stays out, stay out, stays out, stays dry, stayed dry, kept dry, keeps me dry, kept me dry,
        keeps you dry, soaked, soaks through, lets water, let water, leaks, leak, leaked, leaking, leakproof,
        leak-proof, drips, dripped, dripping, downpour""",
    "breathability": "breathable, breathes, breathe, sweat, sweaty, sweats, clammy, stuffy, ventilation, airy, vents",
    "weight": "heavy, heavier, light, lightweight, lighter, weight, weighs, weighed, featherweight, weightless",
    "material": """fabric, material, materials, cloth, wool, cotton, linen, leather, suede, silk, polyester, plastic,
        metal, steel, wood, wooden, fleece, texture, thin, thick, sheer, see-through, lining, lined""",
    "ease of use": """easy to use, easy, easily, simple, difficult, user friendly, user-friendly, intuitive, fiddly,
        complicated, straightforward, awkward, setup, set up, install, installed, installation, assemble, assembled,
        assembly, instructions, manual, controls, buttons, put together""",
    "cleaning": """clean, cleans, cleaning, cleaned, wash, washes, washed, washing, dishwasher, wipe, wipes, stain,
        stains, stained, rinse, rinses""",
    "battery": "battery, batteries, charge, charges, charged, charging, charger, recharge, recharged, battery life",
    "screen": "the screen, touchscreen, touch screen, display, brightness, resolution, pixels",
    "sound": "sound, sounds, bass, treble, volume, audio, noise cancelling, microphone, sound quality",
    "noise": """noise, noisy, quiet, quietly, silent, loud, louder, hum, hums, humming, rattle, rattles, squeak,
        squeaks, buzz, buzzes, crinkly""",
    "performance": """performance, fast, faster, slow, slower, speed, powerful, power, works well, works perfectly,
        works fine, works great, does the job, responsive, lag, lags, freezes, crashes, suction, heats, boils""",
    "connection": "bluetooth, wifi, wi-fi, pairing, pairs, paired, connection, connects, connected, signal",
    "software": "app, software, firmware, update, updates, interface",
    "camera": "camera, lens, zoom, autofocus",
    "light": "the light, light is, bright, brighter, dim, bulb, lights up, glare, glow, glows, flicker, flickers, beam",
    "taste": """taste, tastes, tasted, tasty, flavour, flavours, flavor, flavors, delicious, bland, sweet, sweeter,
        salty, bitter, sour, aroma, stale, crunchy, chewy, juicy, crumbly, spicy, ripe, moreish, food""",
    "portion": "portion, portions, serving, servings",
    "smell": "smell, smells, smelled, smelly, scent, scented, fragrance, odour, odor, stinks, stink, perfume",
    "capacity": """capacity, roomy, spacious, pocket, pockets, compartment, compartments, storage, holds, room for,
        fits everything, fits in, space, swallows""",
    "grip": "grip, grips, grippy, traction, slip, slips, slipped, slippery, non-slip, slides",
    "stability": "stable, stability, wobbles, wobble, wobbly, steady, tips over, tipped over, sways, tilts",
    "fun": "fun, entertaining, boring, bored, played for hours, plays with, laughs, gripping, addictive",
    "skin": "skin, rash, irritation, irritates, irritated, breakouts, broke me out, moisturising, hydrating",
    "safety": "safe, safety, unsafe, dangerous, hazard, sharp edges, choking",
    "delivery": """delivery, delivered, shipping, shipped, arrived, arrives, courier, parcel, package, packaging,
        packaged, came late""",
    "service": """service, staff, support, seller, refund, refunded, warranty, replacement, customer service, waiter,
        waitress""",
    "atmosphere": "atmosphere, ambience, ambiance, decor, music",
}
ASPECTS = tuple(_SPOKEN)
"""Every aspect's name, as shoppers see it."""

_WANTED: Mapping[str, str] = {
    "fit": "true to size, fits well, good fit, well fitting, fit, flattering fit, right size",
    "comfort": "comfortable, comfy, comfort, soft, not itchy, cosy, cozy, cushioned, no blisters",
    "quality": """durable, sturdy, robust, well made, well-made, good quality, high quality, quality, lasts,
        long lasting, long-lasting, lasting, solid, hard-wearing, reliable, unbreakable""",
    "value": "good value, value for money, worth the money, worth it, bargain, great value",
    "look": "stylish, pretty, beautiful, elegant, good looking, nice looking, gorgeous, chic, fashionable",
    "warmth": "warm, toasty, insulated, keeps me warm, warmth",
    "weatherproofing": "waterproof, rainproof, windproof, leakproof, leak-proof, water resistant, water-resistant",
    "breathability": "breathable, airy, not sweaty, ventilated",
    "weight": "lightweight, light, not heavy, not too heavy",
    "ease of use": "easy to use, user friendly, user-friendly, intuitive, simple to use, easy to assemble",
    "cleaning": "easy to clean, washable, machine washable, easy care",
    "battery": "battery, battery life, long battery life",
    "screen": "good screen, sharp screen, display quality",
    "sound": "good sound, sound quality, great sound, bass",
    "noise": "quiet, silent, not loud, not noisy, noiseless",
    "performance": "fast, powerful, quick, responsive",
    "connection": "good connection, stable connection, good bluetooth",
    "camera": "good camera, camera quality",
    "light": "bright light, bright",
    "taste": "tasty, delicious, flavourful, flavorful, tastes good, yummy, good taste",
    "smell": "nice smell, smells good, smells nice, odourless, odorless",
    "capacity": "roomy, spacious, lots of pockets, big pockets, lots of room, lots of space",
    "grip": "good grip, grippy, non-slip, non slip, anti-slip",
    "stability": "stable, steady, not wobbly",
    "fun": "fun, entertaining",
    "skin": "gentle on skin, gentle, sensitive skin, moisturising, moisturizing, hydrating",
    "safety": "safe",
    "delivery": "fast delivery, quick delivery, well packaged",
    "service": "good service, good support, friendly staff",
}
"""What shoppers who care for an aspect say, narrower than what reviewers say (`looking for` wishes for no looks)."""

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$)|[.!?]|\n|$)")
_APOSTROPHES = str.maketrans("\u2019\u2018", "''")


def _pattern(lexicon: Mapping[str, str]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern for every word and phrase, longest first, and the aspect of each."""
    aspect_of = {" ".join(words.split()): aspect for aspect, entry in lexicon.items() for words in entry.split(",")}
    words = sorted(aspect_of, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])"), aspect_of


_MENTION, _MENTIONED = _pattern(_SPOKEN)
_WISH, _WISHED = _pattern(_WANTED)


def sentences(text: str) -> list[Span]:
    """Where the sentences of a review lie, blanks at their ends left out; within `MAX_TEXT` characters."""
    found: list[Span] = []
    for match in _SENTENCE.finditer(text[:MAX_TEXT]):
        words = match.group()
        start = match.start() + len(words) - len(words.lstrip())
        end = min(match.end() - (len(words) - len(words.rstrip())), start + MAX_SENTENCE)
        if end > start and any(map(str.isalpha, text[start:end])):
            found.append((start, end))
    return found


def mentions(sentence: str) -> list[tuple[str, Span]]:
    """(aspect, span of the words that speak of it), from left to right; no two spans overlap."""
    lowered = sentence.translate(_APOSTROPHES).lower()
    if len(lowered) != len(sentence):  # a few letters change length when lowered; spans must hold in the original
        lowered = sentence
    return [(_MENTIONED[match.group()], match.span()) for match in _MENTION.finditer(lowered)]


def asked_aspects(words: str) -> tuple[str, ...]:
    """The aspects a request cares for, in the order named: `a comfortable, durable tent` -> comfort, quality."""
    lowered = words.translate(_APOSTROPHES).lower()
    return tuple(dict.fromkeys(_WISHED[match.group()] for match in _WISH.finditer(lowered)))
