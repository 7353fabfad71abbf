"""Messages in German, French, Spanish and Italian: limits, refusals, wishes, sizes and what is taken back."""

import pytest
from dialogue_shops import OUTDOOR, told
from test_assistant_dialogue_unseen import HOUSE

from assistant.dialogue import ledger as ledgers
from assistant.dialogue.language.foreign_talk import FOREIGN_TALK, SIZE_TALK
from assistant.dialogue.reader import CatalogueReader, ReadingContext
from index.language.vocabulary import Vocabulary
from index.language.words import normalise

OUTDOORS = CatalogueReader(OUTDOOR, "USD")
HOUSES = CatalogueReader(HOUSE, "EUR")
JACKET = "kind in jacket"
LIMITS = [
    ("Jacke, bei 80 hört der Spaß auf", ["price <= 80.00 USD"]),
    ("Jacke, unter 40 taugt das nichts", ["price >= 40.00 USD"]),
    ("Jacke, meine Schmerzgrenze liegt bei 80", ["price <= 80.00 USD"]),
    ("une veste, pas au-delà de 80", ["price <= 80.00 USD"]),
    ("une veste, rien en dessous de 40", ["price >= 40.00 USD"]),
    ("une veste, je m'arrête à 80", ["price <= 80.00 USD"]),
    ("una chaqueta, más de 80 no pienso pagar", ["price <= 80.00 USD"]),
    ("no pienso pagar más de 80, chaqueta", ["price <= 80.00 USD"]),
    ("una chaqueta, que no se pase de 80", ["price <= 80.00 USD"]),
    ("una giacca, oltre 80 non vado", ["price <= 80.00 USD"]),
    ("non spendo più di 80, giacca", ["price <= 80.00 USD"]),
    ("il vicino li ha pagati 90, io arrivo a 80, una giacca", ["price <= 80.00 USD"]),
    ("una giacca tra i 40 e gli 80", ["price >= 40.00 USD", "price <= 80.00 USD"]),
    ("una giacca dai 40 agli 80 dollar", ["price >= 40.00 USD", "price <= 80.00 USD"]),
]
REFUSALS = [
    ("Jacke, Rot steht mir überhaupt nicht", ["color != Red"]),
    ("Jacke, Leder lehne ich ab", ["material != Leather"]),
    ("von Luma hab ich die Nase voll, Jacke", ["brand != Luma (fictional store)"]),
    ("Jacke in Blau, keinesfalls in Rot", ["color = Blue", "color != Red"]),
    ("veste, le cuir je n'en veux pas", ["material != Leather"]),
    ("par pitié, plus de cuir", ["material != Leather"]),
    ("chaqueta, el rojo ni verlo", ["color != Red"]),
    ("chaqueta, con Luma tuve mala experiencia", ["brand != Luma (fictional store)"]),
    ("giacca, tutto tranne il rosso", ["color != Red"]),
    ("giacca, con Luma ci siamo trovati male", ["brand != Luma (fictional store)"]),
    ("ich hasse: Leder, Rot", ["material != Leather", "color != Red"]),
    ("Wollallergie! Eine Jacke", ["text != wool"]),
    ("Nickelallergie, eine Jacke", ["text != nickel"]),
    ("alergia a los frutos secos", ["text != nuts"]),
    ("soy ale\u0301rgica al cuero", ["text != leather"]),  # the accent apart from its letter
    ("giacca, lasciando fuori Luma", ["brand != Luma (fictional store)"]),
    ("giacca, di Luma non vuole sentir parlare", ["brand != Luma (fictional store)"]),
    ("via quelli in rosso", ["color != Red"]),
    ("Jacke, und Luma lasst ihr bitte weg", ["brand != Luma (fictional store)"]),
    ("meine alte war von Luma. Bitte eine andere Marke", ["brand != Luma (fictional store)"]),
    ("los últimos eran Luma, mejor de otra marca", ["brand != Luma (fictional store)"]),
    ("me da alergia el cuero, una chaqueta", ["material != Leather"]),
    ("el cuero me da alergia, una chaqueta", ["material != Leather"]),
    ("mio figlio non sopporta il rosso, giacca", ["color != Red"]),
]
WISHES = [
    ("Jacke, Rot wäre mir am liebsten, muss aber nicht sein", ["~color = Red"]),
    ("veste noire, de préférence en cuir", ["color = Black", "~material = Leather"]),
    ("chaqueta, mejor si es roja", ["~color = Red"]),
    ("giacca, magari rossa se c'è", ["~color = Red"]),
    ("chaqueta roja sí o sí", ["color = Red"]),
    ("giacca in rosso oppure nero", ["color in Red|Black"]),
    ("scarpe nere", ["color = Black"]),
    ("je chausse du 42, des bottes", ["size = 42"]),
    ("giacca tg. L", ["size = L"]),
    ("ich trage L, hasse Rot", ["size = L", "color != Red"]),
    ("ich trage gern Rot", ["color = Red"]),
    ("non en fait rouge, désolée", ["color = Red"]),
    ("mia sorella porta la M, io la L", ["size = L"]),
    ("ma sœur fait du 36, moi du 42", ["size = 42"]),
    ("eine Jacke, die rot ist", ["color = Red"]),
    ("mi marido usa 42 y odia el rojo", ["size = 42", "color != Red"]),
]


@pytest.mark.parametrize(("message", "expected"), [*LIMITS, *REFUSALS, *WISHES])
def test_reads_conditions_in_other_languages(message: str, expected: list[str]) -> None:
    conditions = told(OUTDOORS.read(message, ReadingContext()))
    assert [said for said in conditions if not said.startswith("kind ")] == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("ein Stuhl in Hellgrau", ["kind in chair", "color = Light Grey"]),
        ("une chaise gris clair", ["kind in chair", "color = Light Grey"]),
        ("una silla gris claro", ["kind in chair", "color = Light Grey"]),
        ("ein Stuhl in Dunkelgrün oder Schwarz", ["kind in chair", "color in Green|Black"]),
    ],
)
def test_a_shade_is_the_catalogues_or_its_colour(message: str, expected: list[str]) -> None:
    assert told(HOUSES.read(message, ReadingContext())) == expected


@pytest.mark.parametrize("message", ["una borraccia in acciaio inossidabile", "une gourde en acier inoxydable"])
def test_several_foreign_words_are_one_material(message: str) -> None:
    kitchen = Vocabulary({}, {}, {}, {"material": {"Stainless Steel": 3, "Steel": 2}})
    assert told(CatalogueReader(kitchen, "EUR").read(message, ReadingContext())) == ["material = Stainless Steel"]


def test_a_material_nothing_is_made_of_is_a_condition_in_any_language() -> None:
    assert told(HOUSES.read("una lampada in seta", ReadingContext())) == ["kind in lamp", "material = silk"]
    assert told(HOUSES.read("eine Lampe ohne Seide", ReadingContext())) == ["kind in lamp", "material != silk"]


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("das Preislimit kannst du streichen", "color"),
        ("la couleur m'est complètement égale", "price"),
        ("ya no hace falta que sea azul", "price"),
        ("non serve più che sia blu", "price"),
        ("il prezzo non è un problema", "color"),
    ],
)
def test_takes_back_in_other_languages(message: str, left: str) -> None:
    before = OUTDOORS.read("blue under 80", ReadingContext())
    ledger, _ = ledgers.add((), before.constraints, 1)
    reading = OUTDOORS.read(message, ReadingContext(ledger, turn=2))
    kept = ledgers.remove(ledger, reading.released)
    assert reading.constraints == ()
    assert [entry.condition.field for entry in kept] == [left]


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("kann man auf Rechnung zahlen?", "ask_policy"),
        ("quels sont vos frais de port ?", "ask_policy"),
        ("¿puedo devolverlo?", "ask_policy"),
        ("quanto dura la garanzia?", "ask_policy"),
        ("muchísimas gracias", "thanks"),
    ],
)
def test_tells_what_a_message_is_in_other_languages(message: str, intent: str) -> None:
    assert OUTDOORS.read(message, ReadingContext()).intent == intent


def test_phrases_are_written_as_messages_are_compared() -> None:
    words = [word for phrase in (*FOREIGN_TALK, *SIZE_TALK) for word in phrase]
    assert all(word == normalise(word) or not word.isalpha() for word in words)
    assert all(word.isascii() and "'" not in word for word in words)
