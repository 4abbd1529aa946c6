"""What the headings of a table's columns mean: a row's name, a quantity that is asked, or something else.

The words of each quantity are the registry's, in the languages courses are held in.  Capitals, accents, what stands in
brackets (`Output shape (HxWxC)`) and words such as `number of` do not matter.  A heading that is not in any table is
unknown, and whoever reads the column says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from cnncalc.asked import PARAMS, QUANTITIES, SHAPE
from cnncalc.asked.foreign_headings import HEADINGS_OF
from cnncalc.asked.layer_answers import Share

LONGEST_HEADING = 100

Role = Literal["name", "kind", "asked", "answer", "side", "other", "unknown"]


class Heading(NamedTuple):
    """What a column is for; `word` is the quantity that is asked, the side of a shape, or how well it names a row.

    `unit` follows every number of the column: `M` of `mult-adds (M)`, `%` of `share in %`.
    """

    role: Role
    word: str = ""
    unit: str = ""


_ANSWERS = (
    "answer|your answer|my answer|value|result|solution|antwort|ergebnis|wert|losung|respuesta|valor|resultado|"
    "solucion|reponse|valeur|resultat|risposta|valore|risultato|soluzione|resposta|solucao|antwoord|waarde|resultaat|"
    "oplossing|odpowiedz|wynik|wartosc|cevap|yanit|deger|sonuc|svar|varde|odpoved|valasz|raspuns|jawaban|dap an|"
    "απαντηση|ответ|значение|результат|відповідь|答案|回答|结果|結果|答え|解答|値|답|답안|정답|값|الإجابة|الجواب|"
    "תשובה|उत्तर"
)
_NAMES = (
    (
        "name|layer name|name of layer|schichtname|nombre|nom|nome|naam|nazwa|isim|ad|namn|nazev|nev|nume|имя|"
        "название|назва|名称|名稱|层名|層名|層の名前|名前|이름|الاسم|שם"
    ),
    "label|marke|etiqueta|etiquette|etichetta|标签",
    (
        "layer|layers|schicht|schichten|ebene|lage|capa|capas|couche|couches|strato|strati|livello|camada|camadas|"
        "laag|lagen|warstwa|warstwy|katman|katmanlar|lager|lag|vrstva|reteg|strat|lapisan|lop|επιπεδο|слой|слои|шар|"
        "层|网络层|層|レイヤー|レイヤ|층|레이어|계층|الطبقة|שכבה|परत"
    ),
    (
        "question|questions|q|exercise|task|part|frage|aufgabe|teil|pregunta|ejercicio|apartado|exercice|domanda|"
        "esercizio|pergunta|questao|exercicio|vraag|opgave|pytanie|zadanie|soru|fraga|otazka|kerdes|intrebare|"
        "pertanyaan|cau hoi|ερωτηση|вопрос|задание|питання|завдання|问题|题目|题号|問題|問|設問|질문|문제|문항|"
        "السؤال|שאלה|प्रश्न"
    ),
    "block|stage|block name|bloque|bloc|blocco|bloco|blok|блок|块|ブロック|블록",
    "line|row|#|nr|no|zeile|linea|ligne|riga|linha|regel|wiersz|satir|行|行号",
)
_KINDS = (
    "layer type|type|type of layer|typ|art|schichttyp|tipo|tipo de capa|type de couche|tip|tur|类型|層類型|種類|종류|"
    "тип"
)
_SIZES = {
    "height": (
        "height|h|rows|output height|hohe|altura|hauteur|altezza|hoogte|wysokosc|yukseklik|高|高さ|高度|높이|высота"
    ),
    "width": (
        "width|w|columns|output width|breite|anchura|ancho|largeur|larghezza|largura|breedte|szerokosc|genislik|宽|"
        "幅|宽度|너비|ширина"
    ),
    "channels": (
        "channels|c|depth|d|output channels|output depth|out channels|kanale|tiefe|canales|profundidad|canaux|"
        "profondeur|canali|profondita|canais|kanalen|diepte|kanały|kanal|derinlik|通道|通道数|チャンネル|チャネル|"
        "채널|каналы"
    ),
}
_OTHERS = (
    "kernel|kernel size|kernel /stride pad|kernel stride pad|window|filter|filters|filter size|filter shape|"
    "kernel shape|stride|strides|s|k|f|p|n|dilation|groups|activation|activation function|function|units|"
    "input|inputs|input shape|input size|input channels|in channels|connected to|var name|word|in|jump|start|whole|"
    "shares|params share|macs share|params %|macs %|total params|comment|comments|remark|remarks|note|notes|"
    "explanation|formula|calculation|computation|working|work|how|why|reason|points|score|marks|max|kern|"
    "kernelgrosse|filtergrosse|schrittweite|auffullung|aktivierung|aktivierungsfunktion|eingabe|eingabeform|"
    "bemerkung|kommentar|formel|rechnung|rechenweg|begrundung|punkte|nucleo|tamano del nucleo|tamano de filtro|"
    "filtro|filtros|paso|relleno|activacion|entrada|comentario|comentarios|calculo|puntos|noyau|filtre|filtres|pas|"
    "remplissage|entree|commentaire|calcul|formule|passo|riempimento|attivazione|ingresso|commento|calcolo|punti|"
    "preenchimento|ativacao|pontos|stap|invoer|opmerking|berekening|punten|jadro|krok|wejscie|obliczenia|komentarz|"
    "uwagi|punkty|cekirdek|adim|dolgu|giris|hesap|hesaplama|aciklama|yorum|puan|ядро|фильтр|шаг|вход|активация|"
    "комментарий|вычисление|формула|баллы|卷积核|核大小|核|步长|步幅|填充|激活|激活函数|输入|输入形状|备注|说明|计算|"
    "公式|计算过程|分数|カーネル|カーネルサイズ|ストライド|パディング|活性化|活性化関数|入力|入力形状|備考|計算|"
    "計算式|式|説明|커널|커널 크기|스트라이드|패딩|활성화|입력|비고|계산|수식|설명|점수"
)
_FILLER_WORDS = (
    "number|num|no|nr|n|nb|nbr|nº|n°|of|the|total|count|per|each|anzahl|zahl|der|die|das|des|von|numero|nombre|de|"
    "del|la|las|los|le|les|l|d|di|dei|delle|do|da|dos|quantidade|cantidad|quantita|aantal|van|liczba|ilosc|sayisi|"
    "sayi|antal|antall|pocet|szama|numar|jumlah|so|число|количество|кількість|αριθμος"
)
_FILLERS = frozenset(_FILLER_WORDS.split("|"))
_SIGNS = re.compile(r"[\s_`*:#№?!.,;=~'\"’|-]+")
_UNIT = re.compile(r"[(\[] ?(?:in )?([kMG])(?:illions?|io)? ?[)\]]")
_PERCENT = re.compile("%|per ?cent", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[（【][^)\]）】]{0,60}[)\]）】]?")


@lru_cache(4096)
def heading_of(cell: str) -> Heading:
    """What a column with this heading is for, and the unit of its numbers.

    >>> heading_of("# of params"), heading_of("Output shape (HxWxC)"), heading_of("Ausgabeform").word
    (Heading(role='asked', word='params', unit=''), Heading(role='asked', word='shape', unit=''), 'shape')
    >>> heading_of("Layer (type)").role, heading_of("Réponse").role, heading_of("Stride").role, heading_of("Foo").role
    ('name', 'answer', 'other', 'unknown')
    """
    known = _known()
    whole = _spelled(cell)
    bare = _spelled(_IN_BRACKETS.sub(" ", cell[:LONGEST_HEADING]))
    for text in dict.fromkeys((whole, bare)):
        short = " ".join(word for word in text.split() if word not in _FILLERS)
        found = known.get(text) or known.get(short)
        if found is not None and (text in known or found.role == "asked"):
            unit = _UNIT.search(cell[:LONGEST_HEADING]) if found.role == "asked" else None
            is_percent = found.word == Share.name and _PERCENT.search(cell[:LONGEST_HEADING]) is not None
            return found._replace(unit=unit[1].upper() if unit else "%" if is_percent else found.unit)
    if whole.startswith("layer "):
        return Heading("name", "2")
    if not bare and cell.strip() == "#":
        return Heading("name", "5")
    return Heading("unknown")


def are_understood(headings: Sequence[Heading]) -> bool:
    """Whether these cells are headings: one says what is answered, or most mean something."""
    asked = any(one.role in ("asked", "answer") for one in headings)
    sides = {one.word for one in headings if one.role == "side"} == {"height", "width", "channels"}
    return asked or sides


def _spelled(text: str) -> str:
    """Without capitals, accents and signs; other scripts in their usual width."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_HEADING].casefold())
    seen = "".join(c for c in plain if not unicodedata.combining(c) or c in "\u3099\u309a")
    return " ".join(
        _SIGNS.sub(" ", unicodedata.normalize("NFC", seen)).replace("\u0131", "i").replace("\u0142", "l").split()
    )


@cache
def _known() -> dict[str, Heading]:
    """Every heading with what it means; of two meanings the first counts."""
    found: dict[str, Heading] = {}

    def take(words: str, heading: Heading) -> None:
        for word in words.split("|"):
            found.setdefault(_spelled(word), heading)

    for first in (SHAPE, PARAMS):
        take(HEADINGS_OF[first.name], Heading("asked", first.name))
    take(_OTHERS, Heading("other"))
    for one in QUANTITIES:
        own = (one.name, *one.also, *one.headings, HEADINGS_OF.get(one.name, one.name))
        take("|".join(own), Heading("asked", one.name))
    take(_ANSWERS, Heading("answer"))
    for rank, words in enumerate(_NAMES):
        take(words, Heading("name", str(rank)))
    take(_KINDS, Heading("kind"))
    for side, words in _SIZES.items():
        take(words, Heading("side", side))
    return found
