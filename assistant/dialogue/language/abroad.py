"""Common materials, properties and things in German, French, Spanish and Italian, as English catalogues say. Data."""

from collections.abc import Mapping

_GROUPS = {
    "cotton": "baumwolle coton algodon cotone",
    "wool": "wolle laine lana",
    "merino": "merinowolle merinos",
    "leather": "leder cuir cuero pelle",
    "suede": "wildleder veloursleder daim camoscio",
    "silk": "seide soie seda seta",
    "linen": "leinen lino lin",
    "velvet": "samt velours terciopelo velluto",
    "down": "daune daunen plumon piumino",
    "feather": "feder federn plume plumes pluma plumas",
    "fur": "pelz fourrure pelliccia",
    "wood": "holz bois madera legno",
    "oak": "eiche eichenholz chene roble rovere quercia",
    "walnut": "nussbaum noyer nogal",
    "pine": "kiefer kiefernholz",
    "bamboo": "bambus bambou",
    "steel": "stahl acier acero acciaio",
    "stainless steel": "edelstahl inox inoxidable inoxydable inossidabile",
    "cast iron": "gusseisen ghisa",
    "iron": "eisen hierro",
    "brass": "messing laiton ottone",
    "metal": "metall metallo",
    "glass": "glas verre vidrio vetro",
    "plastic": "kunststoff plastik plastique plastico plastica",
    "polyester": "poliester",
    "rubber": "gummi caoutchouc caucho gomma",
    "ceramic": "keramik ceramique ceramica",
    "porcelain": "porzellan porcelaine porcelana porcellana",
    "paper": "papier papel carta",
    "cardboard": "pappe cartone",
    "waterproof": "wasserdicht wasserfest impermeable etanche impermeabile",
    "wireless": "kabellos kabellose kabelloser drahtlos drahtlose inalambrico inalambrica inalambricos",
    "hood": "kapuze capuche capucha cappuccio",
    "zip": "reissverschluss cremallera cerniera",
    "lining": "innenfutter doublure forro fodera",
    "perfume": "parfum duftstoffe profumo",
    "sugar": "zucker sucre azucar zucchero",
    "milk": "milch lait leche latte",
    "egg": "eier oeuf oeufs huevo huevos uova",
    "nuts": "nusse noix nueces noci",
    "peanut": "erdnuss erdnusse cacahuete cacahuetes cacahuate arachide arachidi",
    "almond": "mandel mandeln amande amandes almendra almendras mandorla mandorle",
    "hazelnut": "haselnuss haselnusse noisette noisettes avellana avellanas nocciola nocciole",
    "wheat": "weizen trigo frumento",
    "soy": "soja soia",
    "sesame": "sesam sesamo",
    "fish": "fisch poisson pescado pesce",
    "salmon": "lachs saumon salmone",
    "chicken": "huhn hahnchen huhnchen poulet pollo",
    "beef": "rind rindfleisch boeuf manzo",
    "grain": "getreide cereales cereali",
    "honey": "honig miel miele",
    "coconut": "kokos kokosnuss cocco",
    "lemon": "zitrone zitronen citron limon limone",
    "vanilla": "vanille vainilla vaniglia",
    "lavender": "lavendel lavande lavanda",
    "alcohol": "alkohol alcool",
    "caffeine": "koffein cafeine cafeina caffeina",
    "silicone": "silikon silicona silikone silicones siliconas silicone siliconi",
    "sulfates": "sulfate sulfatos sulfates solfati",
    "parabens": "parabene parabenos parabeni",
    "battery": "batterie batterien batteria batterie akku pilas pile piles bateria baterias",
    "dry": "trocken trockene trockener seche seches seca secas seco secca secche secco secchi",
    "oily": "fettig fettige grasse grasses grasa grasas graso grassa",
    "sensitive": "empfindlich empfindliche sensibel sensible sensibles sensibile sensibili",
    "matte": "matt opaco",
    "glossy": "glanzend brillant brillante lucido",
    "round": "rund runde runder runden ronde rond redonda redondo rotonda rotondo",
    "square": "quadratisch carre carree cuadrado cuadrada quadrato quadrata",
    "dinosaurs": "dinosaurier dinosaure dinosaures dinosaurio dinosaurios dinosauro dinosauri",
    "animals": "tiere animaux animales animali",
    "space": "weltraum weltall espacio spazio",
    "electric": "elektrisch elektrische electrique electrico electrica elettrico elettrica",
    "petrol": "benzin essence gasolina benzina",
    "striped": "gestreift raye rayas rayures righe",
    "floral": "geblumt fleuri fleurie floreale flores",
    "checked": "kariert karierte carreaux cuadros quadri",
    "skin": "haut peau piel pelli",
    "hair": "haare haar cheveux cabello pelo capelli",
    "vegan": "vegane veganer vegetalien vegano vegana",
    "vegetarian": "vegetarisch vegetarische vegetarien vegetarienne vegetariano vegetariana",
    "organic": "bio biologisch biologique organico ecologico ecologica biologico biologica",
    "italy": "italie italia italien",
    "spain": "spanien espagne espana spagna",
    "france": "frankreich francia",
    "germany": "deutschland allemagne alemania germania",
    "brazil": "brasilien bresil brasil brasile",
    "laces": "schnursenkel lacets cordones lacci",
    "jacket": "jacke veste chaqueta giacca",
    "coat": "mantel manteau abrigo cappotto",
    "sweater": "pullover jersey maglione",
    "dress": "kleid vestido vestito",
    "shirt": "hemd chemise camisa camicia",
    "trousers": "pantalon pantalones pantaloni",
    "boots": "stiefel bottes botas stivali",
    "shoe": "schuhe schuh chaussures chaussure zapatos scarpe",
    "trainers": "turnschuhe baskets zapatillas",
    "bag": "tasche sac bolso borsa",
    "tent": "zelt tente tenda",
    "table": "tisch tavolo",
    "chair": "stuhl stuhle chaise chaises silla sillas sedia sedie",
    "lamp": "lampe lampen lampes lampara lamparas lampada lampade",
    "sofa": "canape divano",
    "shelf": "regal regale etagere estanteria scaffale",
    "headphones": "kopfhorer ecouteurs auriculares cuffie",
    "keyboard": "tastatur clavier teclado tastiera",
    "speaker": "lautsprecher altavoz",
    "kettle": "wasserkocher bouilloire hervidor bollitore",
    "frying pan": "bratpfanne pfanne poele sarten padella",
    "chocolate": "schokolade chocolat cioccolato",
    "cream": "creme crema",
    "shampoo": "champu shampoing shampooing",
    "toy": "spielzeug jouet jouets juguete juguetes giocattolo giocattoli",
}
ABROAD_PHRASES: Mapping[tuple[str, ...], str] = {
    tuple(words.split()): english
    for english, phrases in {
        "navy": "bleu marine|bleu nuit|azul marino|azul marina|blu marino|blu navy|blu notte|bleu marin",
        "turquoise": "bleu turquoise|azul turquesa|vert d eau",
        "burgundy": "rouge bordeaux|rosso bordeaux|rojo burdeos|rojo vino",
        "wireless": "sans fil|senza fili|sin cable|sin cables|ohne kabel",
        "lipstick": "rouge a levres|barra de labios",
        "nail polish": "vernis a ongles|smalto per unghie|esmalte de unas",
        "sunscreen": "creme solaire|crema solar|crema solare",
        "olive oil": "aceite de oliva|olio d oliva|huile d olive",
        "frying pan": "poele a frire",
        "sensitive skin": "pelle sensibile|pelli sensibili",
        "dry skin": "pelle secca",
        "oily skin": "pelle grassa",
        "cast iron": "hierro fundido|en fonte",
        "stainless steel": "acier inoxydable|acier inox|acero inoxidable|acciaio inox|acciaio inossidabile",
    }.items()
    for words in phrases.split("|")
}
"""The same for several foreign words."""
ABROAD: Mapping[str, str] = {word: english for english, words in _GROUPS.items() for word in words.split()}
"""A foreign word -> the English one.

Read so only where the catalogue knows the latter and not the former.
"""
_OF_NOTHING_ELSE = frozenset(
    "cotton wool merino leather suede silk linen velvet wood oak walnut bamboo steel brass glass plastic polyester "
    "ceramic porcelain cardboard".split()
)
_AMBIGUOUS = frozenset("pelle samt daim noyer cartone chene".split())
"""Materials that are skin, `along with`, a colour, a verb and a box as well."""
MATERIALS_ABROAD: Mapping[str, str] = {
    **{word: english for english in _OF_NOTHING_ELSE for word in _GROUPS[english].split() if word not in _AMBIGUOUS},
    **{
        word: english
        for english, words in {
            "stainless steel": "edelstahl|acier inoxydable|acier inox|acero inoxidable|acciaio inox|"
            "acciaio inossidabile",
            "cast iron": "gusseisen|ghisa|hierro fundido",
            "cashmere": "kaschmir|cachemire|cachemir|cachemira|cashmere",
            "aluminium": "aluminium|aluminio|alluminio",
            "marble": "marmor|marbre|marmol|marmo",
            "viscose": "viskose|viscosa",
            "rubber": "caoutchouc|caucho|kautschuk",
        }.items()
        for word in words.split("|")
    },
}
"""Foreign names of what things are made of, which mean that wherever they stand -> the English name."""
