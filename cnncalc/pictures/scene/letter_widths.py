"""How wide each letter of Arimo is, regular and bold, in thousandths of the size: as Arial, and as Helvetica nearly is.

Of letters that are as wide as the one that they are made of ("é" of "e") only that one is listed.  The fonts are in
`writers/fonts`, where README says how they were made; a test compares them with these numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import normalize

_RANGES = (
    "20-7E A0-AC AE-17F 192 218-21B 386 388-38A 38C 38E-3A1 3A3-3CE 400-45F 490-491 2010-2015 2018-201E 2020-2022 2026 "
    "2030 2032-2033 2039-203A 2044 2070 2074-208E 20AC 2122 2190-2195 2202 2206 220F 2211-2212 2215 221A 221E 2248 "
    "2260 2264-2265 FFFD"
)
"""The letters that ship: Latin, Greek, Cyrillic, and the signs of arithmetic."""

_REGULAR = """
167 ⁄∕ 188 ′ 191 ' 217 ⁽⁾₍₎ 222 ijlłſιіј‘’‚‛ 260 |¦ 278 !,./:;I[\\]ftìíîïĩīĭıŧΙІї 292 ľ
333 ()-`r¡¨²³´·¸¹‐“”„‹›⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼₀₁₂₃₄₅₆₇₈₉₊₋₌ 334 {}ŀ 350 • 354 ″ 355 " 365 ºгⁿ 370 ª 375 ť 384 Ί 389 * 395 τ
400 ° 411 ґ 438 к 441 ζ 444 ĳ 446 ε 448 ξ 458 зт 469 ^ 482 ς 489 Ґ 494 ∂ 500 JcksvxyzĸγκλνЈсухѕ↑↓↕ 510 эє
521 чь 525 χ 531 в 537 ¶ 542 Гпя 547 υ 549 ±÷√≈≠≤≥ 551 Γ 552 ¯нџ
556 #$0123456789?L_abdeghnopqu¢£¤¥§«»ðþđħŁŋƒηθοаеорђћ‒–†‡€ 557 δ 559 и 569 ρ 573 бц 575 β 576 μ 578 α 583 Кдл
584 +<=>~¬×− 604 ŉЗ 611 FTZ¿ßøŦΖΤТ 612 ∆ 615 ď 617 σ 618 Σ 625 ъ 635 У 648 φ 650 Ξ 656 БЛЬ
667 &ABEKPSVXYÞΑΒΕΚΡΥΧЅАВЕРХЧ 668 ΔΛ 669 ж 677 Д 688 м 690 π 713 ψ∑∞ 719 ЄЏИПЭы 722 CDHNRUwÐĐĦΗΝΠНСЯ 723 Ŋ
735 Ĳ 737 ©® 740 Ц 748 Ω 750 ю 752 Ώ 760 Ф 774 Ό 778 GOQØΘΟО 781 ω 784 Έ 792 Ъ 798 Φ 802 ш 812 њ 823 фщ∏
833 MmΜМ 834 ¼½¾ 835 Ψ 838 Ή 840 � 854 Ћ 855 Ύ 865 Ђ 885 Ы 889 %æ 906 љ 917 Ш 923 Ж 938 Щ 944 Wœ
1000 ÆŒ—―…‰™←→↔ 1010 ЊЮ 1015 @ 1057 Љ
"""
"""Width, the letters so wide, and so on; a blank is 278 wide."""

_BOLD = """
167 ⁄∕ 238 ' 240 ′ 244 ⁽⁾₍₎ 276 Ї 278 ,./I\\ijlıłſΙιІіј‘’‚‛ 280 |¦ 281 ї
333 !()-:;[]`ft¡¨²³´·¸¹ŧ‐‹›⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼₀₁₂₃₄₅₆₇₈₉₊₋₌ 350 • 365 º 370 ª 385 ľ 389 *r{} 396 ⁿ 400 ° 417 г 445 ξ
446 τ 447 ґ 451 έ 460 ζ 474 "Ί 475 ε 479 ŀť″ 487 Ґ 490 т 494 ∂ 497 з 500 zк“”„↑↓↕ 520 ς 541 θ 549 ±÷√≈≠≤≥
552 ¯эє 556 #$0123456789J_aceksvxy¢£¤¥§«¶»ĳĸƒγλνЈаесухѕ‒–†‡€ 558 κ 567 Г 576 χ 581 ч 582 υ 583 я 584 +<=>^~¬×−
600 µΣ 601 Γ 604 нпџ 606 δ 610 βК 611 ?FLTZbdghnopqu¿ßðøþđħŁŋŦΖΤηοТорђћ 612 μ∆ 615 αвиць 618 б 619 ρ 622 У
626 З 635 дл 644 Ξ 667 EPSVXYÞΕΛΡΥΧЅЕРХ 669 Ё 684 σ 702 Л 703 Ч 708 ŉ 709 ж 711 ЄЭ 712 Д 713 ∑∞ 715 φ
719 ďΔЏБИПЬЯ 722 &ABCDHKNRUÐĐĦΑΒΗΚΝΠАВНС 723 Ŋ 729 ъ 730 Ц 737 ©® 740 м 753 ψ 766 π 778 GOQwØΘΟО 785 Ĳ 802 Ω
809 Ψ 821 Φ 823 ∏ 825 Ό 833 MΜМш 834 ¼½¾ 838 Ώ 840 � 844 щ 845 ω 853 Έ 854 Фыю 870 Ъ 875 Ћф 885 Ђ 889 %mæ
904 Ж 906 Ήњ 927 Ύ 944 Wœ 969 љ 975 @ 979 Ы 1000 ÆŒ—―…‰™←→↔ 1005 Ш 1019 Щ 1031 Ю 1062 Њ 1094 Љ
"""


def _widths(table: str) -> dict[str, int]:
    """Letter -> width, for each letter that ships."""
    words = [*table.split(), "278", " "]
    listed = {letter: int(width) for width, letters in zip(words[::2], words[1::2], strict=True) for letter in letters}
    return {letter: listed.get(letter) or listed[normalize("NFKD", letter)[0]] for letter in _letters()}


def _letters() -> Iterator[str]:
    for one in _RANGES.split():
        first, _, last = one.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


REGULAR, BOLD = _widths(_REGULAR), _widths(_BOLD)
