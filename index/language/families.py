"""What a refused word covers beyond itself: suede is leather, almonds are nuts, almond milk is no dairy.

Read for refusals only. Nobody who asks for leather wants to be told that suede will do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.language.words import stem, word_set

Words = Sequence[str]
"""A line of a record, or a phrase, as stems."""

_WOOL = "wool merino lambswool loden cashmere mohair alpaca angora wolle laine lana"
_LEATHER = (
    "leather suede nubuck nappa napa cowhide rawhide sheepskin lambskin calfskin goatskin pigskin deerskin buckskin "
    "cordovan leder cuir cuero"
)
_FUR = "fur shearling sheepskin mink pelz fourrure"
_DAIRY = (
    "dairy lactose milk cheese butter cream yogurt whey casein caseinate ghee buttermilk kefir quark custard creme "
    "mozzarella parmesan cheddar feta ricotta mascarpone brie gouda halloumi camembert gorgonzola gruyere emmental "
    "pecorino milch kase sahne lait fromage beurre leche queso latte formaggio"
)
_EGG = "egg mayonnaise mayo meringue aioli omelette omelet albumen oeuf huevo uova"
_PEANUT = "peanut groundnut erdnuss erdnusse cacahuete arachide"
_TREE_NUT = (
    "nut almond hazelnut cashew walnut pistachio pecan macadamia praline marzipan nougat gianduja frangipane nuss "
    "nusse mandel haselnuss walnuss noix noisette amande nuez nuece avellana noci nocciola mandorla"
)
_SOME_NUT = "nut nuss nusse noix nuez nuece noci"
"""What does not say which nut it is may be the one."""
_GLUTEN = (
    "gluten wheat barley rye spelt malt semolina couscous bulgur farro kamut durum seitan freekeh weizen gerste "
    "roggen dinkel"
)
_PORK = "pork ham bacon salami prosciutto chorizo pancetta pepperoni lard speck mortadella schwein porc cerdo maiale"
_MEAT = f"meat beef veal chicken turkey lamb mutton venison steak sausage jerky duck fleisch viande carne {_PORK}"
_SHELLFISH = "shellfish shrimp prawn crab lobster mussel oyster clam scallop crayfish langoustine"
_SEAFOOD = f"seafood fish squid octopus calamari {_SHELLFISH}"
_FISH = "fish salmon tuna cod anchovy sardine trout haddock mackerel herring tilapia fisch poisson pescado pesce"

_FAMILIES = {
    "leather": _LEATHER,
    "wool": _WOOL,
    "fur": _FUR,
    "nut|frutos secos|frutta secca|schalenfruchte|nuss|nusse|noix|nuez|nuece|noci": f"{_TREE_NUT} {_PEANUT}",
    "tree nut": _TREE_NUT,
    "peanut|erdnusse|erdnuss|cacahuete|arachide": _PEANUT,
    "dairy|dairy product|lactose|milk product|laktose|lactosa|lattosio|milchprodukte": _DAIRY,
    "milk|milch|lait|leche": "milk buttermilk whey milch lait leche",
    "egg|oeuf|huevo|uova|eier": _EGG,
    "gluten|glutine|gluteno": _GLUTEN,
    "sugar|added sugar|zucker|sucre|azucar|zucchero": "sugar zucker sucre azucar zucchero",
    "wheat": "wheat semolina couscous bulgur durum seitan spelt farro kamut weizen",
    "soy|soya|soja": "soy soya soybean soja tofu tempeh edamame",
    "meat|fleisch|viande|carne": _MEAT,
    "pork|schweinefleisch|porc|cerdo|maiale": _PORK,
    "fish|fisch|poisson|pescado|pesce": _FISH,
    "seafood": f"{_SEAFOOD} {_FISH}",
    "shellfish": _SHELLFISH,
    "meat and fish": f"{_MEAT} {_SEAFOOD} {_FISH} gelatin gelatine",
    "animal product": f"{_MEAT} {_SEAFOOD} {_FISH} {_DAIRY} {_EGG} gelatin gelatine honey beeswax lanolin "
    f"{_LEATHER} {_WOOL} {_FUR} silk",
    "alcohol|alkohol|alcool": "alcohol wine beer vodka rum whisky whiskey gin liqueur champagne prosecco brandy cognac "
    "lager ale stout cider ipa pilsner tequila mezcal schnapps sherry vermouth bourbon wein bier biere cerveza birra",
    "caffeine|koffein|cafeine|cafeina|caffeina": "caffeine koffein cafeine cafeina caffeina coffee espresso cappuccino "
    "cola guarana mate matcha tea kaffee",
    "wood|wooden|timber|holz|bois|madera|legno": "wood wooden timber plywood hardwood softwood holz bois madera legno",
    "hazelnut|haselnuss|noisette|nocciola|avellana": f"{_SOME_NUT} hazelnut haselnuss noisette nocciola avellana "
    "praline nougat gianduja",
    "almond|mandel|amande|mandorla|almendra": f"{_SOME_NUT} almond mandel amande mandorla almendra marzipan frangipane",
    "walnut|walnuss": f"{_SOME_NUT} walnut walnuss",
    "cashew": f"{_SOME_NUT} cashew",
    "pistachio|pistazie|pistache|pistacchio": f"{_SOME_NUT} pistachio pistazie pistache pistacchio",
    "pecan": f"{_SOME_NUT} pecan",
    "macadamia": f"{_SOME_NUT} macadamia",
    "plastic": "plastic polypropylene polyethylene polystyrene polycarbonate pvc vinyl acrylic abs melamine plastik",
    "synthetic|synthetics|synthetic fabric|synthetic material": "synthetic polyester nylon acrylic polyamide elastane "
    "spandex lycra viscose",
    "perfume|fragrance|parfum": "perfume fragrance parfum perfumed scented",
}  # fmt: skip
"""Refused phrases as stems -> the words that name what they cover."""

_IMITATIONS = word_set("faux fake vegan imitation artificial synthetic mock pretend pu based alternative meatless")
_PLANTS = "almond oat soy soya rice coconut hazelnut cashew walnut pea hemp macadamia pistachio nut plant veggie tiger"
_OTHERWISE_AFTER = {
    "milk": f"{_PLANTS} cleansing body",
    "butter": f"{_PLANTS} peanut cocoa shea body cacao mango apple sunflower seed murumuru cupuacu",
    "cream": f"{_PLANTS} face hand body eye skin shaving night day sun foot cold barrier cleansing moisturizing lip "
    "hair aging repair",
    "creme": "face hand body eye skin shaving night day",
    "cheese": f"{_PLANTS} head",
    "yogurt": _PLANTS,
    "wool": "steel mineral rock glass cotton wire",
    "meat": "coconut plant soy veggie",
    "egg": "easter chocolate plastic dragon dinosaur",
    "wine": "alcohol",
    "tea": "camomile chamomile herbal peppermint mint rooibos fruit fennel hibiscus verbena lemongrass nettle sage",
    "beer": "ginger root",
    "gin": "cotton",
    "fish": "gummy swedish",
    "malt": "single",
}
_OTHERWISE_BEFORE = {
    "leather": "look like effect style",
    "fur": "look like effect",
    "suede": "look like effect",
    "wool": "wash",
    "milk": "frother jug pan tooth thistle pitcher",
    "butter": "dish knife bean lettuce",
    "cream": "tartar soda colored",
    "cheese": "board knife grater cloth slicer plant",
    "egg": "cup timer chair plant noodle slicer cooker poacher replacer",
    "coffee": "mug table cup grinder machine maker filter pot spoon press scoop tin canister book",
    "espresso": "machine maker cup pot",
    "tea": "towel pot cup light candle set tree kettle infuser strainer mug",
    "wood": "look effect glue filler stain polish burning screw saw fired",
    "wine": "glass glasses rack cooler opener vinegar stopper decanter gum",
    "beer": "mug glass stein mat pong",
    "champagne": "glass flute",
    "rum": "raisin",
    "gin": "rummy glass",
    "nut": "cracker bolt driver milk roll",
    "chicken": "wire pea coop",
    "duck": "tape canvas egg cloth",
    "fish": "tank bowl net eye tail",
    "steak": "knife sauce",
    "latte": "glass macchiato art",
    "whiskey": "glass stone",
    "whisky": "glass stone",
}
_OTHERWISE = (
    {word: word_set(said) for word, said in _OTHERWISE_AFTER.items()},
    {word: word_set(said) for word, said in _OTHERWISE_BEFORE.items()},
)
_NO = word_set("no non without zero not nicht ohne sans sin senza kein keine")
_BETWEEN = word_set("added any real genuine animal of from or and contain containing use used")
_ABSENT = word_set("free substitute alternative replacement")
_FALSE = word_set("no none false nein non 0")
_COLOURED = word_set("color colorway shade farbe couleur")
_SERVED = word_set("serve served enjoy enjoyed pair pairs paired dip dipped dunk go goes well")
_WORN = word_set("leather wool fur plastic synthetic wood")
_SAID_ANYWHERE = {
    "alcohol": (
        "without alcohol",
        "no alcohol",
        "non alcoholic",
        "alcoholfree",
        "0.0",
        "0,0",
        "alkoholfrei",
        "sans alcool",
    ),
    "caffeine": (
        "without caffeine",
        "no caffeine",
        "decaf",
        "decaffeinated",
        "caffeinefree",
        "entkoffeiniert",
        "decafeine",
    ),
}
"""What a record says of a drink, even in its description: there is nothing else to it that could be meant."""
_VEGAN = word_set("dairy lactose milk egg meat fish seafood shellfish pork animal")


@dataclass(frozen=True, slots=True)
class Family:
    """What one refusal covers.

    Attributes:
        members: the stems that name it, the refused word itself among them.
        excuses: what an item says of itself that it could not say if it held any of it: `dairy free`, `vegan`.
        is_told: the description may say so as well as the title and the facts.
        is_eaten: food, of which the smallest print matters; of a material the description says what goes with it.
    """

    members: frozenset[str]
    excuses: tuple[tuple[str, ...], ...]
    is_eaten: bool
    is_told: bool = False


def _built() -> dict[tuple[str, ...], Family]:
    found: dict[tuple[str, ...], Family] = {}
    for keys, members in _FAMILIES.items():
        names = [tuple(map(stem, key.split())) for key in keys.split("|")]
        stems_ = frozenset(stem(word) for word in members.split())
        more = [("vegan",)] if names[0][0] in _VEGAN else []
        said = _SAID_ANYWHERE.get(names[0][0], ())
        more += [tuple(map(stem, phrase.split())) for phrase in said]
        more += [("vegetarian",)] if names[0] == ("meat", "and", "fish") else []
        for name in names:
            excuses = ((*name, "free"), (*names[0], "free"), *more)
            found[name] = Family(stems_, excuses, names[0][0] not in _WORN, bool(said))
    return found


_BY_PHRASE = _built()
_EVERY = frozenset(word for family in _BY_PHRASE.values() for word in family.members)


def family_of(phrase: Words) -> Family | None:
    """What the refusal of a phrase covers, or None where it covers the words alone."""
    return _BY_PHRASE.get(tuple(phrase))


def names_member(words: Words, family: Family) -> bool:
    """Whether a line of a record names something of the family: not `faux leather`, `nut-free` or `almond milk`."""
    if words and words[0] in _COLOURED:
        return False  # `color Cream`, `shade Salmon`: what it looks like
    return any(word in family.members and not _is_otherwise(words, at) for at, word in enumerate(words))


def names_phrase(words: Words, phrase: Words) -> bool:
    """Whether a line says a phrase, and not only to say that it is absent: `paraben-free`, `without small parts`."""
    size, wanted = len(phrase), tuple(phrase)
    return any(
        tuple(words[at : at + size]) == wanted and not _is_absent(words, at) and not _is_absent_behind(words, at + size)
        for at in range(len(words) - size + 1)
    ) and bool(size)


def is_excused(lines: Iterable[Words], family: Family) -> bool:
    """Whether a title or a fact of a record says outright that it is without the family: `vegan`, `dairy free`."""
    return any(_says_yes(words, excuse) for words in lines for excuse in family.excuses)


def _says_yes(words: Words, phrase: tuple[str, ...]) -> bool:
    size = len(phrase)
    return any(
        tuple(words[at : at + size]) == phrase
        and not set(words[at + size : at + size + 1]) & _FALSE
        and not set(words[max(0, at - 1) : at]) & _NO
        for at in range(len(words) - size + 1)
    )


def _is_otherwise(words: Words, at: int) -> bool:
    """Whether a member's name means something else where it stands, or is named as absent."""
    word = words[at]
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if before in _IMITATIONS or before in _OTHERWISE[0].get(word, ()) or after in _OTHERWISE[1].get(word, ()):
        return True
    return _is_absent(words, at) or _is_absent_behind(words, at + 1) or _is_served(words, at)


def _is_absent(words: Words, at: int) -> bool:
    """`no added sugar`, `without nuts`, `free from nuts, milk and eggs`."""
    place = at - 1
    if place >= 0 and words[place] in _NO:
        return True
    listed = False
    while place >= 0 and at - place < 12 and (words[place] in _BETWEEN or words[place] in _EVERY):
        listed = listed or words[place] in _EVERY
        place -= 1
    if place < 0:
        return False
    freed = words[place] == "free" and words[place + 1] in ("from", "of")
    return freed or words[place] == "without" or (words[place] in _NO and not listed)


def _is_absent_behind(words: Words, at: int) -> bool:
    """`nut-free`, `nut and dairy free`, `contains nuts: no`."""
    while at + 1 < len(words) and words[at] in ("and", "or") and words[at + 1] in _EVERY:
        at += 2
    if at >= len(words) or words[at] in _FALSE:
        return at + 1 == len(words)
    return words[at] in _ABSENT and words[at + 1 : at + 2] not in (("from",), ("of",))


def _is_served(words: Words, at: int) -> bool:
    """`serve with cheese`: what it goes with is not in it."""
    return any(words[place] == "with" and words[place - 1] in _SERVED for place in range(max(1, at - 3), at))
