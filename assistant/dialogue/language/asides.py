"""Words that say nothing of the thing wanted: function words of five languages, slang, the talk of stories. Data only.

They are left out of what is searched for; elsewhere they are words like others.
"""

from collections.abc import Iterable

_GERMAN = """
    aber alle alles allem ach nee na gut doch eben schon ja denn da dann dort hier also auch ausser billiger billig
    bist bloss brauchen brauchst darf darfst duerfen durfen dafur dabei damit danke dass dein deine dich dir diese
    dieser dieses eigentlich einfach einmal etwa euch euer falls ganz geb gebe geben gegen geh gehe gehen gibts gibt
    gern gerne geschenkt haben hast hatte hauptsache hochstens ihm ihn ihnen immer jetzt kann kannst kaufen kauf
    kosten kostet leider lieber machen mehr mein meine meinem meinen meiner meins mindestens moglichst muss mussen
    musste nein nichts noch nun nur ob oben oder ohne oma opa recht schluss sehr sein seine seit selbst sich sogar
    soll sollen sollte sollten sonst taugt teuer teurer um unbedingt unsere unten viel vielleicht vertrage wann war
    waren waere ware warum weil weiter wenig wenigstens wenn wer werde werden wieder wirklich wo wollen wurde wurden
    wuerde ziemlich zwischen zuviel finde vater mutter freund freundin marke preis farbe grosse hatten tja sowas
    irgendwas irgendein irgendeine suchen gesucht
"""
_FRENCH = """
    alors apres assez au aucun aucune aussi autre autres aux avait avant avoir bien bon bonne celle celui cest chez
    comme comment cela ca ceci dabord deja depasse dessous dessus donc dont elle encore entre est etait etes etre eu
    euh faire fait faudrait faut finalement ici jamais je jen jusqua lui ma maintenant maman mari marre meme mes
    mettre mieux mon moi monter montre nai nen ni notee notre on ou oui oubliez papa parce parfait pense peut peux
    plutot pourquoi pourrais prefere presque prix puis quand quelque quelques rien sais salut ses seulement si suis
    surtout sauf ta tellement tes toi tout toute toutes tous tres trop trouve trouver va vais veut voici voila voir
    voulez votre vrai vraiment auriez aurais avais cadeau marque allergique achete acheter
"""
_SPANISH = """
    ahora algun alguna alguno ademas alergica alergico alli antes aqui asi aunque ayer bien bolsillo bueno buena
    cada caro cara barato barata casi comprar comprarme comprado como cosa cosas creo cuando cualquier cualquiera
    cuanto dado dar debe decir dentro desde despues dije donde dos ella ellos encanta entonces entre era eran eres
    es ese esa eso esos esas estaba estan estar estoy estais fue fuera gusta gustan gustaria ha haber habia han
    harto harta has hasta hice hoy ir jamas ke lado le les luego madre me mejor menos mi mia mio mis mismo misma
    mucho mucha muchas muy nada nadie ni ningun ninguna nos nuestra nuestro nunca otra otras otro otros padre para
    pero perdon poco poca podeis poder podria poner porque posible pues puede pueden puedo que queria quien se sean
    ser si sido siempre solamente soy su sus tal tambien tampoco tan tanto te tengo tiene tienes toda todas todo
    todos trabajo tu tus tope va vale vamos van veces ver verdad vez voy xfa ya marca precio talla arriba abajo
    centimo regalo
"""
_ITALIAN = """
    abbastanza abbia abbiamo adesso alla alle allo allora alcuni alcuna altra altre altri altro anche ancora anzi
    arrivare assolutamente avere avevo avrei basta bene bisogno buon buona buono caro cara centesimo cerchiamo certo
    che chi ci ciao cioe cmq comunque come compra comprare comprato cosa cose cosi costa costi costare cui dai dal
    dalla dallo dare davvero dei deve devo di dice dire dopo due dunque entro era erano essere fare fatto fido forse
    fra fuori gia grz grazie ha hai hanno ho in invece io lascia lei li loro lui ma mai massimo me meglio meno
    mentre mia mie miei mio molta molte molti molto moglie marito mamma ne neanche negli nei nel nella nemmeno
    nessun nessuna niente nostra nostro nulla ogni oppure ora per perche pero piu poco posso possibile possibilmente
    potete potrei prezzo proprio purche qualche qualcosa qualsiasi qualunque quale quali quando quanto quella quelle
    quelli quello questa queste questi questo qui quindi regalo sei sempre senza serva si sia siamo sono sopra sotto
    spendere stare stata stato su sua sue sul sulla suo tanta tanto te tra tranne troppo tua tuo tutta tutte tutti
    tutto un una uno va vedo vero vi viene voi volta vorremmo vostra vostro taglia unaltra
"""
_SLANG = """
    lf tbh imo imho idc idk lol omg btw fyi asap bc cuz coz tho thru rn ngl smth sth abt bout ew yo bro gimme lemme
    dunno kinda sorta gotcha afaik cmq svp stp xfa grz plz pls thx tia hav wud cud shud
"""
_TALK = """
    kill kills paid fell bits religious reason reasons rainbow pooled time lasts
    wait hmm hm oops typo mistake sorry honestly frankly seriously literally obviously clearly anyway overall
    together so basically listen dear madam sir allowed course whatever whichever else way round wrong typed meant
    mean said saying says say happy sad glad prepared willing trust insist dreaming wish wonder wondering guess
    suppose reckon promised promise happened happen happens turned depend depends matter counts limits steep mad
    insane silly junk overpriced plenty enough strike forgot forget fear pointless useless threshold landlord
    insurance voucher savings salary rent penny pennies cent cents pooled slipped altogether apiece dealbreaker
    breaker breakers haves musts before again longer once twice ago yesterday today tomorrow week weeks weekend town
    got get go goes going went fell leaked burnt ate stolen lost replace replaced settled arguing argue agreed agree
    asking putting put stuck exist exists both either neither
"""
_ENGLISH = """
    the a an i my im is are was you your for and with of to in it its this that not please need want do does have
    has but if be on at can will would from they we she he her his any some or by as so just like dont me one ones
"""
_COMMON = {
    "de": f"{_GERMAN} ich und der das ist nicht kein keine mit fur ein eine zu von",
    "fr": f"{_FRENCH} je le la les des du une pas ne que qui pour avec dans en vous",
    "es": f"{_SPANISH} el la los las de del una que por con en y o para al es",
    "it": f"{_ITALIAN} il lo la gli le del della di una che per con e da sono non",
}
_LANGUAGES = {name: frozenset(words.split()) for name, words in _COMMON.items()}


def language_of(words: Iterable[str]) -> str:
    """The language most of the small words are of: `en`, `de`, `fr`, `es` or `it`; English where none is ahead."""
    said = list(words)
    counts = {name: sum(word in known for word in said) for name, known in _LANGUAGES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > sum(word in _TELLING for word in said) else "en"


_TELLING = frozenset(_ENGLISH.split())
ASIDES = frozenset(f"{_GERMAN} {_FRENCH} {_SPANISH} {_ITALIAN} {_SLANG}".split())
"""Never searched for."""
STORY = frozenset(_TALK.split())
"""Not searched for once the thing wanted is known."""
