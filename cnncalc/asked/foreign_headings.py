"""The headings that columns of each quantity have in tables, in the words and languages that courses use.

Without capitals and accents; `number of` and the like are left out too.  A quantity's own name is always a heading.
"""

from __future__ import annotations

HEADINGS_OF: dict[str, str] = {
    "shape": (
        "output shape|activation shape|output|output size|output dimension|output dim|output volume|out|out shape|"
        "out size|shape|dimension|dimensions|feature map|feature map size|map size|volume|tensor shape|outputshape|"
        "ausgabeform|ausgabegrosse|ausgabedimension|ausgabe|ausgang|form|dimensionen|grosse der ausgabe|salida|"
        "forma de salida|tamano de salida|dimension de salida|dimensiones|forma|volumen de salida|sortie|"
        "forme de sortie|taille de sortie|dimension de sortie|forme|volume de sortie|uscita|forma di uscita|"
        "forma in uscita|dimensione di uscita|dimensioni|forma dell uscita|output forma|forma dell output|"
        "dimensione output|dimensione dell output|saida|forma de saida|forma da saida|tamanho de saida|"
        "tamanho da saida|dimensao de saida|dimensoes|formato de saida|formato da saida|uitvoer|uitvoervorm|vorm|"
        "uitvoergrootte|outputvorm|afmetingen|wyjscie|kształt wyjscia|rozmiar wyjscia|wymiar wyjscia|wymiary|kształt|"
        "ksztalt wyjscia|ksztalt|cikis|cikis sekli|cikis boyutu|cikti|cikti boyutu|cikti sekli|boyut|sekil|utdata|"
        "utdataform|utgang|utstorlek|form ut|uddata|udgang|outputform|vystup|vystupni tvar|tvar vystupu|"
        "velikost vystupu|tvar|kimenet|kimenet alakja|kimenet merete|alak|iesire|forma iesirii|dimensiunea iesirii|"
        "keluaran|bentuk keluaran|ukuran keluaran|bentuk|dau ra|kich thuoc dau ra|kich thuoc|εξοδος|σχημα εξοδου|"
        "μεγεθος εξοδου|выход|форма выхода|выходная форма|размер выхода|размерность выхода|форма|размерность|вихід|"
        "форма виходу|розмір виходу|输出|输出形状|输出尺寸|输出大小|输出维度|形状|尺寸|輸出|輸出形狀|輸出尺寸|"
        "輸出大小|形狀|出力|出力形状|出力サイズ|出力の形|出力の形状|出力のサイズ|出力シェイプ|出力次元|特徴マップ|"
        "サイズ|출력|출력 형태|출력 크기|출력 모양|출력 차원|형태|크기|모양|المخرجات|شكل المخرجات|شكل الخرج|"
        "حجم المخرجات|حجم الخرج|צורת הפלט|פלט|आउटपुट|आउटपुट आकार"
    ),
    "params": (
        "param|params|parameter|parameters|learnable params|learnable parameters|learnables|trainable and other params|"
        "params layer|parametern|lernbare parameter|parameterzahl|parameteranzahl|parametro|parametros|parametre|"
        "parametres|parametri|parametry|parametrow|paramet|parametru|parametara|parametrar|parametrer|parametrene|"
        "parametret|paramet szama|parameterek|parameterek szama|parametrii|so tham so|tham so|jumlah parameter|"
        "παραμετροι|αριθμος παραμετρων|параметры|параметров|число параметров|количество параметров|параметри|"
        "параметрів|кількість параметрів|参数|参数量|参数数量|参数个数|参数数目|參數|參數量|參數數量|參數個數|"
        "パラメータ|パラメータ数|パラメーター|パラメーター数|パラメータの数|매개변수|매개변수 수|파라미터|"
        "파라미터 수|파라미터 개수|المعلمات|عدد المعلمات|عدد البارامترات|פרמטרים|מספר פרמטרים|पैरामीटर"
    ),
    "size": (
        "activation size|activations|neurons|units in output|output neurons|aktivierungen|neuronen|activaciones|"
        "neuronas|neurones|attivazioni|neuroni|ativacoes|neuronios|neurony|activaties|aktivasyon|noronlar|"
        "noron sayisi|神经元|神经元数|神經元|ニューロン数|뉴런 수|нейроны|нейронов"
    ),
    "macs": (
        "mac|macs|mult adds|multiply adds|multiplications|multiply accumulates|mult add|multiplikationen|"
        "multiplicaciones|moltiplicazioni|multiplicacoes|mnozenia|vermenigvuldigingen|carpma|乘加|乘加次数|乘法次数|"
        "乘法|積和|積和演算|積和演算数|乗算|乗算回数|곱셈|곱셈 수|умножения|умножений"
    ),
    "flops": (
        "flop|flops|floating point operations|operations|operationen|operaciones|operazioni|operacoes|浮点运算|"
        "浮点运算量|浮動小数点演算|浮動小数点演算数|부동소수점 연산|операции"
    ),
    "rf": (
        "receptive field|receptive field size|rf size|rezeptives feld|campo receptivo|champ receptif|champ recepteur|"
        "campo recettivo|campo ricettivo|receptief veld|pole recepcyjne|pole odbiorcze|alici alan|alimlama alani|"
        "algilama alani|receptivt falt|receptivni pole|camp receptiv|рецептивное поле|рецептивне поле|感受野|"
        "感受野大小|受容野|受容野サイズ|수용 영역|수용장|حقل الاستقبال"
    ),
    "trainable": (
        "trainable params|trainable parameters|trainierbare parameter|parametros entrenables|parametres entrainables|"
        "parametri addestrabili|parametros treinaveis|可训练参数|可訓練參數|学習可能パラメータ"
    ),
    "biases": (
        "bias|biases|bias terms|bias parameters|verzerrungen|sesgos|biais|bias sayisi|偏置|偏置数|バイアス|バイアス数"
    ),
    "weights": (
        "weights without bias|weights|gewichte|pesos|poids|pesi|gewichten|wagi|agirliklar|权重|权重数|權重|重み|"
        "重みの数|가중치|веса|ваги|الأوزان"
    ),
    "connections": (
        "connections|verbindungen|conexiones|connexions|connessioni|conexoes|verbindingen|połaczenia|baglantilar|"
        "连接|连接数|連接|結合数|연결|связи"
    ),
    "buffers": "buffers",
    "padding": "padding per side",
    "values": "values|output values|output matrix",
}
"""A quantity -> the headings that mean it, without capitals and accents.  A quantity's own name is always one."""
