"""Colour words, audience words and size words, with their names in the languages we read. Data only."""

from collections.abc import Mapping

_GROUPS = (
    "black schwarz schwarze schwarzer schwarzes schwarzen noir noire noirs noires negro negra negros negras",
    "white weiss weisse weisser weisses weissen blanc blanche blancs blanches blanco blanca blancos blancas",
    "red rot rote roter rotes roten rouge rouges rojo roja rojos rojas",
    "blue blau blaue blauer blaues blauen bleu bleue bleus bleues azul azules",
    "green grun grune gruner grunes grunen vert verte verts vertes verde verdes",
    "yellow gelb gelbe gelber gelbes gelben jaune jaunes amarillo amarilla amarillos amarillas",
    "orange naranja",
    "purple lila violett violet violette morado morada",
    "pink rosa rose",
    "brown braun braune brauner braunes braunen marron brun brune",
    "gray grau graue grauer graues grauen gris grise grises",
    "beige",
    "navy marineblau marineblaue marineblauer marineblaues marineblauen navyblau",
    "teal", "turquoise turkis turquesa turchese", "khaki", "olive", "maroon", "burgundy bordeaux",
    "gold golden", "silver",
    "cream", "ivory", "tan", "lavender", "magenta", "cyan", "coral", "mint", "charcoal", "indigo", "crimson", "scarlet",
    "aqua", "mauve", "fuchsia", "taupe", "bronze", "copper", "peach", "plum", "mustard", "lime", "multicolor multi",
)  # fmt: skip

_ITALIAN = {
    "black": "nero nera neri nere",
    "white": "bianco bianca bianchi bianche",
    "red": "rosso rossa rossi rosse",
    "blue": "blu azzurro azzurra",
    "green": "verdi",
    "yellow": "giallo gialla gialli gialle",
    "orange": "arancione arancioni",
    "brown": "marrone marroni",
    "gray": "grigio grigia grigi grigie",
}
_NAMES = tuple(f"{group} {_ITALIAN.get(group.split()[0], '')}".split() for group in _GROUPS)

COLOURS: Mapping[str, frozenset[str]] = {word: frozenset(group) for group in _NAMES for word in group}
"""A colour word -> every word for that colour, itself included; all as stems of `index.language.words`."""

PLAIN_COLOURS = frozenset(
    word
    for name in (
        "black",
        "white",
        "red",
        "blue",
        "green",
        "yellow",
        "purple",
        "pink",
        "brown",
        "gray",
        "beige",
        "navy",
        "teal",
        "orange",
    )
    for word in COLOURS[name]
) - {"rose", "naranja"}
"""Words that mean a colour wherever they stand; the rest need a colour's place (`in gold`, `silver watch`)."""

SHADES = frozenset(
    {"light", "dark", "bright", "pale", "deep", "neon", "pastel", "hot", "dusty", "baby", "royal", "sky", "rose"}
)

SHADES_ABROAD: Mapping[str, str] = {
    word: english
    for english, words in {
        "dark": "dunkel tief fonce foncee fonces foncees oscuro oscura oscuros oscuras scuro scura scuri scure",
        "light": "hell zart clair claire clairs claires claro clara claros claras chiaro chiara chiari chiare",
        "bright": "knall grell leuchtend vif vive vifs vives intenso intensa acceso accesa",
    }.items()
    for word in words.split()
}
"""What German puts before a colour, in one word, and the others behind it -> the English shade."""

NOT_A_COLOUR_BEFORE = frozenset(
    """
    tea wine rice chocolate pepper juice onion bean cheese bread sugar meat cabbage grape cauliflower lentil potato
    beet
    soda ray rays peel blossom noise friday market pages flavor flavour flavored flavoured scent scented musk
    fragrance aroma
    extract
    currant berry lentils vinegar truffle mustard tomato
    """.split()
)
"""`black tea`, `red wine`, `white noise`: what the two words name together is no matter of colour."""

COLOUR_FIELDS = frozenset(
    {"color", "farbe", "couleur", "colorway", "shade", "color family", "main color", "primary color"}
)
AUDIENCE_FIELDS = frozenset(
    {
        "gender",
        "sex",
        "audience",
        "target gender",
        "age group",
        "target audience",
        "department gender",
        "for",
        "geschlecht",
    }
)

AUDIENCES: Mapping[str, str] = {
    word: group
    for group, words in {
        "women": "woman women womens lady ladies female females damen frauen damenmode femme femmes mujer mujeres wmns",
        "men": "man men mens gentleman gentlemen male males herren manner homme hommes hombre hombres",
        "kids": "kid kids child children childrens kinder enfant enfants nino ninos youth junior juniors",
        "girls": "girl girls madchen fille filles nina ninas",
        "boys": "boy boys jungen jungs garcon garcons",
        "baby": "baby babies toddler toddlers infant infants newborn bebe",
    }.items()
    for word in words.split()
}
"""A word for a group of wearers -> the group."""

PEOPLE: Mapping[str, str] = {
    word: group
    for group, words in {
        "women": "wife mother mom mum mommy girlfriend sister grandmother grandma aunt her fiancee frau mutter "
        "freundin femme mujer",
        "men": "husband father dad daddy boyfriend brother grandfather grandpa uncle him fiance mann vater freund mari "
        "marido",
    }.items()
    for word in words.split()
}
"""People one buys for -> the group; a wish only, since a gift need not come from that department."""

AUDIENCE_NAMES: Mapping[str, frozenset[str]] = {
    "women": frozenset({"woman", "female", "lady", "damen", "femme", "mujer", "f", "womenswear"}),
    "men": frozenset({"man", "male", "gentleman", "herren", "homme", "hombre", "m", "menswear"}),
    "kids": frozenset({"kid", "child", "kinder", "enfant", "nino", "youth", "junior"}),
    "girls": frozenset({"girl", "madchen", "fille", "nina"}),
    "boys": frozenset({"boy", "jungen", "garcon"}),
    "baby": frozenset({"baby", "toddler", "infant", "bebe"}),
}
"""A group -> how catalogues name it, as stems."""

LETTER_SIZES = frozenset("xxs xs s m l xl xxl xxxl xxxxl 2xl 3xl 4xl 5xl 2xs 3xs".split())
WORD_SIZES: Mapping[tuple[str, ...], str] = {
    ("extra", "extra", "small"): "XXS", ("extra", "small"): "XS", ("x", "small"): "XS", ("xsmall",): "XS",
    ("small",): "S",
    ("medium",): "M", ("large",): "L", ("extra", "extra", "large"): "XXL", ("extra", "large"): "XL",
    ("x", "large"): "XL",
    ("xlarge",): "XL", ("xx", "large"): "XXL", ("xxlarge",): "XXL", ("double", "xl"): "XXL",
    ("one", "size"): "One Size",
    ("pequeno",): "S", ("pequena",): "S", ("mediano",): "M", ("mediana",): "M", ("grande",): "L", ("mittel",): "M",
}  # fmt: skip
SIZE_CUES = frozenset(
    "size sized sizes grosse groesse talla tallas taille tailles taglia misura sz pointure konfektionsgrosse "
    "schuhgrosse".split()
)
SIZE_SYSTEMS = frozenset("eu us uk eur jp fr de it".split())
