"""Which language a text is in: by its scripts, then, for Latin letters, by little words, endings and marks on letters.

Why not a trained detector: users of Chinese apps write "APP老是闪退", and detectors trained on clean sentences swallow the English
word or the Chinese one. Counting scripts is right for this pair, costs microseconds and needs no file.

How it decides
- Scripts by the Unicode Character Database (Scripts.txt). Full-width Latin letters and half-width kana count as their script.
- Chinese and English in one text are "mixed" only if both carry a clause: Chinese with product words (发货快，客服nice) is Chinese, English
  with a brand (please check 支付宝) is English. A clause is a run with a word that builds sentences: 的, 了, 不; is, the, please.
- Japanese is written with hiragana; a decorative の does not make a Chinese name Japanese.
- Latin letters: the language whose little words, endings and marked letters are found most, English where nothing speaks against it
  (the common words of Cavnar and Trenkle, N-gram-based text categorization, 1994, do most of the work in short texts). The word
  lists were written for this project from words of feedback.
- "other" is another language, or a text without a letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

LanguageCode = Literal["zh", "en", "mixed", "ja", "ko", "es", "fr", "de", "pt", "it", "id", "vi", "ru", "ar", "th", "hi", "tr", "other"]

_HAN, _HIRAGANA, _KATAKANA, _HANGUL, _LATIN, _ACCENTED, _CYRILLIC, _ARABIC, _DEVANAGARI, _THAI, _OTHER = range(1, 12)
_NUM_SCRIPTS = 12
_BY_SCRIPT: tuple[LanguageCode, ...] = ("ru", "ar", "hi", "th", "other")
"""Languages of the last five scripts, in their order."""

_RANGES: tuple[tuple[int, int, int], ...] = (
    (0x0041, 0x005A, _LATIN),
    (0x0061, 0x007A, _LATIN),
    (0x00C0, 0x00D6, _ACCENTED),
    (0x00D8, 0x00F6, _ACCENTED),
    (0x00F8, 0x024F, _ACCENTED),
    (0x0370, 0x10FF, _OTHER),  # Greek, Hebrew, other Indic, Georgian; those below overwrite their part
    (0x0400, 0x052F, _CYRILLIC),
    (0x0620, 0x065F, _ARABIC),
    (0x066E, 0x06D3, _ARABIC),
    (0x0750, 0x077F, _ARABIC),
    (0x0900, 0x0963, _DEVANAGARI),
    (0x0E01, 0x0E4E, _THAI),
    (0x1100, 0x11FF, _HANGUL),
    (0x1200, 0x1CFF, _OTHER),
    (0x1E00, 0x1EFF, _ACCENTED),
    (0x1F00, 0x1FFF, _OTHER),
    (0x3005, 0x3007, _HAN),
    (0x3041, 0x3096, _HIRAGANA),
    (0x30A1, 0x30FA, _KATAKANA),
    (0x3105, 0x312F, _HAN),  # Bopomofo
    (0x3131, 0x318E, _HANGUL),
    (0x31F0, 0x31FF, _KATAKANA),
    (0x3400, 0x4DBF, _HAN),
    (0x4E00, 0x9FFF, _HAN),
    (0xAC00, 0xD7A3, _HANGUL),
    (0xF900, 0xFAFF, _HAN),
    (0xFF21, 0xFF3A, _LATIN),  # full-width A-Z
    (0xFF41, 0xFF5A, _LATIN),  # full-width a-z
    (0xFF66, 0xFF6F, _KATAKANA),  # half-width kana
    (0xFF71, 0xFF9D, _KATAKANA),
    (0x20000, 0x323AF, _HAN),
)

_HAN_PER_WORD = 1.6
"""One Latin word weighs as much as the mean length of a Chinese word in running text."""
_ZH_SHARE, _EN_SHARE = 0.92, 0.08
"""Beyond these shares of Chinese words a clause of the other language is a quotation."""
_KANA_SHARE = 0.1
_HANGUL_SHARE = 0.3
_LETTERS_PER_WORD = 3
"""A letter of a rarer script weighs as much as this many Latin ones, because Latin brand names stand in any language."""

_WORDS_TEXT: dict[LanguageCode, str] = {
    "en": """
the a an is are was were be been to of and in it it's its i i'm i've me my you your this that these for on with not no have has had do
does did don't didn't doesn't can't won't isn't can could would will but so very good great please how what when why app all at from or if
as they we us our he she him her them there their than too only just after before still never always love like nice bad best worst more
most out up down by about because get got every again works work doesnt dont cant should time thanks thank you're i'd i'll one two who
which here well even much any some nothing everything delivery order food service money waste
""",
    "es": """
el la los las de del que y en un una es por con para no muy le les lo se su sus al más pero está están este esta esto como cuando todo
todos todas bien bueno buena malo mala mejor peor gracias muchas mucho mi mis me te nos hay fue ser son ya sin sobre también siempre nunca
nada aplicación servicio producto pedido entrega tarde excelente funciona puedo puede llegó llega calidad precio recomiendo sola tiempo
hace tengo desde hasta porque ni si solo cada atención cliente dinero compra comida rápido fatal encanta quiero ayuda actualización sesión
cuenta pantalla cierra abre carga llegar cuándo dónde cómo qué hacer repartidor publicidad cara caro reembolso fría frío nuevo nueva tan
gusta versión demasiada demasiado
""",
    "fr": """
le la les de des du et est une un pas pour dans je il elle nous vous ils ne que qui sur avec ce cette ces mon ma mes très bien merci
beaucoup c'est j'ai n'est d'une plus mais trop tout tous toute fait été suis sont au aux se son sa ses on en par sans même jamais toujours
rien aussi bon bonne mauvais mauvaise livraison commande produit appli qualité prix rapport service retard plat froid déçu
déçue impossible depuis mise jour marche fonctionne ça parfait rapide peux peut être avoir quand comme après avant chez encore vraiment
client compte erreur argent recommande livreur sympa trouve marcher plante personne adore remboursement publicités pubs pouvez réponse
""",
    "de": """
der die das und ist nicht ein eine einen ich mit auf zu den dem des von im für sich es war wird werden kann man nur noch auch sehr gut
aber wenn wie hat habe haben sind bei nach seit aus an am um zum zur über oder als so schon wieder gerne immer nie nichts mein meine kein
keine alles viel mehr bitte danke produkt lieferung essen schlecht besser leider funktioniert geht lässt stürzt ständig ab kalt spät
qualität preis bestellung kundenservice schnell einfach toll update anmelden konto geld zurück empfehlen würde dass warum endlich wo dies
diese dieser kundendienst werbung freundlich teuer wurde worden gar ganz etwas neue neuen
""",
    "pt": """
o os as de do da dos das que e em um uma é por com para não muito mas mais se na no nas nos ao eu ele ela meu minha isso esse essa este
está são foi ser tem ter já sem também sempre nunca nada aqui bom boa ruim péssimo péssima ótimo ótima melhor pior obrigado obrigada
aplicativo serviço produto pedido entrega atendimento atualização depois antes abre funciona consigo pode chegou qualidade preço recomendo
compro demora demorou comida fria frio rápido dinheiro conta adorei gostei vocês você até quando porque só muitos muitas anúncios todo
todos toda hora trava cheio chegar fazer nova novo tão caro propaganda entregador reembolso demais gente estou veio versão tela
""",
    "it": """
il lo la gli le di che non per sono molto è un una con del della dei delle al alla ai nel nella si mi ti ci ma più anche come quando tutto
tutti bene buono buona pessimo pessima ottimo ottima grazie ho ha hanno sempre mai niente ancora dopo prima riesco posso può funziona
applicazione servizio prodotto ordine consegna ritardo arrivato arrivata arrivati qualità prezzo consiglio consigliato cibo freddo blocca
continuamente accedere profilo ore due troppo questo questa davvero soldi assistenza aggiornamento da se sul sulla e mio mia troppa troppi
pubblicità caro cara rimborso corriere gentile rotto spesso schermo versione nuovo nuova stato stata vorrei voglio dove quanto
""",
    "id": """
yang dan tidak ini untuk saya di ke dari ada dengan sudah belum bisa akan juga sangat banget bagus baik jelek buruk lama cepat barang
pesanan pengiriman aplikasi makanan makanannya dingin panas sering selalu keluar sendiri masuk waktu sampai karena tapi tetapi kalau jika
lagi lebih kurang terima kasih tolong mohon harga kualitas sesuai kecewa suka mantap murah mahal pelayanan ramah enak kenapa nggak gak ga
nya itu kami kita anda aku uang kembali rusak lambat mudah digunakan setelah update sekali saja terlalu banyak iklan lemot puas diperbaiki
kurir penjual dikirim diterima tetap selama hanya semua pakai kualitasnya harganya oleh sebelum gagal
""",
    "vi": """
không và là của có cho rất được này tôi mình bị lỗi ứng dụng giao hàng nhanh chậm sản phẩm đẹp tốt hài lòng sẽ ủng hộ quá nhưng với khi
thì cũng đã nhiều tiền mua dùng nên lại hơn mới như món ăn ngon quảng cáo nguội nhân viên tuyệt vời hay treo hoàn đăng nhập lâu rồi chất
lượng giá rẻ đắt
""",
    "tr": """
ve bir bu çok için değil ama ile de da gibi daha en kadar var yok ne mi mı ben siz biz lütfen teşekkürler güzel kötü iyi harika uygulama
ürün sipariş siparişim kargo geldi gelmedi geç hızlı sürekli sonra önce her hiç yardım edin soğuktu para iade memnun kaldım tavsiye ederim
fiyat kalite berbat açılmıyor çalışmıyor giriş yapamıyorum olarak oldu olmuş neden nasıl şey yemek kurye paramı geri fazla reklam hizmet
yeni siparişimi müşteri ürünü gönderildi zaman eksik alışveriş
""",
    "other": """
het een van niet ik dat voor maar zijn wordt heel goed slecht bedankt och är inte att det som för jag mycket bra og ikke jeg meget nie
jest się na to bardzo dobrze dziękuję nu este și foarte cu pentru olen ei tämä hyvä
""",
}
_ENDINGS: tuple[tuple[LanguageCode, str], ...] = (
    ("es", r"(?:ción|ciones|miento|dad|aron|aste|ísimo|ísima|mente)\b|[¿¡]"),
    ("fr", r"(?:eux|euse|ité|aise|ement|eurs)\b|\b(?:l|d|j|qu|n|c|s)'[a-zà-ÿ]"),
    ("de", r"(?:(?<!sams)ung|ungen|lich|keit|heit|isch|ieren|schen|ige[rnms]?)\b"),
    ("pt", r"(?:ção|ções|mento|ável|ível|inho|inha|ado|ei|mente)\b"),
    ("it", r"(?:zione|zioni|issimo|issima|mente|tto|tta|ccio|gli[aeo])\b|\b(?:l|un|dell|all|nell|c|d)'[a-zà-ÿ]"),
    ("id", r"[a-z]{3}(?:nya|kan)\b"),
    ("tr", r"[a-zçğıöşü]{2}(?:yor|lar|ler|ları|leri|mış|miş|iyor|ıyor|mıyor|miyor|dım|dim|tım|tim)\b"),
)
_MARKS: tuple[tuple[LanguageCode, float, str], ...] = (
    ("vi", 2.0, "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơưă"),
    ("tr", 1.5, "ğışİ"),
    ("tr", 0.4, "çöü"),
    ("de", 1.5, "ß"),
    ("de", 0.7, "äöü"),
    ("pt", 1.5, "ãõ"),
    ("pt", 0.3, "áéíóúâêôç"),
    ("es", 1.5, "ñ¿¡"),
    ("es", 0.4, "áéíóú"),
    ("fr", 0.8, "èêëœîûç"),
    ("fr", 0.4, "éàùâô"),
    ("it", 0.6, "àèìòù"),
    ("other", 1.5, "łąężźćśńåøæőűčřžěůțșă"),
)
_ENDING_WEIGHT = 0.8
_ONE_LETTER_WEIGHT = 0.4
_ENGLISH_PRIOR = 0.75
"""English needs no evidence (meh, Nice); another language needs a little more than this."""
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+(?:['’][a-z]+)?")
_PERSIAN_OR_URDU, _UKRAINIAN = frozenset("پچژگکیےٹڈں"), frozenset("іїєґІЇЄҐ")
_NOT_HIRAGANA_ENOUGH = "の"
_ZH_GRAMMAR = frozenset(
    "的了很不没沒太就都也还還是在吗嗎有得好差慢快打能会會要到给給过過被把让讓又再怎么麼什这這那我你他们們吧呢嘅咗唔係啲冇"
)
_CHINESE_BRANDS = re.compile("饿了么|去哪儿|好利来|得到|有道|好未来|太平洋|不背单词|快手|有赞|打车")
_ENGLISH_CLAUSE_TEXT = """
the a an is are was were be been to and it it's its i i'm i've me my you your this that these for with not have has had do does did
don't didn't doesn't can't won't isn't can could would will please how what when why if they we they're nobody but very so never always no
too cannot after make makes keep keeps should
"""
_ENGLISH_CLAUSE = frozenset(_ENGLISH_CLAUSE_TEXT.split())
_FIRST_LETTER_IS_HAN = re.compile(r"[\W\d_]*[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af0-9，、]+")
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9'’ ,\-]*")
_ASIAN = r"\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9d"
_REST = rf"[^{_ASIAN}.!?\n]"
_PIECES = re.compile(rf"[{_ASIAN}][{_ASIAN}\u3000-\u3004\uff01-\uff20\d…—“”]*|{_REST}+(?:\.(?=\S){_REST}*)*[.!?\n]*|[.!?\n]+")


@cache
def _word_languages() -> dict[str, tuple[LanguageCode, ...]]:
    languages: dict[str, tuple[LanguageCode, ...]] = {}
    for code, text in _WORDS_TEXT.items():
        for word in dict.fromkeys(text.split()):
            languages[word] = (*languages.get(word, ()), code)
    return languages


@cache
def _ending_patterns() -> tuple[tuple[LanguageCode, re.Pattern[str]], ...]:
    return tuple((code, re.compile(pattern)) for code, pattern in _ENDINGS)


def detect(text: str) -> LanguageCode:
    """Language of one text; "other" where there is no letter at all."""
    return detect_many([text])[0]


def detect_many(texts: Sequence[str]) -> list[LanguageCode]:
    """Languages of many texts, (n,) codes in the order of `texts`; the same answers as `detect` one by one."""
    counts, latin_words = _count_scripts(texts)
    return [_decide(text, row, num_words) for text, row, num_words in zip(texts, counts.tolist(), latin_words.tolist(), strict=True)]


def language_spans(text: str) -> list[tuple[int, int, LanguageCode]]:
    """The text cut where its language changes: (start, end, code), together the whole text; none for an empty one.

    Cuts stand between scripts and at sentence ends. A word or brand that is no clause of its own belongs to what surrounds it.
    """
    pieces = [match.span() for match in _PIECES.finditer(text)]
    whole = detect(text)
    spans: list[tuple[int, int, LanguageCode]] = []
    for (start, end), found in zip(pieces, detect_many([text[start:end] for start, end in pieces]), strict=True):
        leans = not _has_clause(text[start:end], found)  # on what stands before it, or on the text as a whole
        code = found if not leans else spans[-1][2] if spans else "other" if whole == "mixed" else whole
        if spans and (spans[-1][2] == code or spans[-1][2] == "other"):
            spans[-1] = (spans[-1][0], end, code)
        else:
            spans.append((start, end, code))
    return spans


def _has_clause(piece: str, code: LanguageCode) -> bool:
    """Whether a piece can stand by itself: a Chinese clause, an English one, or two words of another language."""
    if code == "zh":
        return _has_chinese_clause(piece)
    if code == "en":
        return _has_english_clause(piece)
    return code not in ("other", "mixed")


def _decide(text: str, counts: list[int], num_latin_words: int) -> LanguageCode:
    han, hiragana, katakana, hangul, latin, accented = counts[1:7]
    rare = max(counts[7:])
    asian, letters = han + hiragana + katakana + hangul, latin + accented
    if rare and rare >= asian and _LETTERS_PER_WORD * rare >= letters:
        return _by_rare_script(text, counts)
    if asian == 0:
        return _latin_language(text, latin, accented) if letters else "other"
    if hangul > _HANGUL_SHARE * asian and hangul * _LETTERS_PER_WORD >= letters:
        return "ko"
    if (hiragana or katakana > 1) and asian >= num_latin_words and _is_japanese(text, han, hiragana, katakana):
        return "ja"
    if letters == 0 or num_latin_words == 0:
        return "zh"
    zh_words = han / _HAN_PER_WORD
    share = zh_words / (zh_words + num_latin_words)
    chinese = share > _EN_SHARE and _has_chinese_clause(text)
    english = share < _ZH_SHARE and _has_english_clause(text)
    if chinese and english:
        return "mixed"
    if chinese != english:
        return "zh" if chinese else _latin_language(text, latin, accented)
    written_around = share >= 0.5 or _FIRST_LETTER_IS_HAN.match(text) is not None or not _ZH_GRAMMAR.isdisjoint(text)
    return "zh" if written_around else _latin_language(text, latin, accented)


def _by_rare_script(text: str, counts: list[int]) -> LanguageCode:
    script = int(np.argmax(counts[7:]))
    foreign = (_UKRAINIAN, _PERSIAN_OR_URDU)
    return "other" if script < 2 and not foreign[script].isdisjoint(text) else _BY_SCRIPT[script]


def _is_japanese(text: str, han: int, hiragana: int, katakana: int) -> bool:
    own = hiragana - text.count(_NOT_HIRAGANA_ENOUGH)
    kana = hiragana + katakana
    if own == 0:
        return katakana > han
    if kana < 2 * own and not _ZH_GRAMMAR.isdisjoint(text) and kana < 0.2 * (han + kana) and "的" in text:
        return False
    return kana > _KANA_SHARE * (han + kana)


def _has_chinese_clause(text: str) -> bool:
    plain = _CHINESE_BRANDS.sub("品牌", text)
    return any(len(run) > 1 and not _ZH_GRAMMAR.isdisjoint(run) for run in _HAN_RUN.findall(plain))


def _has_english_clause(text: str) -> bool:
    for run in _LATIN_RUN.findall(text):
        words = run.lower().replace("’", "'").replace(",", " ").split()
        if len(words) >= 3 and not _ENGLISH_CLAUSE.isdisjoint(words):
            return True
    return False


def _latin_language(text: str, latin: int, accented: int) -> LanguageCode:
    lowered = text.lower().replace("’", "'")
    languages = _word_languages()
    scores: dict[LanguageCode, float] = {"en": _ENGLISH_PRIOR}
    for word in _WORD.findall(lowered):
        for code in languages.get(word, ()):
            scores[code] = scores.get(code, 0.0) + (1.0 if len(word) > 1 else _ONE_LETTER_WEIGHT)
    if accented == 0 and len(scores) == 1 and latin < 8 and "'" not in lowered:
        return "en"
    if accented or scores["en"] < 2:
        for code, pattern in _ending_patterns():
            found = len(pattern.findall(lowered))
            if found:
                scores[code] = scores.get(code, 0.0) + _ENDING_WEIGHT * found
    if accented:
        for code, weight, marks in _MARKS:
            found = sum(map(lowered.count, marks))
            if found:
                scores[code] = scores.get(code, 0.0) + weight * found
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > scores["en"] else "en"


@cache
def _script_table() -> NDArray[np.uint8]:
    """Script of every code point, 1.1 MB, built once."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for first, last, script in _RANGES:
        table[first : last + 1] = script
    table[[0x00D7, 0x00F7]] = 0  # multiplication and division signs
    return table


def _count_scripts(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Letters of each script, (n, 12), and runs of Latin letters (words), (n,)."""
    num_texts = len(texts)
    # a line feed closes each text, so that no word runs over into the next one
    joined = "\n".join(texts) + "\n"
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    scripts = _script_table()[points]
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=num_texts)
    owner = np.repeat(np.arange(num_texts), lengths) if num_texts else np.zeros(1, dtype=np.int64)
    counts = np.bincount(owner * _NUM_SCRIPTS + scripts, minlength=num_texts * _NUM_SCRIPTS)[: num_texts * _NUM_SCRIPTS]
    latin = (scripts == _LATIN) | (scripts == _ACCENTED)
    starts = latin.copy()
    starts[1:] &= ~latin[:-1]
    words = np.bincount(owner[starts], minlength=num_texts)[:num_texts]
    return counts.reshape(num_texts, _NUM_SCRIPTS), words
