"""What German, French, Spanish and Italian say right behind the value they refuse: `steht mir nicht`, `no me va`. Data.

Each line is the grammar of one verdict: a verb, whom it concerns, the no, and what may stand between them.
"""

_FOLK = r"(?:mir|mich|uns|ihm|ihr|ihnen|meine[mrn]?\s\w+|fur\s(?:mich|uns|ihn|sie|meine[nr]?\s\w+)|bei\s(?:mir|uns))"
_GERMAN = rf"""
    (?:steht|stehen|passt|passen|gefallt|gefallen|schmeckt|bekommt|kommt|kommen|taugt|taugen|liegt|tut|geht|gehen)
        (?:\s{_FOLK})?(?:\s(?!nicht)\w+){{0,2}}?\snicht(?:\smehr)?
        (?:\s(?:ins\shaus|in\s(?:frage|die\stute|den\skorb)|infrage|rein|gut|zu\sgesicht))?
    |(?:lehne?n?|schliesse?n?|sortiere?n?)\s(?:ich|wir|er|sie)\s(?:\w+\s)?(?:ab|aus)
    |(?:scheide[tn]|fallen|fallt|fliegt|fliegen)\s(?:\w+\s)?(?:aus|weg|raus)
    |(?:hab|habe|haben|hatte|hatten)\s(?:ich|wir)\s(?:\w+\s){{0,2}}(?:schlechte\serfahrungen?|genug|satt|dick|gefressen|
        die\s(?:nase|schnauze)|arger|probleme|pech)(?:\s(?:gemacht|voll|gehabt))?
    |kann\s(?:mir|uns)\sgestohlen\sbleiben|ist\s(?:mir\s)?(?:ein\sgraus|zuwider|nichts\sfur\s\w+)
    |(?:konnt\sihr|konnen\ssie|kannst\sdu)\s(?:euch\s|dir\s|sich\s|gleich\s|gern\s)*(?:weglassen|behalten|sparen|vergessen)
    |(?:macht|gibt)\s(?:mir|ihr|ihm)\s(?:\w+\s)?(?:ausschlag|pickel|juckreiz)
"""
_FRENCH = r"""
    (?:,\s)?(?:je|j|on|il|elle|nous|ma\s\w+|mon\s\w+)\s(?:(?:ne|n|en|y|le|la|l|les)\s)*
        (?:veux|veut|voulons|supporte|aime|porte|tolere|peux|peut|digere)\s(?:vraiment\s|absolument\s)?(?:pas|plus|rien)
        (?:\s(?:le|la|les|en)?\s?(?:voir|porter|sentir|supporter))?
    |(?:,\s)?(?:ca\s|il\s|elle\s)?(?:me|lui|nous)\s(?:gratte|grattent|demange|pique|irrite|deplait|degoute|rebute)
    |(?:,\s)?(?:ca\s)?(?:ne\s)?(?:me|lui|nous)\s(?:va|vont|convient|conviennent|plait|plaisent|reussit)
        \s(?:vraiment\s|tellement\s|du\stout\s)?(?:pas|plus|guere)
    |(?:,\s)?(?:on|tu|vous)\s(?:oublie|oublies|oubliez|evite|evites|evitez)
"""
_SPANISH = r"""
    no\s(?:me|le|nos|les)\s(?:gusta|gustan|va|van|convence|convencen|sienta|sientan|queda|quedan|favorece|pega|pegan)
        (?:\s(?:nada|bien|mucho))?
    |(?:me|le|nos)\s(?:pica|pican|irrita|horroriza|repugna|da\s(?:\w+\s)?(?:alergia|urticaria|asco|grima|picor|repelus)|
        (?:queda|sienta)n?\s(?:fatal|mal))
    |ni\s(?:ver\w*|en\spintura|loc[oa]|regalad[oa]|de\s(?:broma|lejos|cona)|hablar|muert[oa]|harto)
    |(?:tuve|tuvimos|he\stenido|hemos\stenido)\s(?:una\s|muy\s)?(?:mala\w*\sexperiencia\w*|problemas)|queda\w*\sdescartad\w+
"""
_ITALIAN = r"""
    (?:proprio|assolutamente|pero|meglio|decisamente)\s(?:no|di\sno)
    |non\s(?:mi|le|gli|ci)\s(?:piace|piacciono|va|vanno|sta|stanno|convince|convincono|dona|ispira)(?:\s(?:bene|proprio|per\sniente))*
    |non\sne\s(?:voglio|vogliamo|posso)(?:\s(?:piu|sapere|sentire|parlare|neanche|nemmeno)){0,3}
    |mi\ssono\strovat[oaie]\smale|ci\ssiamo\strovati\smale
    |(?:mi|le|gli|ci)\s(?:da|fa|danno|fanno)\s(?:fastidio|allergia|prurito|schifo|orrore|ribrezzo)
    |(?:mi|le|gli)\s(?:pizzica|punge|prude|irrita|gratta|sta\smale|stanno\smale)
"""
FOREIGN_VERDICTS = "|".join(part.strip() for part in (_GERMAN, _FRENCH, _SPANISH, _ITALIAN))
"""The verdicts as alternatives of a verbose pattern over words parted by single spaces."""
