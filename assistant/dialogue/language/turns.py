"""More turns of phrase for the cues of `lexicon`, in the same form: what people say who state a limit or a refusal in
a roundabout way. Data only."""

_COINS = ("cent", "penny", "dime", "euro", "dollar", "pound", "buck", "quid")
_ILL_LOOKING = (
    "dreadful ghastly washed out pale ill silly stupid ridiculous fat old sick hideous ugly dead tired frightful"
).replace("washed out", "washed_out")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.replace("|", "\n").split("\n") if line.strip())


def _not_a_cent_more() -> tuple[str, ...]:
    return tuple(
        f"{no} {coin} {more}"
        for no in ("not a", "not one", "not another", "no")
        for coin in _COINS
        for more in ("more", "over", "above", "extra", "higher")
    )


def _look_ill_in() -> tuple[str, ...]:
    return tuple(
        f"{verb} {how.replace('_', ' ')} in"
        for verb in ("look", "looks", "looked", "feel", "feels")
        for how in _ILL_LOOKING.split()
    )


MORE: dict[str, tuple[str, ...]] = {
    "below": _lines("""
        les than|les then|lees than|lesser than|lower then
        south of|short of|worse than|poorer than|less from|cheaper from|schlechter als|shy of|change from
        change out of|change back from|less expensive then|desotto di|al di sotto di
        unterhalb von|unterhalb|en deca de
        """),
    "above": _lines("""
        dearer than|spendier than|steeper than|mas alla de|au dela de|al di la di|plus loin que|north of|break|breaks
        breaking|surpass|surpasses|surpassing|cross|crossing|pasar de|pasa de|pase de
        sobrepasar|ubersteigt|ubersteigen|uberschreitet|in excess of|oberhalb von|oltrepassare
        """),
    "up_to": _lines("""
        up to and including|and including|as far as|up as far as|hoch auf|rauf auf|keeping to|keep to|nexcedant pas
        n excedant pas|excedant pas
        no superior a|no superiores a|non superiore a|non superiori a|pas superieur a|sin pasar de|sin superar
        not top|doesnt top|dont top|wont top|never top|mustnt top
        can cost|may cost|might cost|is allowed to cost|darf kosten|darf hochstens|top should be|top is|the top
        top end is|cap it too|cap it|cap at|cap this at|caps at|ceiling at|limit at|limit to|maximum is|max is
        maximum should be|tope|tope es|tope son|tope de|mi tope|mi limite es|mi limite|mi maximo|mi maximo es
        il mio limite e|tetto|il mio massimo e|ma limite est|ma limite|meine grenze|meine grenze ist
        meine grenze liegt bei|grenze ist|mein maximum|mein maximum ist|plafond|plafond de|plafonne a
        schluss bei|i can only do|can only do|only do|left with|im left with|scrape together|pull together
        arrivare a|posso arrivare a|llegar a|monter jusqua|without going past|without going over
        without going above|jusqu a|all i can scrape together is
        """),
    "from": _lines("""
        begin by|begins by|beginning by|starting by|beginning with|begin at|begins at|beginning at|start at|starts at
        start from|starts from|floor is|floor of|floor at
        floor|bottom limit is|lower limit is|lower limit of|mindestpreis|prix minimum|precio minimo
        prezzo minimo|als minimum|minimal|wenigstens|como poco|quanto meno|per lo meno
        """),
    "about": _lines("""
        ballpark|ballpark of|in the ballpark of|neighbourhood of|in the neighbourhood of|in the area of|round about
        somewhere near|hovering around|hovering about|give or take|in the vicinity of|arnd|abt|bout|arround|ronde
        ronden|ronda|rondando|rondar los|rondan los|sui|sugli|sulle|sur les|vers les
        a eso de|hacia los|so um die|so um|in etwa|plus ou moins|mas o menos|piu o meno|intorno a|intorno ai|attorno a
        """),
    "after_least": _lines("""
        para arriba|en adelante|hacia arriba|in avanti|a salire|y mas|e oltre|oder daruber|und daruber
        ou davantage|upward|and upward|or upward|and onward|or beyond that
        """),
    "after_most": (
        *_lines("""
        a ne pas franchir|a ne pas depasser|nicht uberschreiten|da non superare
        kein cent mehr|und kein cent mehr|keinen euro mehr|und keinen euro mehr|e neanche un euro di piu
            e nemmeno un euro di piu|et pas un sou de plus|pas un sou de plus|y ni un duro mas
        is where i draw the line|is where we draw the line|is where it ends|is where it stops|is as far as i go
        is as far as i can go|is as far as ill go|is plenty|is more than enough|is enough money|will have to do
        is what she gave me|is what he gave me|is what they gave me|is what i was given|is what i can spend
        is all she gave me|is all he gave me|is all i got|is all i was given|is all there is|is all weve got
        being the limit|being my limit|being the maximum|being the pain barrier|is the pain barrier
        is my pain barrier|is my pain threshold|is the pain threshold|at the outside|at the utmost
        at the absolute most|absolute limit|absolute max|absolute maximum|absolute ceiling|and thats it
        and thats that|and thats the end of it|and thats all|and thats my limit|and thats the limit
        apiece at most|altogether|all told|all in|not more|is the top|ist schluss|ist ende|ist mein limit
        ist das limit|ist meine grenze|ist die grenze|ist mein maximum|ist das maximum|und mehr nicht|mehr nicht
        mehr geht nicht|und keinen cent mehr|keinen cent mehr|und nicht mehr|cest ma limite|est ma limite
        c est ma limite|cest mon maximum|est mon maximum|et pas plus|pas plus|et pas un centime de plus
        pas un centime de plus|pas un euro de plus|et pas un euro de plus|es mi limite|es mi tope|es mi maximo
        es lo maximo|y no mas|y ni un centimo mas|ni un centimo mas|ni un euro mas|y ni un euro mas
        e il mio limite|e il massimo|e non di piu|e neanche un centesimo di piu|o por debajo
        neanche un centesimo di piu|nemmeno un centesimo di piu|e nemmeno un centesimo di piu
        neanche un euro di piu
        """),
        *_not_a_cent_more(),
        *(f"and {said}" for said in _not_a_cent_more()),
    ),
    "after_about": _lines("""
        roughly|approximately|approx|circa|environ|ungefahr|or something like that|or something like it
        or somewhere near|plus minus
        """),
    "not_phrase": (
        *_lines("""
        spare me|leave away|cant live with|can not live with|cannot live with|not allowed|arent allowed
        isnt allowed|barring|brand bar|brands bar|maker bar|make bar|any bar|color bar|colour bar|had my fill of
        had it up to here with|sick and tired of|enough of|nie wieder|nie mehr|genug von|nase voll von
        die schnauze voll von|finger weg von|marre de|ras le bol de|plus jamais de|plus jamais
        hors de question davoir|je deteste|je hais|harto de|harta de|hartos de|hartas de|cansado de|cansada de
        nunca mas|jamas|odio|ni hablar de|basta con|stufo di|stufa di|stanco di|stanca di|mai piu|odio il
        odio la|wave goodbye to|done with|through with|wouldnt be seen dead in|wouldnt be caught dead in
        dont want to see any|dont let it be|do not let it be|want nothing to do with
        """),
        *_look_ill_in(),
    ),
    "harmless": (
        *_not_a_cent_more(),
        *_lines("""
        kein cent mehr|keinen euro mehr|kein euro mehr|neanche un euro|nemmeno un euro|pas un sou de plus|ni un duro mas
        other than that|apart from that|aside from that|except for that|you really no|have you no
        have you got no|is there no|are there no|arent there any|habt ihr keine|habt ihr keinen|habt ihr kein
        gibt es keine|no hay|il ny a pas de|no other color than|no other colour than|no other brand than
        no other material than|no other size than|no other make than|no other maker than|no color other than
        no colour other than|no brand other than|no material other than|no size other than|nothing other than
        nothing else than|keine andere farbe als|keine andere marke als|keine andere als
        aucune autre couleur que|aucune autre marque que|ningun otro color que|ninguna otra marca que
        nessun altro colore che|nessunaltra marca che|nothing else|nothing to add|dont wish to|ni un centimo mas
        ni un euro mas|pas un centime de plus|pas un euro de plus|rien en dessous|keinen cent mehr
        neanche un centesimo|nemmeno un centesimo|non mi fido|taugt nichts|sotto non mi fido|not a must|no must
        """),
    ),
    "fine": _lines("""
        wouldnt be so bad|wouldnt be that bad|would not be so bad|isnt so bad|isnt that bad|is not so bad
        is not that bad|can be included|may be included|is back in|are back in
        """),
    "fine_before": _lines(
        "i take it back about|take it back about|i take back what i said about|changed my mind about"
    ),
    "elsewhere": _lines(
        """
        by somebody else|by someone else|from somebody else|from someone else|by another maker|by another brand
        from another brand|of another brand|from another maker|by a different brand|from a different brand
        from a different maker|some other brand|some other maker|another make|by other makers|from other makers
        dune autre marque|d une autre marque|une autre marque|de otra marca|otra marca|di unaltra marca
        unaltra marca|di un altra marca|von einer anderen marke|einer anderen marke|andere marke
        in another color|in another colour|in some other color|in some other colour|in a different color
        in a different colour|in einer anderen farbe|dune autre couleur|d une autre couleur|de otro color
        di un altro colore|in un altro colore
        """
    ),
    "indifferent": _lines("""
        nothing against|no objection to|no objections to|dont object to|do not object to|dont rule out
        do not rule out|not ruling out|dont exclude|do not exclude|not saying no to|not say no to
        wouldnt say no to|would not say no to|not against|not opposed to|not averse to|nichts gegen|rien contre
        nada contra|nada en contra de|niente contro|nulla contro|not that i dont like|not that i do not like
        not that i dislike|not that i hate|not that i mind|not allergic to|not that we dont like
        """),
    "need_not": _lines("""
        isnt off the table|is not off the table|isnt out of the question|is not out of the question
        isnt ruled out|isnt excluded|is not excluded|isnt a must|is no must|isnt a requirement
        is not a requirement|neednt|needs not be|hab ich nichts|habe ich nichts|haben wir nichts|isnt out
        is no problem
        """),
    "hedge_before": _lines("""
        would be nice if it had|would be great if it had|would be nice if it was|it would be nice if it had
        possibilmente|preferentemente|de preferencia|moglichst|am ehesten|happen to have one in
        happen to have it in|happen to have one by|happen to have one from|if you have one in
        if youve got one in|bonus points if its|wunschenswert|de preferencia en|a poder ser|si puede ser
        eventualmente|bestenfalls|im besten fall
        """),
    "hedge_after": _lines("""
        would be ok|would be okay|would be alright|would just be nice|would just be a bonus|would just be a plus
        would be the cherry on top|would be welcome|nice to have|is a nice to have|is nice to have
        only if youve got it|only if you have it|if youve got it|if you have one|if youve got one|if theres one
        but can live with others|but others are fine|but others will do|but im flexible|but not necessarily
        but im open|but its no must|but it isnt a must|but its not a must|se ce lhai|se ce lavete
        falls vorhanden|wenns geht|wenn es geht|si vous lavez|si lo teneis|si lo tienen
        """),
    "refused_after": _lines("""
        which i dont want|that i dont want|which we dont want|that we dont want|which i dont like
        that i dont like|which i hate|that i hate|which i cant stand|that i cant stand|which i do not want
        das ich nicht will|que no quiero|que je ne veux pas|che non voglio|dont work for me|do not work for me
        does not work for me|doesnt do it for me|do nothing for me|does nothing for me
        was the one im allergic to|is the one im allergic to|is what im allergic to|was what im allergic to
        i can live without|i can do without|we can do without|i could do without|are both no gos|is a big no
        is a hard no|is a definite no|is a clear no|is not happening|is not what i want|vertrage ich nicht
        mag ich nicht|will ich nicht|kommt mir nicht ins haus|non mi piace|non mi va|no me sienta bien|no quiero
        je naime pas|does not agree with me|doesnt agree with me
        """),
    "change": _lines("stretch to|mejor|anzi|finalement|plutot|i meant|what i meant was|quise decir|volevo dire"),
}
"""Label of a cue -> phrases beside those of `lexicon`."""


def cues(table: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """`table` with these phrases added, and with `then` where people mean `than`."""
    labels = dict.fromkeys((*table, *MORE))
    merged = {label: (*table.get(label, ()), *MORE.get(label, ())) for label in labels}
    for label in ("below", "above", "up_to", "from"):
        slips = (f"{said.removesuffix(' than')} then" for said in merged[label] if said.endswith(" than"))
        merged[label] = (*merged[label], *slips)
    return {label: tuple(dict.fromkeys(said)) for label, said in merged.items()}
