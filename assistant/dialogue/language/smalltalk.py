"""Words that carry no wish: stop words, units after numbers, and the phrases that tell what a message is for. Data."""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.replace("|", "\n").split("\n") if line.strip())


STOP = frozenset(
    """
    a an the this that these those it its he she him her his hers they them their theirs i im me my mine myself we
    us our ours you
    your yours u ur id ill ive youre were theyre thats there here s t d ll ve re
    and or but nor if then than so as of at by for from in into on onto to with within without about over under up
    down off
    out per via vs is am are was were be been being do does did doing done have has had having can could may might
    must
    shall should will would wanna gonna gotta lets let want wants wanted need needs needed require requires look
    looking looks
    looked find finding search searching show shows showing see seeing get gets getting got give gives buy buying
    bought
    purchase purchasing order ordering shop shopping pick choose chose select recommend recommends recommended
    recommendation
    recommendations suggest suggests suggestion suggestions offer offers offering sell sells selling carry stock
    please pls plz thanks thank thx hello hi hey hiya good morning afternoon evening ok okay yes yeah yep sure no
    not nope
    well oh hmm um uh so just only also too very really quite pretty rather much many more most some any all both
    each every
    few lot lots bit little other others another else something anything nothing everything someone anyone somebody
    one ones thing things stuff item items product products option options choice choices kind kinds type types sort
    sorts
    what which who whom whose when where why how whats wheres hows
    like likes liked love loves interested able try trying help helps tell know think thinking hope going go come
    comes
    make makes made take takes put use used using now today still already again ever never maybe perhaps actually
    basically
    instead different similar same new price prices priced budget cost costs costing dollar dollars euro euros bucks
    money
    color colors colour colours size sizes sized brand brands available availability collection
    first second third last next previous cannot cant dont doesnt didnt wont isnt arent wasnt couldnt wouldnt
    shouldnt havent
    preferably prefer prefers preferred ideally possible possibly mind care way matter matters
    must-have ensure sure include includes including contain contains comes coming such etc eg ie around approximately
    great nice cool perfect fine right awesome alright least most besides however though although because since
    while whether
    provided market yea yup nah said fact kindly sorry dear guys okay ones everything else until unless yet
    ich du er sie es wir ihr mir mich dir uns ein eine einen einem einer eines der die das den dem des und oder aber
    nicht kein
    keine keinen mit fuer von aus auf im am zu zum zur bei ist sind war habe haben hatte hattest gern suche suchen
    brauche mochte
    will zeig zeige
    bitte gibt gib etwas was welche welcher welches habt ihr auch noch nur sehr danke hallo guten tag als wie unter
    uber bis ohne
    je tu il elle nous vous ils elles un une le la les l d de des du et ou mais pas ne avec pour dans sur en sans
    cherche veux voudrais
    montre montrez moi svp merci bonjour est sont ai avez plus moins que qui quel quelle quels quelles ce cette ces
    j qu n c m
    yo el ella nosotros usted uno una unos unas los las lo y o pero con para por sin busco quiero quisiera necesito
    cerco vorrei voglio mi serve avete per favore grazie del della dei delle il lo gli di da con
    muestrame ensename plait beaucoup favor gracias hola es son tiene tienen hay algo mas menos que cual cuales este
    esta estos estas al del
    mi
    """.split()
)

UNITS = frozenset(
    """
    inch inches in cm mm m meter meters metre metres km kilometer kilometers mile miles ft foot feet yard yards " '
    pound pounds gig gigs
    kg g gr gram grams gramm kilo kilos kilogram kilograms mg oz ounce ounces lb lbs ton tons stone
    ml l cl dl liter liters litre litres fl gallon gallons quart quarts pint pints cup cups
    gb tb mb kb mp megapixel megapixels ghz mhz hz fps dpi bit bits core cores mah wh kwh w watt watts v volt volts
    a amp amps
    lumen lumens lm db nm hp bhp bar psi rpm btu ohm ohms kelvin gsm nit nits lux va kva khz mbps gbps kbps grit cc
    micron microns joule joules ppm carat carats karat ma mv kv kpa mmhg decibel decibels newton newtons rads
    % percent degree degrees \u00b0 c f kcal calorie calories
    year years yr yrs month months week weeks day days hour hours hr hrs h minute minutes min mins second seconds sec
    people person persons persona adults guests players seats seater seaters user users
    pack packs pk count ct pcs pc piece pieces pair pairs set sets box boxes bag bags bottle bottles can cans
    star stars sterne stern etoile etoiles estrella estrellas item items option options page pages pocket pockets
    drawer drawers door doors shelf shelves tier tiers layer layers ply slot slots port ports speed speeds gear gears
    button buttons wheel wheels row rows sheet sheets led leds bulb bulbs light lights cell cells section sections
    floor floors bedroom bedrooms jahr jahre tage personen ans personnes jours anos dias personas
    calories grams x review reviews rating ratings time times percent gauge thread threads tog denier spf
    point points size sizes
    """.split()
) | frozenset("\u201d\u2033\u2032\u00d7")
"""What stands after a number that is no price."""

NOT_MONEY_BEFORE = frozenset(
    """
    size sizes age ages aged top first last model version gen generation no nr number # room channel call phone tel
    iphone galaxy pixel playstation ps xbox windows series volume vol part chapter level step page weighs weigh
    weighing
    weight height width length depth grade class category rated rating spf year born since order ordered id zip code
    """.split()
)

STARS = frozenset("star stars sterne sternen stern stelle stella etoile etoiles estrella estrellas stars/5".split())

POLICY_WORDS = frozenset(
    """
    delivery deliver delivers delivered deliveries shipping ship ships shipped shipment dispatch courier postage
    return returns returned returning returnable refund refunds refunded exchange exchanges exchanged warranty
    warranties guarantee guaranteed
    payment payments pay paypal invoice installment installments klarna giftwrap
    customs opening contact tracking cancel cancellation voucher coupon newsletter refundable
    lieferung versand liefern lieferzeit ruckgabe umtausch garantie zahlung bezahlen livraison livrer retour retours
    remboursement garantie paiement payer envio envios entrega devolucion devoluciones devolver reembolso garantia
    pago pagar zuruckgeben zuruckschicken rendre rembourser rimborso spedizione reso resi
    policy policies privacy complaint complaints
    """.split()
)
POLICY_PHRASES = _lines("""
    gift wrap|gift wrapping|gift wrapped|wrap it|credit card|credit cards|debit card|apple pay|google pay
    opening hours|store hours|customer service
    mein paket|meine bestellung|mon colis|ma commande|mi paquete|mi pedido|il mio pacco|il mio ordine
    my order|order status|where is my|track my|price match|discount code|promo code|send it back|send back
    bring it back
    give it back|change my mind|pick up in store|pickup in store|collect in store|click and collect|in installments
    buy now pay later|get my money back|money back|can it be repaired|repair service|do you repair|repairs
    loyalty program|child labour|child labor|forced labour|forced labor|working conditions|fair wages|fair trade policy
    the manufacturer|your suppliers|your company|the factory|your factory|ethically made|ethically produced
    gift card|gift cards|gift receipt|store credit|express delivery|how long does it take to|ship to|deliver to
    ship it
    what if it breaks|if it breaks|if it doesnt fit|if it does not fit|if they dont fit|doesnt fit|my data
    when will it arrive
    when does it arrive|how soon can i|wrap gifts|wrap presents|wrap it up|gift wrapped|my parcel|my package
    send something back|how long until|when are you open|when do you open|when do you close|student discount
    delete my account|my account|talk to somebody|speak to somebody|a discount code|any discounts|do you do discounts
    shop i can visit|store i can visit|visit your shop|visit your store|visit the shop|physical store|physical shop
    change my address|change the address|change my delivery address|reach a human|speak to a human|talk to a human
    speak to a person|talk to a person|talk to someone|speak to someone|reach you|call you|phone number|human agent
    arrived damaged|arrived broken|als geschenk verpacken|geschenkverpackung|sales tax
""")
WHOEVER = _lines("""
    dont care who makes it|dont mind who makes it|no matter who makes it|doesnt matter who makes it|can be from anyone
    may be from anyone|from anyone|from whoever|whoever makes it|whoever made it|by whomever
""")
"""What gives up a brand without naming one."""
WHATEVER_STUFF = _lines("""
    dont mind what its made of|dont care what its made of|no matter what its made of|doesnt matter what its made of
    dont mind what it is made of|dont care what it is made of|whatever its made of|dont mind what it made of
    dont care what it made of|no matter what it made of|doesnt matter what it made of|whatever it made of
""")
"""What gives up a material; `it's` is read as `it`."""
COMPLAINTS = _lines("""
    arrived broken|arrived damaged|came broken|came damaged|never arrived|hasnt arrived|has not arrived|didnt arrive
    wrong item|parts are missing|want to return|like to return|send back my|return my|kaputt angekommen|arrive casse
    llego roto
""")
"""What is said of a thing bought here before, whatever else is named."""
GREETINGS = _lines("""
    hi|hello|hey|hiya|howdy|greetings|good morning|good afternoon|good evening|good day|hi there|hello there|hey there
    hallo|guten tag|guten morgen|moin|servus|bonjour|bonsoir|salut|hola|ciao|buongiorno|buonasera|buenos dias
    buenas|buenas tardes|yo|whats up
    what up|anyone there|anybody there|is anyone there|is anybody there|are you there|how are you|how are you doing
    how are you today|how do you do|nice to meet you|hows it going
""")
THANKS = _lines("""
    thanks|thank you|thank you so much|thanks a lot|thx|cheers|much appreciated|many thanks|great|perfect|awesome
    cool|nice
    ok|okay|wonderful|excellent|lovely|bye|goodbye|see you|good night|danke|vielen dank|danke schon|tschuss|merci
    au revoir
    gracias|muchas gracias|adios|grazie|grazie mille|mille grazie|arrivederci|brilliant|super|thank u|got it
    sounds good|very much|so much|ty|for your help
    for the help|very good
    ta|alright|have a nice day|have a good day|good job|well done|that was helpful|that was very helpful|very helpful
    thats helpful|that helps|that helped|youve been helpful|merci beaucoup|das reicht|das wars|thats all|that is all
    thats everything|thatll be all|thats it|cest tout|eso es todo|e tutto
""")
MORE = _lines("""
    got more|have more|got any more|something else|anything else|a different one|different one|show me more|show more
    more options|other options
    more like|others|other ones|more of these
    what else|more suggestions|other suggestions|more recommendations|other recommendations|more choices|other choices
    different ones|next page|more results|more please|a few more|some more|similar to|similar ones|similar items
    similar products
    show me others|another one|another option|alternatives|alternative|another batch|change it|change them|see more
    next ones|keep going|dont like them|do not like them|dont like these|dont like any|dont like those|none of these
    none of those
    none of them|not those|not these|something different|something similar|any others|more similar|other products
    other items|new ones
    mehr davon|andere|etwas anderes|weitere|zeig mir mehr|autre chose|dautres|d autres|plus doptions|otra cosa
    altri|altre|altro|ne avete altri|mostrami altri|qualcosaltro|otros
    otras|mas opciones
    more like this|more like that|more like it|like this one|like that one|not satisfied|more of them|make a change
    not quite right
    next please|next one please|show the next|the next ones|more please
    can i see others|any other|more of those|any more of|some more of|ensename mas|ensename otras|dont want those
    dont really like these|dont really like them
""")
COMPARE = _lines("""
    compare|comparison|difference between|differences between|differ|difference|differences|versus|vs
    which is better|which one is better
    which is best|which one is best|which one should|which should i|which would you|which one would you
    which do you recommend
    what is the better|better choice|side by side|vergleich|vergleiche|unterschied|welche ist besser|comparer
    compare les|difference entre
    comparar|diferencia entre|cual es mejor|pros and cons|how do they compare|how does it compare|which is the better
    next to each other|best value|better value|which of them is|which of these is|which of these lasts
    which of them lasts|which of those is|which lasts
    which one lasts|which of these would|which of them would|which of the two|which one is cheaper|which is cheaper
    which is lighter
    which is warmer|which is heavier|which is bigger|which is smaller|which is faster|which is stronger|which is nicer
    torn between|cant decide between|can not decide between|better than
""")
OUT_OF_SCOPE = _lines("""
    who are you|what are you|are you human|are you a robot|are you a bot|are you real|weather|tell me a joke|a joke
    poem|president
    politics|election|capital of|system prompt|your instructions|previous instructions|all instructions|your prompt
    write code
    python code|translate|homework|essay|horoscope|lottery|stock market|news today|what time is it|meaning of life
    sing|im bored|do you have feelings|do you love me
    write me|write a story|who won|government|prime minister|how old are you|your name|football score|recipe for
    medical advice|legal advice|bomb|hack|password
""")
FRESH_START = _lines("""
    start over|start again|start from scratch|from scratch|new search|something completely different
    something entirely different
    something totally different|forget everything|forget all that|forget all of that|forget it all
    forget about all that|clear everything
    clear all|remove all filters|clear all filters|clear filters|clear the filters|reset|reset everything
    reset filters|drop all filters
    remove all the filters|remove everything|forget what i said|scratch that all|ignore everything i said
    lets start fresh|start fresh
    von vorne|neu anfangen|alles vergessen|recommencer|repartir de zero|oublie tout|empezar de nuevo|olvida todo
    begin again|new topic|scrap everything|scrap everything i said|scrap all that|scrap all of that|scrap it all
    ignore all that|ricominciamo|ricomincia|da capo
    drop all of that|drop all that|ignore all of that|never mind all that|nevermind all that|cancel all that
    no filters|without filters|without any filters|drop everything
""")
RELEASE_BEFORE = _lines("""
    no need to stick to|dont stick to|do not stick to|need to stick to|neednt stick to|not limited to|not tied to
    not fixed on|not set on|not bound to|what i said about|not talk about|wrong about
    forget|forget about|ignore|remove|drop|never mind|nevermind|disregard|skip|lift|cancel|clear|delete|take away
    take off|get rid of|taking back
    dont worry about|do not worry about|dont care about|dont care what|dont care which|do not care about|dont mind
    do not mind|dont mind about|no matter
    any|whatever|whichever|regardless of|no particular|no specific|no preference on|no preference for|no preferred
    no fixed|no set|without a|flexible on
    flexible about|flexible with|not picky about|not fussy about|open to any|doesnt matter what|doesnt matter which
    all|dont have a|no
    unlimited|scrap|scratch|lose|relax|vergiss|ohne|egal welche|egal welches|jede|oublie|oubliez|peu importe
    nimporte quelle|nimporte quel
    toutes les|olvida|cualquier|sin importar|no importa|okay with any|ok with any|fine with any
    forget what i said about|ignore what i said about|scratch what i said about|take back|i take back|undo|without the
    without any|dont bother about|not worry about|lets not worry about|no longer need|surprise me with|every|each
    leave out|leave aside|take back|turn off|switch off|independent of|dont bother with|do not bother with
    no longer on|without|reset|changed my mind about|change my mind about|who cares about|dont look at|dont restrict
    do not restrict|dont limit
    do not limit|without looking at|dont filter by|do not filter by|stop filtering by|doesnt have to have
    i no longer care about|no longer care about
    not interested in|not so interested in|not that interested in
    unconcerned about|no limit on|no limit for|no upper limit on|no upper limit for|dimentica|qualsiasi
""")
RELEASE_AFTER = _lines("""
    is not the issue|isnt the issue|is less important|isnt what matters|is not what matters|doesnt play a role
    plays no role|play no role|isnt that strict|is not that strict|was only an example|was just an example
    no longer applies|no longer apply|doesnt apply|does not apply|dont apply|i said doesnt matter|was just a guess
    was only a guess|was only a rough idea|was a rough idea|was a guess
    is not a hard limit|isnt a hard limit|isnt fixed|is not fixed|isnt set in stone|is not set in stone|is negotiable
    is gone|are gone|was just an idea|was only an idea|was a suggestion|was just a suggestion|isnt strict|is not strict
    no longer relevant|is no longer relevant|can be different|may be different|could be different|may be higher
    could be higher|are not important|arent important|are irrelevant|are not relevant|isnt relevant any more
    doesnt matter|does not matter|dont matter|do not matter|is not important|isnt important|not important
    is not an issue|isnt an issue
    is no issue|is no object|no object|is not a concern|isnt a concern|is irrelevant|is flexible|is open
    can be anything|can vary
    is not a problem|isnt a problem|is unlimited|is up to you|spielt keine rolle|ist egal|egal|nest pas important
    nimporte pas|no importa
    da igual
    no longer matters|no longer matter|whatever|is whatever|can be ignored|can be dropped|can be higher|can go higher
    is no concern|is not relevant|is no problem|not a concern|not an issue|is secondary|not a factor|is not a factor
    isnt a factor|isnt necessary|is not necessary|not necessary|isnt needed|is not needed|isnt required|is not required
    isnt a must|is not a must|not a must|is optional|isnt essential|is not essential|isnt relevant|isnt that important
    is not that important|muss nicht sein|ist nicht so wichtig|ist nicht wichtig|nest plus important|ya no importa
    non importa|non conta|nao importa|n a pas d importance|na pas dimportance|is not so important
    isnt so important
""")
RELEASE_FIELDS = {
    "price": "budget price cost limit limits prices money spending costs maximum minimum ceiling floor cap preis prix "
    "precio presupuesto kosten prezzo",
    "brand": "brand brands maker makers make manufacturer manufacturers label labels marke marken marque marques marca "
    "marcas",
    "color": "color colors colour colours shade farbe farben couleur couleurs colores colore colori",
    "size": "size sizes fit grosse grossen taille tailles talla tallas taglia taglie misura",
    "rating": "rating ratings stars reviews review bewertung bewertungen",
    "category": "category department section kategorie",
    "material": "material materials fabric materiale materiali materiaux materiales matiere matieres tessuto",
    "kind": "kind type style",
    "gender": "gender",
}
"""A field -> the nouns that name it when a wish is taken back."""
MORE_MONEY = _lines("""
    can go higher than that|could go higher than that|can go above that|can go beyond that|can go higher now
    if it costs more|i dont have a limit|could go over that|can go over that|over budget is fine|over budget is ok
    bit more is fine|bit more is ok|can stretch further|wouldnt mind paying more|would not mind paying more
    matters more than price|quality over price|more is ok|more is fine
    not on a budget|no longer on a budget|sky is the limit|sky the limit|go as high as you like|as expensive as you like
    dont mind how much it costs|doesnt matter what they cost|doesnt matter what it costs|no matter what it costs
    whatever it costs|whatever they cost|doesnt matter how much it costs|dont care what it costs|money doesnt matter
    price isnt everything|price is not everything|open ended budget|flexible budget
    no more budget|raise the limit completely
    i can afford more|we can afford more|i got more money|i have more money|found more money|spend what you like
    spend what you want|doesnt have to be cheap|doesnt have to be that cheap|doesnt need to be cheap|neednt be cheap
    doesnt need to be that cheap|forget how much|forget about how much|no matter how much|dont care how much
    dont care what it costs|open budget|all price ranges|any price range
    whatever it takes|spend whatever|may cost more|can cost more|could cost more|might cost more|i can spend more
    i could spend more|i can pay more
    we can spend more|can be more expensive|may be more expensive|could be more expensive|can be pricier
    may be pricier|happy to pay more|willing to pay more|ready to pay more|ok to pay more|dont mind paying more
    dont mind spending more|darf auch mehr kosten|darf mehr kosten|kann mehr kosten|darf teurer sein
    kann teurer sein|egal was es kostet|egal wie teuer|geld spielt keine rolle|quel que soit le prix
    cueste lo que cueste|whatever it costs|no matter the cost|no matter what it costs|no matter the price
    peut couter plus|peut etre plus cher|puede costar mas|puede ser mas caro|puo costare di piu
""")
"""What lifts an upper limit of price, unless a number follows."""
GIVING_UP = frozenset(
    """
    forget ignore remove drop disregard skip lift cancel clear delete lose relax scrap scratch swap never nevermind any
    whatever regardless flexible open other others different too also fine ok okay welcome alright matter matters mind
    care need neednt not no nor longer anymore important object issue problem concern unlimited limit back undo reset
    start over everything free doesnt dont isnt wouldnt without secondary irrelevant either works work
    egal keine nicht andere vergiss ohne auch importe pas autres sans oublie aussi importa otros sin olvida cualquier
    tambien non altri altre dimentica qualsiasi anche
    """.split()
)
"""Words of which one stands in whatever takes a wish back."""
TELLING = frozenset(
    """
    question excuse forget saw gave broke usually meant swap asap decent proper somewhere flashy ugly honest honestly
    moved planning agreed exist exists always helpful hm seeking named containing acquiring colored coloured flavored
    flavoured upwards wear wears worn otherwise whichever apart falling lol precisely exactly soon refuse bother nobody
    complain complains everywhere thought changed switch switched convinced seen left allergic experience enough
    browsing youve aisle mean says turns surprise gimme smth sake remember impossible told mentioned quality reviewed
    pay pays region torn willing haha hehe direct wishes spending company keep worth invest measure measures sold
    break breaks wrong
    higher fit fits stays
    itches boycott wish mentioned definitely certainly necessary necessarily somehow whatsoever literally honestly
    basically essentially afterwards lately recently currently
    """.split()
)
"""Words of telling why and how, which name nothing that is sold."""
NUDGE = _lines("it is fine|anything goes|anything works|anything is fine|anything is acceptable|surprise me")
GENERIC_NOUNS = frozenset(
    """
    suggestion suggestions idea ideas recommendation recommendations option options selection collection range deals
    deal one ones
    please thanks advice choice choices available online item items product products brand brands stuff things size
    sizes
    color colors colour colours gift gifts present presents model models style styles sale shopping wear tip tips
    instead
    again today now too though anyway etc guys everyone everybody person people friend
    """.split()
)
QUESTION_STARTS = frozenset(
    """
    is are does do can could has have will would was were what which how why when where who whats hows did should may
    """.split()
)


def is_question_start(norm: str, raw: str) -> bool:
    """Whether a sentence that begins with this word asks something; `we're`, which reads as `were`, does not."""
    return norm in QUESTION_STARTS and (norm != "were" or raw.isalpha())


SHOP_ASKS = _lines("""
    do you have|do you sell|do you carry|do you stock|have you got|do you offer|are there|is there|can you show
    could you show|can you find
    could you find|can you recommend|could you recommend|can you suggest|could you suggest|can i see|can i get
    could i get|can i have
    could i have|would you recommend|do you know|can you help|could you help|what do you have|what have you got
    what about|how about
    will you show|would you show|what do you recommend|what would you recommend|what can you recommend
    what do you suggest|can you give
    could you give|do you guys have|do you guys sell|where can i find|where can i buy|where can i get|any chance
    can you check|can we see|would you have
    is it possible|can you provide|could you provide|may i see|what kind of|what kinds of|what types of|what type of
    can you search|could you search
    habt ihr|haben sie|gibt es|avez vous|vous avez|tienen|tienes|hay|can you get|could you look|can you look
    do they have|got any|have any
""")
