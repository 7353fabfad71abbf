"""The cue phrases of shopping talk, in English first, then German, French and Spanish. Data only; the reader acts.

Phrases are normalised as `index.language.words.normalise` does (lower case, no accents) and without apostrophes.
"""

_Phrases = tuple[str, ...]


def _lines(text: str) -> _Phrases:
    return tuple(line.strip() for line in text.replace("|", "\n").split("\n") if line.strip())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BELOW = _lines("""
    under|below|beneath|less than|lower than|cheaper than|less expensive than|smaller than|shorter than
    thinner than|lighter than|narrower than|fewer than|sub|<
    inferior to
    unter|weniger als|gunstiger als|billiger als|moins de|moins cher que|moins chere que|sous|en dessous de
    au dessous de|meno di|sotto|sotto i|sotto gli|menos de|por debajo de|debajo de|bajo|mas barato que|inferior a
""")
UP_TO = _lines("""
    i can do|i could do|we can do|draw the line at|draw a line at|drawing the line at
    up to|upto|stretch to|can stretch to|could stretch to|at most|at the most|max|maximum|maximum of|max of
    not exceeding|limit of|limit is|limit|within|inside
    capped at
    cap of|until|till|<=|\u2264|stay within|keep it to|keep it at|keep it within|price limit|upper limit|ceiling of
    willing to go to|willing to go up to|can you do|could you do|would you do|price cap|spending cap|cap is|my cap is
    topping out at|maxing out at|ceiling|ceiling is|go as high as|as high as|go up to|can go to|even if it costs
    even if it cost|even if thats|no further than|mein limit|mein limit ist|mein limit liegt bei
    at the outside|at the utmost|arrivo a|arriviamo a|arrivo fino a|llego a|llego hasta|llegamos a|je monte a
    monter a|monter jusqu a
    not beyond|at the very most|at the very maximum|al massimo|massimo|fino a|non piu di|entro
    bis|bis zu|hochstens|maximal|jusqua|jusqu a|au plus|au maximum|hasta|como mucho|como maximo|maximo
""")
BUDGET = _lines("""
    budget|budget is|budget of|budget limit|budget now|budget is now|spend|spending|afford|pay|paying|willing to pay
    price is|price range|price|for only|for just|mein budget|budget von|budget ist|preis|ausgeben|mon budget|budget de
    budget est|budget est de|depenser|mi presupuesto|presupuesto|presupuesto es|presupuesto de|gastar|pagar|precio
""")
HAVE = _lines("""
    i have|ive got|i got|i have got|i have only|i only have|we have|weve got|only have|have only|ive only got|i had
    all ive got is|all i have is|all i can spend is|all we have is|i only got|we only have|only got
    ich habe|wir haben|jai|nous avons|tengo|tenemos|with
""")
ABOVE = _lines("""
    over|above|more than|higher than|more expensive than|pricier than|exceeding|exceed|exceeds|beyond|upwards of
    greater than|thicker than|deeper than|longer than|taller than|wider than|heavier than|larger than|bigger than
    >|past|costlier than
    uber|mehr als|teurer als|plus de|au dessus de|plus cher que|mas de
    dessus de|hoher als|sopra|sopra i|sopra gli|al di sopra di
    por encima de|mas caro que|oltre|piu di|depasser|depasse|depassant|superare|superi|superar|supere|uberschreiten
""")
FROM = _lines("""
    at least|minimum|min|minimum of|starting at|starting from|from|no cheaper than|>=|\u2265|mindestens|ab|au moins
    almeno|a partire da|a partir de|al menos|como minimo|minimo|desde|not less than|no less than
""")
ABOUT = _lines("""
    around|about|roughly|approximately|approx|circa|ca|~|somewhere around|in the region of|in the neighborhood of
    close to
    near|ish|in the range of|etwa|ungefahr|rund|um die|environ|autour de|dans les|alrededor de|aproximadamente|unos
    sobre
""")
CHANGE = _lines("""
    make it|make that|raise it to|raise the budget to|raise my budget to|raise to|increase it to
    increase the budget to
    increase my budget to|increase to|up it to|bump it to|bump it up to|lower it to|lower the budget to
    lower my budget to
    reduce it to|reduce the budget to|drop it to|change it to|change the budget to|change my budget to|set it to
    set the budget to|set my budget to|lets say|say|go to
    go for|rather|actually|extend it to|extend to|expand it to|move it to|push it to|bring it down to
    cut it to
    bring it up to|lets make it|cap it at|limit it to|down to|how about|what about|mach|disons|digamos|sagen wir
""")
AFTER_MOST = _lines("""
    to spend|to spare|left to spend|is all i can do|would be the max|would be my max|would be the limit
    would be my limit
    max|maximum|tops|or less|or under|or below|or cheaper|or lower|at most|at the most|and below|and under|and less
    and down|limit|budget|is my limit|is my budget|is my max|is my maximum|is the limit|is the max|is the most
    or shorter|or smaller|or lighter|or narrower|or fewer|or lighter|and smaller|and lighter|and shorter
    at the very most|is really the most|is the absolute most|is my absolute limit|is the absolute limit
    is all i have|is all ive got|is all i can spend|is all we have|is what i have|is it|at the high end|and no more
    and not more|no higher|no more|
    is my absolute ceiling|is my absolute max|is my upper limit|is the upper limit|is my cap|is the cap
    is the ceiling|is the absolute ceiling|is my ceiling|is as high as|al massimo|massimo|o meno|oder weniger
    hochstens|maximal|ou moins|au maximum|au plus|o menos|como mucho|como maximo|maximo|maxi
""")
AFTER_LEAST = _lines("""
    at the very least|at a minimum|
    at the low end|and beyond|or beyond|or pricier|or longer|or taller|or wider|or bigger|or larger|or heavier
    or greater|and longer|and bigger|and larger|or deeper
    +|or more|or above|or over|or higher|or up|or better|and up|and above|and over|and higher|and more|minimum
    at least
    upwards|and upwards|or upwards|onwards|oder mehr|ou plus|o mas|und mehr|et plus|o piu|in su|aufwarts
""")
AFTER_ABOUT = _lines("ish|or so|or thereabouts|give or take|more or less|or around that")
BETWEEN = _words("between from zwischen von entre de desde betweeen btwn range tra fra da dai dal dalle dagli")
RANGE_JOIN = _words("- \u2013 \u2014 to and an n & bis und a ai al agli alle aux y et e through thru until till hasta")
BUDGET_FILL = _words("""
    the a an of than is only about just my for at it that be to price prices priced cost costs costing total strictly
    something anything around roughly approximately : = - like with us say maybe even absolute absolutely hard in i gli
    preferably
    los las el la le les den der die das un eine einen
""")

NOT = _words("""
    no not nothing none never without avoid avoiding except excluding exclude excluded besides hate hates dislike
    dislikes
    boycott boycotting hide non zero distrust mistrust mustnt shant excl lacking lacks
    minus nor neither isnt arent wasnt doesnt dont didnt cant cannot wont shouldnt nope dont wouldnt skip lose ditch
    kein keine keinen keiner keines keinem nicht nichts ohne ausser niemals weder noch vermeide
    pas sans sauf aucun aucune jamais ni rien hormis evite excepte sin ningun ninguna ninguno excepto salvo nada
    nunca evita tampoco menos
    detest loathe senza nessun nessuna niente tranne eccetto
""")
NOT_PHRASES = _lines("""
    get hives from|gets hives from|get a rash from|gets a rash from|get sick from|gets sick from|react to|reacts to
    react badly to|reacts badly to|break out from|breaks out from
    but not|anything but|everything but|all but|any but|other than|rather than|instead of|apart from|aside from
    except for
    but no|do not|does not|is not|are not|can not|will not|should not|would not|allergic to|allergy to|intolerant to
    intolerant of|not a fan of|no fan of|sick of|tired of|fed up with|stay away from|steer clear of|leave out|rule out
    take out|throw out|kick out|weed out|screen out|bored of|bored with|do without|i refuse|
    had enough of|no more|not fond of|not keen on|not into|not crazy about|not interested in|not so keen on|free of
    free from|get rid of|filter out|anything except|different from|cant stand|can not stand
    away from|no longer|against|opposed to|done with
    under no circumstances|under no circumstance|on no account|by no means|in no case|auf keinen fall
    auf gar keinen fall|en aucun cas|en ningun caso|in nessun caso|bajo ningun concepto
    gone off|went off|im so over|am so over|are so over|gave up on|given up on|gave up|given up|giving up|cutting out
    staying off|stay off|laying off|anything bar|everything bar|all bar|anything save|anything save for
    everything save for|everything save|devoid of|put off by|turned off by|discard|bin the|dump the|get shot of
    react badly to|reacts badly to|reacted badly to|react to|reacts to|reacted to|reaction to|reactions to
    sensitive to|cant tolerate|can not tolerate|cannot tolerate|dont tolerate|doesnt tolerate|suffer from
    suffers from|cant digest|can not digest|cannot digest|last thing i want is|last thing we want is
    last thing i need is|last thing we need is|no soporto|no tolero|non sopporto|non tollero
    look awful in|look terrible in|look bad in|look horrible in|looks awful in|keine lust auf|nichts von
    allergisch gegen|pas de|pas d|rien de|allergique a|allergique au
    dont trust|do not trust|never again|bad experience with|bad experiences with|disappointed by|disappointed with
    had it with|non di|non da|non voglio|non mi piace|non in|invece di
    che non sia|che non siano|che non abbia|non sia|non siano|no sea|no sean|que ne soit pas|ne soit pas
    que no sea|que no sean|que no sea de|que no sean de
    plutot que|en vez de|nada de|alergico a|alergica a|cualquiera menos
""")
HARMLESS_NOT = _lines("""
    non en fait|ah non|ah no|anzi no|no anzi|no mejor dicho|no en realidad|nein doch|nein eigentlich|nein warte
    no wait|no actually|no hold on|no no|no sorry|oh no|non stick|non slip|non toxic|non alcoholic|non iron|non skid
    non fiction|non stop|non profit|non electric|non greasy|non comedogenic|non drip|non woven|non gmo|non smoker
    no problem|no problems|no worries|no rush|no hurry|no idea|no thanks|no thank you|no need|no matter|no doubt
    not sure
    not certain|im not sure|not really sure|why not|why dont you|why dont we|not only|not just|not bad|not necessarily
    not important|not a problem|not an issue|not an problem|no issue|not now|not yet|not at all|not much|no way
    dont know|i have no|we have no|still have no|still dont have|i dont have a|we dont have a|i dont have any
    we dont have any
    dont worry|dont mind|dont care|do not care|do not mind|doesnt matter|does not matter|dont think|not too|not so
    not very
    not that expensive|not overly|not super|not particularly|no preference|no preferences|no particular preference
    dont have to|do not have to|doesnt have to|does not have to|doesnt need to|no longer than|no later than
    nothing fancy|nothing special|nothing too|nothing specific|nothing in particular|not a big deal|if not|or not
    no big deal
    do not know|can not decide|cant decide|cant find|can not find|havent found|cant wait|couldnt find|could not find
    cant choose|cannot find|cannot decide|dont remember|dont understand|didnt ask|dont forget|do not forget
    kein problem
    nicht so|nicht zu|pas de probleme|pas mal|no importa|no pasa nada|dont you|wont you|doesnt it|isnt it|arent they
    isnt there|dont they|didnt you|cant you|couldnt you|wouldnt it|are not you|no sorry|not required|not needed
    i dont have|we dont have|you dont have|you do not have|i do not have|dont you have|dont you sell|dont you carry
    not a cent more|not a cent over|not a penny more|not a penny over|not one cent more|not a euro more
    not a dollar more
    sub zero|below zero|under zero|above zero|zero waste|zero gravity|zero turn|zero drop|zero emission|zero degrees
    zero degree
    no one|not working|not in stock|not available|not satisfied|im not happy|not happy|not happy with
    not interested yet
""")
NEED_NOT = _lines("""
    no need to stay|neednt stay|dont have to stay|do not have to stay|dont need to stay|dont stick to|not limited to
    not tied to|not fixed on|not set on|not bound to|no need to stick to
    no need to be|no need to have
    not needed|unnecessary|optional
    not so important that it is|not that important that it is|not important that it is|not very important that it is
    not so important that it|not that important that it|not important that it|not very important that it
    not so important whether it|not that important whether it|not so important if it|not that important if it
    dont need|do not need|doesnt need|does not need|no need for|dont need it to be|neednt be|need not be
    doesnt have to be
    does not have to be|not necessarily|not required|not a must|dont insist on|dont care about|do not care about
    dont care if|dont mind|do not mind|doesnt matter|dont mind about|not picky about|not fussy about|brauche keine
    brauche kein|pas besoin de|no necesito|no hace falta
""")
NOT_FILL = _words("""
    a an the any anything something from by of in with made is are be it its that those these this to too really
    want wants
    wanted like likes need buy buying get see seeing show showing me i id we you us have having has include includes
    wear wearing smell smells smelling taste tastes tasting
    come comes contain contains containing look looking interested please more give items item products product
    stuff things thing ones one
    brand brands color colors colour colours type kind sort style size sizes made make recommend suggest eat eating
    use using
    anyone em if at all for made out such even again ever also just do does did would could can will should am
    so much use especially certainly definitely absolutely
    von aus in der die das den dem ein eine einen mit de du des la le les l d en con un una el los las que marque
    il lo gli di da dei del della dello delle uno
    boring ugly horrible awful hideous nasty stupid silly damn bloody dreadful terrible gaudy garish drab dull
    marca marke
    couleur farbe material fabric materials sea sean es son este sia siano real genuine actual authentic echt echtes
    echtem echter vrai vraie autentico autentica vero vera
""")
ENDS_SCOPE = _words("""
    but under below over above please thanks thank because since so which who where when while although though then
    instead just only except rather prefer preferably ideally max maximum want need looking between around about
    sondern aber mais pero sino grz thx xfa svp pls plz imo tbh lol bc cuz tho asap imho btw
""")
LIST_JOIN = _words("or and plus nor , / & oder und ou et ni o y noch either")
HEDGES_BEFORE = _lines("""
    best in|ideal would be|drawn to|im drawn to|i fancy|tend towards|tending towards|
    a bit of|a touch of|a hint of|hints of|touches of
    prefer|preferably|prefers|preferred|id prefer|i would prefer|preference for|ideally|maybe|perhaps|possibly
    hopefully
    if possible|would be nice if|it would be nice|would be great if|nice to have|bonus if|bonus points for
    bonus points if|leaning towards|leaning toward|kind of|sort of|somewhat|more or less|i like|i love|we like
    she likes|he likes|they like|she loves|he loves|loves|likes|favourite color is|favorite color is|fond of|fan of
    partial to
    if you have it in|if you can|probably|such as|for example|eg|lieber|am liebsten|vorzugsweise|gerne|vielleicht
    wenn moglich|bevorzugt|am besten|de preference|si possible|idealement|plutot|peut etre|preferiblemente
    si es posible
    preferibilmente|meglio|meglio in|mejor|mejor en|se possibile|magari
    idealmente|a ser posible|quizas|tal vez|prefiero|ojala|je prefere|ich bevorzuge
""")
HEDGES_AFTER = _lines("""
    perhaps|i think|i guess|i suppose|would be cool|would be my first choice|would be nicer|
    if possible|would be nice|would be great|would be good|would be ideal|would be perfect|would be best
    would be lovely
    would be a plus|would be a bonus|is a plus|is a bonus|preferred|preferably|ideally|ish|or something|or similar
    or something like that|or so|if you have it|if you can|if available|if there is one|if any|is preferred|is ideal
    would be preferable|is preferable|would be fine|would work|is nice|is my favorite|is my favourite|at best|a plus
    would be nicest|would be better|is better|se possibile|wenn moglich|ware schon|ware gut|si possible
    de preference|serait bien|si es posible|a ser posible|seria ideal
""")
REFUSED_AFTER = _lines("""
    let me down|lets me down|has let me down|have let me down|let us down|has let us down|have let us down
    excluded|are excluded|puts me off|put me off|turns me off|turn me off|are all a no|are all out|are both out
    are both a no|is the last color|is the last colour|is the last brand|is the last thing|are the last thing
    would be the last
    looks awful|look awful|looks horrible|look horrible|look ugly|looks ugly|isnt me|is not me|arent me
    isnt really me|isnt my colour|isnt my color|isnt my style|is not my style|isnt my taste
    isnt my favorite|isnt my favourite|doesnt suit him|doesnt suit her|doesnt suit us|doesnt work for me
    is not enough|isnt enough|are not enough|arent enough
    not|is not ok|is not okay|is not fine|is not good|isnt ok|isnt okay|isnt fine|isnt good|is not for me|isnt for me
    are not for me
    is out|are out|is out of the question|is a no go|is a no no|is a no|is a nogo|are a no go|are a no|wont work
    wont do
    doesnt work|does not work|will not work|will not do|is not an option|isnt an option|are not an option
    arent an option
    is not allowed|isnt allowed|is not acceptable|isnt acceptable|is unacceptable|looks bad|look bad|looks terrible
    is ugly
    is a dealbreaker|is a deal breaker|not ok|not okay|isnt|arent|is not|are not|doesnt suit me|does not suit me
    makes me itch|makes me itchy|itches|itch|is itchy|is scratchy|scratches|gives me a rash|makes me sneeze
    irritates my skin|has to go|is banned|are banned|is off the table|is off the list|isnt my thing|is not my thing
    are not my thing|arent my thing|is awful|are awful|allergy|allergies|intolerance|intolerant|is forbidden
    geht nicht|geht gar nicht|kommt nicht in frage|nicht|ne me va pas|no me gusta|no me vale|is too much|is excluded
""")
FINE = _lines("""
    is fine|is ok|is okay|are fine|are ok|are okay|is good|is alright|is all right|works|works too|is fine too
    is ok too
    is okay too|is acceptable|is fine after all|is ok after all|is okay after all|would be fine|would be ok
    would be okay
    are fine too|are okay too|are ok too|is allowed|is welcome|ist ok|ist in ordnung|geht auch|me convient|esta bien
    vale
    after all|fine too|ok too|okay too|fine by me|ok by me|okay by me|fine as well|ok as well|are welcome|are allowed
    is fine now|is ok now|is okay now|is good too|is fine with me|is ok with me|is okay with me|would be okay too
    ist auch ok|ist doch ok|va aussi|tambien vale|va bene|va bene anche|is fine as well|is ok as well|is okay as well
    can stay|is also fine|is also ok|is also okay|est ok|est bien|est bon|est acceptable|e ok|esta ok|es ok|passt
    passt auch|ist gut|ist okay|ist auch okay|est ok aussi
""")
FINE_BEFORE = _lines(
    "include|allow|bring back|add back|put back|nothing against|no objection to|dont object to|"
    "fine with|ok with|okay with|happy with|i dont mind|dont mind|do not mind|good with|open to|i can live with"
)
VAGUE = _words("""
    new good nice best great cool warm light soft big small large long short wide heavy hot cold old young easy
    fresh simple
    basic modern classic cheap quality fine pretty clean high low top natural fun cute strong safe fast slow full
    fashionable comfortable comfy stylish elegant casual durable beautiful lovely special popular favorite perfect
    right
    regular normal standard plain everyday general other any all none various multiple mixed yes no true false
    unknown na n
    assorted unisex adult adults mild indoor outdoor outdoors summer winter spring autumn fall day night home work
    gift gifts
    set pack pair item items product products thing brand color size material single double one two three available
    sale
    people person free value deal price use type kind style made like more less look show want need included single
    solid tall slim thin thick deep bright dark round square flat sharp smart real original premium luxury
""")
COMMON_BRAND_WORDS = _words("""
    legend god bravo gap next guess target north boss coach fossil diesel champion apple shell orange dove tide always
    puma jaguar summit peak trail river ridge stone rock star sun moon sky ocean wave wind fire ice snow rain storm
    hope joy
    love pure true real good best first one zero prime plus max mini alpine nordic polar arctic
    royal king queen prince lion tiger bear wolf fox eagle hawk falcon raven bee bull horse crown shield arrow
    anchor compass
    native common everyday simple basic basics essential essentials classic modern urban nomad explorer ranger scout
    pilot
    captain hunter fisher archer smith baker mason potter cook miller taylor victory triumph quest venture journey
    voyage
    freedom liberty union patriot giant hero ultra super mega alpha beta delta omega sigma echo pulse spark bolt
    flash beam
    glow shine bloom blossom garden forest meadow field hill valley harbor harbour cloud bliss calm zen focus vision
    insight
    method theory logic origin source core edge pro elite select choice value smart clever bright clear fresh
    natural nature
    organic green earth planet world global home house cottage kitchen table oak pine cedar maple birch willow rose
    lily
    daisy ivy olive sage mint honey sugar spice salt pepper butter cream milk coffee tea cocoa vanilla ginger lemon
    lime
    peach cherry berry plum fig mango hello happy lucky magic mystic dream wonder story fable myth off supreme reef
    vans
    converse crocs columbia patagonia canon sharp brother acer kind innocent bounty galaxy mars dash vanish comfort
    surf
    gain bold cheer joy dawn axe degree secret burt sensation caress pilot bic sharpie target metro monster rebel
""")
FUNCTION_BRAND_WORDS = _words(
    "next off always kind best first one good real true on go all so it plus max more now other any no yes hello happy "
    "guess"
)
GARMENTS = _words("""
    shirt tshirt tee top tank blouse hoodie sweatshirt sweater jumper pullover cardigan jacket coat parka vest
    fleece pants pant
    trousers jeans shorts short leggings tights skirt dress tunic bra underwear brief boxer sock shoe sneaker boot
    sandal
    glove hat cap beanie suit pajamas robe swimsuit bikini capri jogger sweatpants windbreaker raincoat polo
    camisole slipper trainer
""")
TOO_DEAR = _lines("""
    too expensive|too pricey|too dear|too much money|too costly|out of my budget|over my budget|over budget
    cant afford
    above my budget|zu teuer|trop cher|trop chere|trop chers|demasiado caro|muy caro|demasiado cara
""")
FINE_IF = _lines("""
    fine if|ok if|okay if|alright if|all right if|no problem if|dont mind if|do not mind if|not a problem if
    even if|doesnt matter if|does not matter if|dont care if|whether or not|in ordnung wenn|egal ob|meme si|aunque
""")
"""What follows may be so: no wish, and no refusal."""
ORDERED = _lines("""
    cheapest|the cheapest|lowest priced|lowest price|lowest prices|most affordable|least expensive
    most expensive|priciest
    sorted by price|sort by price|sort them by price|order by price|ordered by price|sorted by rating|sort by rating
    sorted by|sort by|price low to high|low to high|high to low|cheapest first|ascending|descending
    gunstigste|gunstigsten|billigste|billigsten|nach preis sortiert|le moins cher|la moins chere|triees par prix
    half price|half the price|half off|on sale|discounted
""")
"""Wishes for an order or a rebate, which no filter can grant."""
TOO_CHEAP = _lines("too cheap|zu billig|demasiado barato")
CHEAPER = _lines("""
    cheaper|less expensive|more affordable|less pricey|lower price|lower priced|lower in price|more budget friendly
    inexpensive ones|costs less|cost less|costing less|for less|lower cost|gunstiger|gunstigere|billiger|billigere
    preiswerter|moins cher|moins chere|moins chers|mas barato|mas barata|mas baratos|mas economico
""")
DEARER = _lines("more expensive|pricier|higher priced|more costly|more pricey|teurer|plus cher|mas caro|mas cara")
FINER = _lines("""
    better quality|higher quality|higher end|more premium|more upscale|more upmarket|more luxurious|better one|fancier
    bessere qualitat|meilleure qualite|mejor calidad
""")
IN_BETWEEN = _lines(
    "something in between|in between|somewhere in between|in the middle|something between|between the two|"
    "etwas dazwischen|entre les deux"
)
WELL_RATED = _lines("""
    well reviewed|highly rated|highly reviewed|good reviews|great reviews|best reviews|positive reviews|good ratings
    good rating|high rating|high ratings|top rated|best rated|well rated|best reviewed|gut bewertet|gute bewertungen
    bien note|bien notes|bonnes critiques|bien valorado|buenas resenas|excellent reviews|top reviews|five star reviews
""")
PARTED = {
    "leave": frozenset({"out", "off", "aside"}),
    "rule": frozenset({"out"}),
    "filter": frozenset({"out"}),
    "keep": frozenset({"out", "away", "off"}),
    "cut": frozenset({"out"}),
    "lass": frozenset({"weg"}),
    "swap": frozenset({"for", "with"}),
    "trade": frozenset({"for"}),
    "switch": frozenset({"for", "with"}),
    "take": frozenset({"out", "away"}),
    "throw": frozenset({"out"}),
    "kick": frozenset({"out"}),
    "replace": frozenset({"with", "by"}),
    "exchange": frozenset({"for"}),
}
"""Verbs of refusal in two halves."""
