"""The phrases of shopping talk in German, French, Spanish and Italian, each with the English one that says the same.

Data. What grammar the reader knows of the English phrase then holds of the foreign one: where an amount stands beside
it, what a refusal reaches, how firm a wish is. Words are normalised (lower case, no accents), apostrophes part them.
"""

from collections.abc import Mapping

_LIMITS = {
    "at most": """
    pas au - dela de|pas au dela de|no se pase de|que no se pase de|que no se pasen de|no se pasen de
    nicht teurer als|nicht mehr als|nicht uber|keinesfalls uber|keinesfalls mehr als|keinen cent mehr als|pas plus de
    pas au dessus de|sans depasser|sans depasser les|ne pas depasser|ne depasse pas|ne depassant pas|n excedant pas
    n excede pas|ne doit pas depasser|inferieur a|inferieure a|plafond de|plafond a|plafonne a|dans la limite de
    tout au plus|au grand maximum|grand maximum|sous la barre de|sous la barre des|sous les|a moins de
    no mas de|no superior a|no superen|no supere|que no pase de|que no pasen de|no pase de|no pasen de|sin pasar de
    que no supere los|sin superar los|sin pasarme de|a lo sumo|como tope|tope de|como muy mucho|un maximo de
    maximo de|por menos de|inferior a|non oltre|non oltre i|non superiore a|non superi|non superi i|non superino
    non superino i|che non si superino i|senza superare|senza superare i|al piu|fino ai|fino agli|massimo di
    un massimo di|entro i|entro gli|al di sotto di|al di sotto dei|sotto ai|a meno di|non piu di
    restons sous|restons en dessous de""",
    "nothing under": """
    nichts unter|nichts weniger als|rien en dessous de|rien au dessous de|rien sous|rien a moins de|nada por debajo de
    nada de menos de|niente sotto|niente sotto i|niente al di sotto di|niente al di sotto dei""",
    "nothing over": """
    nichts uber|nichts ab|rien au dessus de|rien a plus de|rien au - dessus de|rien au - dela de|nada por encima de
    nada de mas de|niente sopra|niente sopra i|niente oltre|niente oltre i|niente al di sopra di""",
    "i stop at": """
    je m arrete a|mi fermo a|me planto en|no paso de|no me paso de|non vado oltre i|non vado oltre|non supero i
    ich gehe bis|gehe bis|je vais jusqu a|je vais jusqua|mi spingo fino a|dont le prix n excede pas
    que no llegue a|que no lleguen a|que no suba de|que no pase los|pas un sou de plus que|pas un euro de plus que
    mi limite esta en|mi tope esta en|mon plafond se situe a|il mio limite sono|ho solo|tengo solo|solo tengo
    j ai que|je n ai que|ich hab nur|ich habe nur""",
    "is out of the question": """
    no pienso pagar|no voy a pagar|no pago|no gasto|no me gasto|no me voy|non vado|non spendo|non pago|non ci arrivo
    no me fio|non mi fido|je ne mets pas|je ne paie pas|je ne vais pas|je passe mon chemin|taugt das nichts
    taugt nichts|c est de la camelote|zahl ich nicht|zahle ich nicht|kauf ich nicht|kaufe ich nicht|geb ich nicht aus
    gebe ich nicht aus|non li spendo|non voglio spendere|no quiero pagar|no quiero gastar|es trop|c est trop
    es demasiado|e troppo|ist mir zu viel|ist zu viel""",
    "limit is": """
    mein limit sind|meine grenze sind|meine grenze ist|meine grenze liegt bei|schmerzgrenze sind|schmerzgrenze ist
    schmerzgrenze liegt bei|schmerzgrenze bei|schmerzgrenze|obergrenze ist|obergrenze liegt bei
    obergrenze bei|limit liegt bei|mein maximum ist|mein maximum liegt bei|das maximum sind|deckel bei
    mon plafond est de|mon plafond est|mon plafond c est|mon maximum est|mon maximum c est|ma limite est de
    ma limite est|ma limite c est|le plafond est de|mi tope es|mi tope son|mi tope|el tope es|el tope son|mi limite es
    mi limite son|mi maximo es|mi maximo son|el limite es|el maximo es|tetto di spesa e|tetto di spesa|tetto massimo
    il mio limite e|il mio massimo e|il mio tetto e|il limite e|il massimo e|spesa massima|gasto maximo""",
    "budget is": """
    budget liegt bei|budget betragt|budget sind|budget est de|mon budget c est|budget s eleve a|presupuesto maximo
    presupuesto maximo de|mi presupuesto es de|mi presupuesto son|presupuesto es de|presupuesto ronda
    il mio budget e|il mio budget e di|budget di|budget e di|il budget e|ho un budget di|il mio budget""",
    "at least": """
    nicht unter|nicht weniger als|wenigstens|nicht billiger als|nicht gunstiger als|keinesfalls unter|pas moins de
    pas en dessous de|superieur a|superieure a|a partir des|no menos de|por lo menos|al menos|superior a
    a partir de los|desde los|no por debajo de|non meno di|non meno dei|a partire dai|superiore a|non sotto i
    non al di sotto di|un minimo di|minimo di|minimo de|un minimo de""",
    "or more": """
    und aufwarts|und daruber|oder daruber|nach oben offen|und hoher|oder hoher|et au - dela|ou au - dela|et au dela
    ou au dela|et au - dessus|ou au - dessus|et plus|ou plus|en adelante|para arriba|hacia arriba|y de ahi para arriba
    y mas|o mas|o superior|o por encima|in poi|e oltre|o oltre|o piu|e piu|a salire""",
    "or less": """
    und darunter|oder darunter|oder drunter|und drunter|abwarts|oder weniger|und weniger|et moins|ou moins
    ou en dessous|et en dessous|o menos|para abajo|hacia abajo|o inferior|o por debajo|o meno|a scendere
    o al di sotto|oder gunstiger|oder billiger|ou moins cher|o mas barato|o meno caro""",
    "and no more": """
    mehr ist nicht drin|mehr sind nicht drin|mehr geht nicht|mehr will ich nicht ausgeben|mehr gebe ich nicht aus
    mehr geb ich nicht aus|mehr hab ich nicht|mehr habe ich nicht|mehr kann ich nicht ausgeben|mehr nicht
    et pas plus|et pas un centime de plus|et rien de plus|pas un euro de plus|pas davantage
    y ni un euro mas|ni un euro mas|ni un centimo mas|ni un duro mas|y no mas|y nada mas|ni uno mas
    e non di piu|e non un euro di piu|non un euro di piu|non un centesimo di piu|non di piu|e non oltre|e basta cosi
    """,
    "is the limit": """
    hort der spass auf|hort es auf|ist ende|ist feierabend|ist schluss|ist meine grenze|ist die grenze
    ist das limit|ist mein limit|ist meine schmerzgrenze
    ist die schmerzgrenze|ist das maximum|ist mein maximum|ist die obergrenze|ist das hochste der gefuhle
    ist meine absolute obergrenze|ist meine absolute grenze|c est mon maximum|c est mon max|c est ma limite
    c est le maximum|c est mon plafond|a ne pas depasser
    a ne pas franchir|est mon plafond|est ma limite|est mon maximum|es mi tope|es mi limite|es mi maximo
    es el tope|es lo maximo|es todo lo que tengo|es lo que hay|y para de contar|de tope|de maximo
    e il mio limite|e il mio massimo|e il mio tetto|e il tetto|e il limite|e il massimo|massimo massimo
    e il tetto massimo""",
    "to spend": """
    zur verfugung|zum ausgeben|in der tasche|im portemonnaie|im geldbeutel|en poche|a depenser|a mettre|a investir
    dans le porte - monnaie|de budget|para gastar|en el bolsillo|en la cartera|disponibles|de presupuesto
    da spendere|in tasca|a disposizione|nel portafoglio""",
}
_REFUSALS = {
    "no": """
    keinesfalls|auf gar keinen fall in|paso del|paso de la|bloss nicht|bloss kein|bloss keine|bloss keinen|ja nicht
    ja kein|ja keine|nur nicht|nur kein|nur keine|keinerlei
    auf keinen fall|auf gar keinen fall|um gottes willen nicht|um himmels willen nicht|nichts aus|nichts in|nichts von
    nichts mit|nie wieder|vertrage kein|vertrage keine|vertrage keinen|vertrag kein|mag kein|mag keine|mag keinen
    will kein|will keine|will keinen|mochte kein|mochte keine|mochte keinen|verzichte auf|verzichten auf
    finger weg von
    surtout pas de|surtout pas d|surtout pas du|surtout pas|pas question de|plus jamais de|plus jamais|rien en
    rien qui soit en|je ne veux pas de|je ne veux plus de|je veux pas de|je deteste|je deteste le|je deteste la
    je ne supporte pas le|je ne supporte pas la|je ne supporte pas|je supporte pas le|je supporte pas la
    je supporte pas|je ne tolere pas|je n aime pas le|je n aime pas la|je n aime pas|j aime pas le|j aime pas la
    j aime pas|elle deteste|il deteste|ne supporte pas|ne supporte plus|ne porte jamais de|ne mange pas de
    nada en|nada que sea|ni hablar de|paso de|nunca mas|ni se te ocurra|que no sea de|que no lleve
    que no lleven|que no tenga|que no tengan|que no contenga|no quiero nada de|no me gusta el|no me gusta la
    no tolero el|no tolero la|no tolero|nulla di|nulla in|mai piu
    che non abbia|che non contenga|che non siano|non voglio roba in|non voglio niente in|non mi piace il
    non mi piace la|non mi piacciono|non sopporto il|non sopporto la|guai a
    non tollero il|non tollero la|non tollero|detesto il|detesto la|odio il|odio la|odio el|odio los|odio las""",
    "no more": "plus de|plus d|plus du|basta|nie mehr|kein mehr",
    "without": "ganz ohne|sans aucun|sans aucune|sans la moindre|sin nada de|sin ningun|sin ninguna|senza alcun",
    "except": """
    alles ausser|alles bis auf|abgesehen von|mit ausnahme von|jede farbe ausser|tout sauf|a l exception de
    a l exception du|mis a part|a part|todo menos|cualquiera menos|cualquier cosa menos
    lo que sea menos|a excepcion de|a excepcion del|quitando|todo salvo|tutto tranne|tutto fuorche|fuorche
    tranne il|tranne la|ad eccezione di|ad eccezione del|a parte il|tutto ma non in|tutto ma non""",
    "had enough of": """
    genug von|die nase voll von|schnauze voll von|j en ai marre de|j en ai marre du|marre de|marre du|ras le bol de
    ras le bol du|j en ai assez de|j en ai assez du|harto de|harta de|hartos de|estoy harta de|estoy harto de
    stufo di|stufa di|stufo del|stufa del|stanco di|stanca di|basta con il|basta con la|basta con""",
    "disappointed by": """
    enttauscht von|decu par|decue par|decus par|decepcionado con|decepcionada con|deluso da|delusa da""",
    "avoid": """
    evitez|evitons|oubliez la marque|fuyez|exit le|exit la|exit|eviten|evitad|evitate
    evitare|evitiamo|escludi|escludete|escludere|scarta|scartate|excluye|excluid|descarta|descarten|descartad
    lasciando fuori|lasciate fuori|lasciando da parte|via quelli in|via quelle in|via quelli di|via quelle di
    dejando fuera|quita los de|quite los de|quitame los de|enleve ceux en|enlevez ceux en|retire ceux en|retirez ceux en
    vire ceux en|weg mit
    me da alergia el|me da alergia la|me dan alergia los|me dan alergia las|mi da allergia il|mi da allergia la
    bannissez|excluez|proscrire|schliess aus""",
    "is out": """
    kommt nicht in frage|kommt nicht infrage|kommt mir nicht in frage|kommt mir nicht ins haus
    kommt fur mich nicht in frage|geht gar nicht|ist tabu|ist raus|scheidet aus|fallt weg|fallt raus|fliegt raus
    bitte raus|mag ich nicht
    mag ich gar nicht|mag ich uberhaupt nicht|mag er nicht|mag sie nicht|kann ich nicht leiden|kann sie nicht leiden
    kann er nicht leiden|kann ich nicht ausstehen|kann sie nicht ausstehen|kann er nicht ausstehen
    kann ich nicht mehr sehen|kann ich nicht ab|vertrage ich nicht|vertrag ich nicht|vertragt sie nicht
    vertragt er nicht|vertrag ich auch nicht|vertrage ich auch nicht|vertrage ich leider nicht|steht mir nicht
    steht ihr nicht|steht ihm nicht|gefallt mir nicht|will ich nicht|will ich auf keinen fall|mochte ich nicht
    hab ich die nase voll|habe ich die nase voll|hab ich genug|habe ich genug|bin ich durch|bin ich fertig
    kratzt mich|kratzt|juckt|ist nichts fur mich|ist verboten|ist ausgeschlossen|ist ein no go|hat mich enttauscht
    darf nicht drin sein|darf nicht dabei sein|nein danke|lasst ihr bitte weg|lasst bitte weg|lassen sie bitte weg
    bitte weglassen|lasst ihr weg|will ich nichts wissen|will sie nichts wissen|will er nichts wissen
    est hors de question|c est hors de question|hors de question|est exclu|est exclue|sont exclus|est a exclure
    est a eviter|a eviter|a proscrire|a bannir|interdit|interdite|est interdit|est interdite|non merci
    tres peu pour moi|ca me gratte|me gratte|me donne des boutons|me donne mauvaise mine|me donne de l urticaria
    me fait eternuer|me va mal|me va pas|ne me va pas|ne lui va pas|n est pas pour moi|ne passe pas|ca passe pas
    mi sono trovato male|mi sono trovata male|ci siamo trovati male|ci siamo trovate male
    , je deteste|, je ne supporte pas|, je supporte pas|, j aime pas|, je n aime pas|, j en ai marre|, j en veux pas
    , je n en veux pas|, j en ai assez|, c est non|, c est mort|c est non|c est mort|m a decu|m a decue|m ont decu
    ne me convient pas|me deplait|j y suis allergique|me irrite la peau
    me da alergia|me da urticaria|me produce alergia|me pica|me irrita|no me va|no me convence|no me sienta bien
    me sienta mal|le sienta mal|me queda mal|no lo soporto|no la soporto|no lo aguanto|no la aguanto|no lo puedo ver
    no la puedo ver|no los puedo ver|no lo quiero|no la quiero|no lo quiero ni ver|ni en pintura|ni regalado
    ni regalada|ni loco|ni loca|ni de broma|ni de cona|ni verlo|ni hablar|queda descartado|queda descartada
    esta descartado|queda fuera|prohibido|prohibida|esta prohibido|descartado|descartada|descartados|no entra
    no gracias|me horroriza|me decepciono|me ha decepcionado|me salio mal|me salio rana|me dio mal resultado
    non lo posso vedere|non la posso vedere|non li posso vedere|non lo posso soffrire|non lo sopporto|non la sopporto
    non mi va|non mi sta bene|mi sta male|le sta male|mi da fastidio|mi da allergia|mi fa allergia|mi irrita
    mi pizzica
    mi punge|mi prude|ne ho abbastanza|ne ho fin sopra i capelli|e escluso|e esclusa|escluso|esclusa
    e fuori discussione|fuori discussione|e vietato|e vietata|vietato|vietata|bandito|bandita|proibito|proibita
    no grazie|non se ne parla|neanche per sogno|neanche morta|neanche morto|neanche a parlarne|da evitare
    non vuole sentir parlare|non vuole sentirne parlare|non voglio sentir parlare|non ne vuole sapere
    da escludere|mi ha deluso|mi ha delusa|mi hanno deluso|non lo voglio|non la voglio|non fa per me|non fanno per me
    """,
}
_WISHES = {
    "preferably": """
    a ser posible , que fuera|a ser posible , que sea|a poder ser , que sea|si puede ser , que sea|wenn moglich , dann
    am liebsten|vorzugsweise|bevorzugt|tendenziell|am allerliebsten|moglichst|nach moglichkeit|de preference
    preferiblemente|de preferencia|preferentemente|mejor si es|mejor si|mejor en|a poder ser|di preferenza
    preferibilmente|possibilmente|meglio se|meglio se in|preferirei|preferirei in|preferisco|preferiria
    sarebbe preferibile|sarebbe preferibile il|sarebbe preferibile la|je prefererais|je prefere|j ai un faible pour le
    j ai un faible pour|ich bevorzuge|ich hatte lieber|prefererais|tirando a|magari in|magari di|magari""",
    "if possible": """
    wenn moglich|falls moglich|wenn geht|wenn s geht|wenn es geht|falls vorhanden|wenn vorhanden|si possible
    si c est possible|si vous avez|si vous en avez|si ca existe|si ca se trouve|si es posible|a ser posible
    si puede ser|si hay|si lo hay|si la hay|si los hay|si teneis|se possibile|se si puo|se puo essere|se c e
    se ce l avete|se ce n e|se ce ne sono|se capita in|se capita""",
    "would be nice": """
    ware schon|ware toll|ware super|ware mir am liebsten|ware mir lieber|ware nett|ware ein plus|ware ein traum
    ware klasse|ware prima|ware ideal|ware perfekt|fande ich gut|fande ich schon|fand ich gut|fand ich schon
    ware das sahnehaubchen|ce serait bien|ce serait mieux|ce serait parfait|ce serait ideal|ce serait top
    serait parfait|serait ideal|serait top|serait un plus|serait super|serait bien|serait genial|serait chouette
    estaria bien|estaria genial|estaria de lujo|seria ideal|seria perfecto|seria genial|seria un plus|seria lo ideal
    seria lo suyo|seria estupendo|me encantaria|sarebbe il massimo|sarebbe il top|sarebbe perfetto|sarebbe bello
    sarebbe ideale|sarebbe l ideale|sarebbe un plus|sarebbe meglio|sarebbe fantastico|sarebbe carino""",
    "all the better": """
    umso besser|desto besser|um so besser|tant mieux|encore mieux|c est encore mieux|mejor que mejor|tanto mejor
    mejor aun|mucho mejor|miel sobre hojuelas|tanto meglio|ancora meglio|meglio ancora|tanto di guadagnato""",
    "but optional": """
    muss aber nicht sein|ist aber kein muss|ist kein muss|aber kein muss|kein muss|muss nicht unbedingt sein
    mais pas obligatoire|mais ce n est pas obligatoire|mais c est pas obligatoire|pas obligatoire|sans obligation
    ce n est pas obligatoire|pas indispensable|aunque no es imprescindible|pero no es imprescindible
    no es imprescindible|no es obligatorio|no es vinculante|pero no es obligatorio|ma non e vincolante
    non e vincolante|ma non e obbligatorio|non e obbligatorio|ma non e indispensabile|non e indispensabile
    ma non e essenziale|sonst halt anders|sonst eben anders""",
    "only": """
    auf jeden fall|ohne wenn und aber|ohne ausnahme|ausschliesslich|sans exception|sans faute|sans hesiter|a tout prix
    imperativement|obligatoirement|uniquement|exclusivement|rien d autre que|rien que du|rien que|nada mas que
    nada que no sea|sin falta|sin excepcion|sin discusion|si o si|imprescindible|obligatorio|unicamente
    exclusivamente|solo y exclusivamente|nichts anderes als|nichts als|senza eccezioni|senza discussioni|per forza
    solo ed esclusivamente|esclusivamente|unicamente|tassativamente|obbligatoriamente|niente che non sia
    nient altro che|rigorosamente|unbedingt|zwingend|senza se e senza ma|si ou si|coute que coute""",
    "only , please": """
    o nada|oder nichts|oder gar nichts|oder gar nicht|ou rien|o niente|o no lo compro|et rien d autre|rien d autre
    y nada mas que eso|y punto|und sonst nichts|sonst nichts|nichts anderes|e nient altro|nient altro|und sonst keine
    was anderes kommt nicht in frage|was anderes fass ich nicht an|et pis c est tout|et c est tout|und fertig
    was anderes kommt nicht in die tute""",
    "or": "oppure|ovvero|beziehungsweise|bzw|bzw .|o bien|ou bien|ou alors|o anche|oder auch|o magari|o tambien",
    "sure": "sin duda|sin dudarlo|sans doute|sans aucun doute|sans probleme|senza dubbio|senz altro|ohne zweifel"
    "|sin problema|senza problemi|ohne probleme|de rien|de nada|di niente|per niente|pas de souci|nessun problema",
}
_TALK = {
    "doesnt have to be": """
    muss doch nicht|muss auch nicht|muss nicht|muss nicht unbedingt|muss nicht mehr|mussen nicht|mussen nicht mehr
    pas besoin que ce soit|pas besoin que ca soit|plus besoin que ce soit|n a pas besoin d etre|no hace falta que sea
    ya no hace falta que sea|no tiene que ser|no tiene por que ser|no hace falta que sean|non serve piu che sia
    non serve che sia|non deve essere per forza|non deve per forza essere|non c e bisogno che sia""",
    "is not a problem": """
    no es problema|no es un problema|no es ningun problema|non e un problema|ist kein problem|ist nicht das problem
    n est pas un probleme|n est pas le probleme|non e il problema|no es el problema""",
    "price limit": """
    preislimit|preisgrenze|preisobergrenze|limite de precio|limite de prix|limite di prezzo|tope de precio
    tetto di prezzo|plafond de prix""",
    "can go": """
    kannst du streichen|konnt ihr streichen|konnen sie streichen|lass mal weg|lass weg|lassen wir weg|lassen sie weg
    kann weg|kann raus|kann entfallen|on peut l enlever|tu peux l enlever|vous pouvez l enlever|puedes quitarlo
    puedes quitarla|si puo togliere|puoi toglierlo|puoi toglierla""",
    "take": "nimm|nehmen sie",
    "out": "wieder raus",
    "is fine": "fera l affaire|fait l affaire|fera tres bien l affaire|fara al caso mio|tut auch",
    "cheaper than the": """
    meno caro del|meno cara della|piu economico del|piu economica della|mas barato que el|mas barata que la
    moins cher que le|moins chere que la|moins cher que la|gunstiger als das|billiger als das|gunstiger als der
    gunstiger als die|billiger als die|billiger als der|gunstiger als den""",
    "other brands are fine too": """
    anche altre marche|auch andere marken|auch von anderen marken|d autres marques aussi|tambien otras marcas
    otras marcas tambien|altre marche vanno bene""",
    "compare": "was unterscheidet|unterschied zwischen|en que se diferencian|en quoi different|in cosa si differenziano"
    "|che differenza c e tra|quelle difference entre|que diferencia hay entre|che cosa cambia|cosa cambia",
    "which is better": """
    lequel vaut le coup|lequel est mieux|laquelle est mieux|lequel est le mieux|welches ist besser|welcher ist besser
    welche ist besser|cual es mejor|quale e meglio|quale e migliore|quale conviene""",
    "shipping costs": "frais de port|frais de livraison|versandkosten|lieferkosten|gastos de envio|spese di spedizione"
    "|costi di spedizione|porto y envio",
    "pay by invoice": "auf rechnung zahlen|auf rechnung bezahlen|auf rechnung|sur facture",
    "pay in installments": "en plusieurs fois|in raten|a plazos|a rate|auf raten|en cuotas|ratenzahlung",
    "pay by credit card": """
    transferencia bancaria|bonifico bancario|bonifico|contrassegno|virement bancaire|virement|per uberweisung
    kreditkarte|carte bancaire|tarjeta de credito|carta di credito|contra reembolso|mit karte zahlen""",
    "delivery time": "tarda en llegar|dauert die lieferung|dauert der versand|tempi di consegna|delai de livraison"
    "|delais de livraison|plazo de entrega|wie lange dauert die lieferung|cuanto tarda el envio",
    "warranty": "garanzia|gewahrleistung",
    "refunded": "remboursee|rembourse|reembolsado|rimborsato|rimborsata|geld zuruck",
    "return it": "devolverlo|devolverla|restituirlo|restituirla|le renvoyer|la renvoyer|zurucksenden",
    "show me others": """
    hast du noch andere|habt ihr noch andere|haben sie noch andere|zeig mir was anderes|zeig mir etwas anderes
    zeigen sie mir etwas anderes|ne hai altri|ne hai altre|ne avete altri|ne avete altre|fammene vedere altri
    fammene vedere altre|fammi vedere altro|vous n avez rien d autre|tu n as rien d autre|montre m en d autres
    montrez m en d autres|ensename otros|ensename otras|hay mas|tienes mas|teneis mas|hay otros|hay otras
    tienes otros|teneis otros|il y en a d autres|vous en avez d autres|haben sie was anderes""",
    "thank you": "vielen dank|tausend dank|danke dir|danke schon|lieben dank|besten dank|merci mille fois"
    "|mille mercis|merci beaucoup|un grand merci|muchas gracias|muchisimas gracias|mil gracias|grazie mille"
    "|grazie infinite|tante grazie|mille grazie|ti ringrazio|je vous remercie|je te remercie|ich danke",
    "i used to have": "fruher hatte ich|vorher hatte ich|avant j avais|j avais avant|antes tenia|yo tenia|prima avevo",
    "my old": """
    mein alter|meine alte|mein altes|meine alten|mein letzter|meine letzte|mein letztes|mon ancien|mon ancienne
    mes anciens|mes anciennes|mon vieux|ma vieille|mon dernier|ma derniere|mi viejo|mi vieja|mis viejos|mis viejas
    mi antiguo|mi antigua|mi ultimo|mi ultima|il mio vecchio|la mia vecchia|i miei vecchi|le mie vecchie
    il mio ultimo|la mia ultima""",
    "doesnt matter": """
    m est egale|m est completement egale|m est completement egal|non preoccuparti|non preoccuparti piu
    non preoccuparti piu di|ist wurst
    spielt keine rolle|spielt keine rolle mehr|ist mir egal|ist doch egal|ist jetzt egal|ist nicht mehr wichtig
    ist nicht so wichtig|ist unwichtig|ist zweitrangig|n a pas d importance|n a plus d importance|m est egal
    on s en fiche|je m en fiche|importe peu|ne compte pas|ne compte plus|n est plus important|me da igual|da igual
    ya no importa
    da lo mismo|me da lo mismo|es lo de menos|no es importante|ya da igual|non importa|non importa piu|e indifferente
    mi e indifferente|e uguale|non conta|non conta piu|non fa differenza|e lo stesso""",
    "forget": """
    vergiss das mit|vergiss die sache mit|vergessen wir|vergessen sie|laisse tomber|laissez tomber|oublions|oublie
    oubliez|olvida lo de|olvidate de|olvidate del|olvida|olvide|olvidemos|lascia perdere|lascia stare|dimentica
    dimenticate|dimentichiamo|scordati|lasciamo perdere|lasciamo stare|streich das mit|streich|streichen sie""",
    "what else do you have": """
    was gibt es noch|was habt ihr noch|was haben sie noch|was habt ihr sonst noch|quoi d autre|vous avez quoi d autre
    vous avez autre chose|que mas hay|que mas teneis|que mas tienes|que otra cosa hay|cos altro avete
    che altro avete|cos altro c e|che altro c e|habt ihr noch mehr|il y a quoi d autre|ce n e altri""",
    "none of these": """
    ninguno me convence|ninguna me convence|aucun ne me plait|rien ne me plait|nessuno mi convince|keins gefallt mir
    keiner gefallt mir|keine gefallt mir|davon gefallt mir keins""",
    "free of charge": "sin coste|sin gastos|sans frais|senza spese|senza costi|ohne aufpreis|ohne zusatzkosten",
    "exchanges": "cambios|echanges|echanger|umtauschen|cambi|cambiarlo|cambiarla",
}


def _phrases(*tables: Mapping[str, str]) -> Mapping[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for table in tables:
        for english, listed in table.items():
            for phrase in (part for line in listed.strip().split("\n") for part in line.split("|")):
                if phrase.strip():
                    found[tuple(phrase.split())] = english
    return found


FOREIGN_TALK: Mapping[tuple[str, ...], str] = _phrases(_LIMITS, _REFUSALS, _WISHES, _TALK)
"""The words of a foreign phrase -> the English phrase that says the same."""
NO_MORE = frozenset({("plus", "de"), ("plus", "d"), ("plus", "du"), ("basta",)})
"""Those that refuse only where a clause begins with them and no number follows: `plus de cuir`, not `plus de 50`."""
BEHIND_AMOUNTS = frozenset({"or more", "or less", "and no more", "is the limit", "is out of the question"})
"""English phrases that only what stands right behind an amount is read as."""
LONGEST_TALK = max(map(len, FOREIGN_TALK))
"""Words of the longest."""
SIZE_TALK: Mapping[tuple[str, ...], str] = _phrases(
    {
        "size": """
    gr|gr .|tg|tg .|ta|t|ich trage|trage|trag|je fais du|je fais|je chausse du|je chausse
    je m habille en|je porte du|fais du|il me faut du|calzo un|calzo el|calzo la|uso la|uso una|gasto la|gasto una
    gasto
    llevo la|llevo una|visto la|de la|porto la|porto il|porto una|vesto la|vesto una|ha la|ho la|calzo il|indosso la
    fais plutot du|del|del numero|numero|nummer|pointure|en taille|en talla|in taglia"""
    }
)
"""The same of what leads on to a size, which holds before a number or a letter only."""
