"""Our own programs of Keras, in the styles of courses, papers and competitions.

Each has the size of its image where the program leaves it open, and what Keras 3.15 counts for it (`count_params`) and
gives (`output_shape`): `tests/against/test_keras_programs.py` asks Keras again.
"""

from __future__ import annotations

from typing import NamedTuple


class Program(NamedTuple):
    """A program, Keras' figures for its `model`, and the size of the image where it is open."""

    text: str
    params: int
    outputs: tuple[tuple[int, ...], ...]
    size: str | None = None


PROGRAMS = {
    "Sequential.add": Program(
        """
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Dropout, LeakyReLU, PReLU, SeparableConv2D
from keras.layers import DepthwiseConv2D, ZeroPadding2D, Cropping2D, UpSampling2D, Reshape
num_classes = 10
model = Sequential()
model.add(ZeroPadding2D((1, 2), input_shape=(28, 24, 1)))
model.add(Conv2D(16, kernel_size=(3, 3), strides=(2, 1), activation='relu', kernel_initializer='he_normal'))
model.add(SeparableConv2D(24, (3, 3), depth_multiplier=2, activation='selu', padding="same"))
model.add(DepthwiseConv2D(3, strides=2, padding="same", use_bias=False))
model.add(LeakyReLU())
model.add(MaxPooling2D(pool_size=(2, 2), padding="same"))
model.add(PReLU(shared_axes=[1, 2]))
model.add(UpSampling2D((2, 3), interpolation="bilinear"))
model.add(Cropping2D(((1, 0), (2, 2))))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(7 * 7 * 2, activation='leaky_relu'))
model.add(Reshape((7, 7, 2)))
model.add(Flatten())
model.add(Dense(num_classes, activation='softmax'))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
""",
        282_456,
        ((10,),),
    ),
    "residual blocks": Program(
        """
import keras
from keras import layers

class ResBlock(layers.Layer):
    def __init__(self, filters, strides=1, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.strides = filters, strides
        self.convs = [layers.Conv2D(filters, 3, strides=s, padding="same", use_bias=False) for s in (strides, 1)]
        self.norms = [layers.BatchNormalization() for _ in range(2)]

    def build(self, input_shape):
        self.short = None
        if self.strides != 1 or input_shape[-1] != self.filters:
            self.short = layers.Conv2D(self.filters, 1, strides=self.strides)

    def call(self, x, training=False):
        y = x
        for conv, norm in zip(self.convs, self.norms):
            y = keras.activations.relu(norm(conv(y), training=training))
        return keras.ops.relu(y + (x if self.short is None else self.short(x)))

def make(n=3):
    inputs = keras.Input(shape=(32, 32, 3))
    x = layers.Conv2D(16, 3, padding="same")(inputs)
    for i, f in enumerate([16, 24, 32][:n]):
        x = ResBlock(f, strides=1 if i == 0 else 2, name=f"block{i}")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))

model = make()
""",
        31_938,
        ((10,),),
    ),
    "U-Net": Program(
        """
from keras.layers import *
from keras.models import Model
def block(x, n):
    for _ in range(2):
        x = Conv2D(n, 3, padding="same", kernel_initializer="he_normal")(x)
        x = BatchNormalization()(x)
        x = Activation("relu")(x)
    return x
def unet(size=(32, 48, 3), start=4, depth=2, classes=4):
    inputs = Input(size); x, skips = inputs, []
    for d in range(depth):
        x = block(x, start * 2**d); skips.append(x); x = MaxPooling2D((2, 2))(x); x = Dropout(0.2)(x)
    x = block(x, start * 2**depth)
    for d, s in reversed(list(enumerate(skips))):
        x = Conv2DTranspose(start * 2**d, (2 + d, 2), strides=(2, 2), padding="same")(x)
        x = concatenate([x, s], axis=3)
        x = block(x, start * 2**d)
    return Model(inputs=[inputs], outputs=[Conv2D(classes, 1, activation="softmax")(x)])
model = unet()
""",
        8_060,
        ((32, 48, 4),),
    ),
    "shared branch": Program(
        """
import keras
from keras import layers
base = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3, activation="relu"),
                         layers.GlobalAveragePooling2D(), layers.Dense(4)], name="base")
a, b = keras.Input((28, 28, 1), name="left"), keras.Input((28, 28, 1), name="right")
d = layers.Subtract()([base(a), base(b)])
model = keras.Model([a, b], layers.Dense(1, activation="sigmoid")(d))
""",
        121,
        ((1,),),
    ),
    "a model in a model": Program(
        """
import keras
from keras import layers
inner_in = keras.Input((None, None, 3))
h = layers.Conv2D(6, 3, padding="same", activation=keras.activations.gelu)(inner_in)
h = layers.Concatenate()([h, inner_in])
inner = keras.Model(inner_in, [h, layers.MaxPooling2D(3, strides=1, padding="same")(h)], name="inner")
x = inputs = keras.Input((20, 16, 3))
a, b = inner(x)
x = layers.Conv2D(3, 1)(layers.Average()([a, b]))
c, _ = inner(x)
model = keras.Model(inputs, {"label": layers.Dense(5)(layers.Flatten()(a)),
                             "mask": layers.Conv2D(2, 3, strides=2, padding="same")(c)})
""",
        14_767,
        ((5,), (10, 8, 2)),
        "20x16x3",
    ),
    "a subclassed model": Program(
        """
import keras
from keras import layers
class Net(keras.Model):
    def __init__(self, units=(16, 8)):
        super().__init__()
        self.flat = layers.Flatten()
        self.hidden = [layers.Dense(n, activation="relu") for n in units]
        self.drop = layers.Dropout(0.5)
        self.out = layers.Dense(3)
    def call(self, inputs, training=None):
        x = self.flat(inputs)
        for layer in self.hidden:
            x = layer(x)
        if training:
            x = self.drop(x, training=training)
        return self.out(x)
model = Net()
model(keras.ops.zeros((1, 6, 5, 2)))
""",
        1_139,
        ((3,),),
    ),
    "signals": Program(
        """
import keras
from keras import layers
model = keras.Sequential([
    layers.Input(shape=(120, 14)),
    layers.Conv1D(8, 24, activation="relu", padding="causal", dilation_rate=2),
    layers.MaxPooling1D(2), layers.SeparableConv1D(8, 12), layers.Dense(6, activation="gelu"),
    layers.AveragePooling1D(3, strides=2, padding="same"),
    layers.GlobalAveragePooling1D(), layers.Dense(1)])
""",
        2_925,
        ((1,),),
    ),
    "volumes": Program(
        """
from keras import Sequential, layers
model = Sequential([layers.Input((8, 16, 12, 1)), layers.Conv3D(4, 3), layers.MaxPooling3D(2),
                    layers.Conv3DTranspose(2, 3, strides=2, padding="same"), layers.BatchNormalization(),
                    layers.Conv3DTranspose(2, (1, 2, 2), strides=2), layers.Flatten(), layers.Dense(3)])
""",
        40_679,
        ((3,),),
    ),
    "squeeze and excitation, inception, two outputs": Program(
        """
import keras
from keras import layers
def inception(x, *fs, name=None):
    b = [layers.Conv2D(f, (k, k), padding="same", activation=keras.activations.relu, name=f"{name}_{k}")(x)
         for k, f in zip((1, 3, 5), fs)]
    p = layers.MaxPooling2D(3, strides=1, padding="same")(x)
    return layers.Concatenate()([*b, layers.Conv2D(fs[-1], 1)(p)])
def se(x, ratio=4):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(max(1, c // ratio), activation="relu")(s)
    return layers.Multiply()([x, layers.Dense(c, activation="sigmoid")(s)])
inp = keras.Input((24, 24, 3), name="image")
x = layers.Rescaling(1 / 255.0)(inp)
x = layers.RandomFlip("horizontal")(x)
for i, fs in enumerate([(4, 8, 4), (8, 12, 4)]):
    x = se(inception(x, *fs, name=f"mix{i}"))
    x = layers.MaxPooling2D()(x)
    x = layers.LayerNormalization()(x)
x = layers.Lambda(lambda t: t * 2.0)(x)
x = layers.Conv2D(12, 3, dilation_rate=2, groups=4)(x)
x = layers.GroupNormalization(groups=4)(x)
model = keras.Model(inp, [layers.Dense(5, name="a")(layers.Flatten()(x)), layers.GlobalMaxPooling2D()(x)])
""",
        6_773,
        ((5,), (12,)),
    ),
    "functions": Program(
        """
import keras
from keras import layers, ops
inp = keras.Input((12, 10, 8))
x = ops.relu(layers.Conv2D(8, 3, padding="same")(inp)) + inp
a, b = ops.split(x, 2, axis=-1)
x = ops.concatenate([a, ops.multiply(b, 0.5)], axis=-1)
x = ops.reshape(x, (-1, 12, 5, 16))
x = ops.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]])
y = layers.Conv2D(4, 3)(x[:, ::2, 1:, :])
z = ops.relu(ops.transpose(y, (0, 3, 1, 2)))
model = keras.Model(inp, [ops.mean(y, axis=(1, 2)), ops.transpose(z, (0, 2, 3, 1))])
""",
        1_164,
        ((4,), (6, 3, 4)),
    ),
    "functions of each number": Program(
        """
import keras
from keras import layers, ops
inp = keras.Input((12, 10, 3))
x = layers.GroupNormalization(-1)(layers.Conv2D(8, 3)(inp))
x = layers.PReLU()(layers.LayerNormalization(center=False)(x))
gate = layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x)
x = x * gate + layers.RMSNormalization()(ops.gelu(x))
x = layers.UnitNormalization()(ops.maximum(x, -0.5)) - ops.minimum(x, 0.25)
x = ops.squareplus(ops.soft_shrink(x)) + ops.tanh_shrink(x) + ops.glu(ops.concatenate([x, 1 - x], axis=-1))
x = ops.log1p(ops.square(x)) + ops.arctan(x) + ops.erf(-x) / (2 + ops.cos(x))
x = layers.Activation("log_softmax")(layers.Dense(4)(layers.GlobalAveragePooling2D()(x)))
model = keras.Model(inp, x)
""",
        1_005,
        ((4,),),
    ),
    "channels first": Program(
        """
import keras
from keras import layers
keras.backend.set_image_data_format("channels_last")
first = {"data_format": "channels_first"}
inp = keras.Input((3, 16, 12))
x = layers.Conv2D(6, 3, activation="relu", **first)(inp)
x = layers.BatchNormalization(axis=1)(x)
x = layers.MaxPooling2D(2, **first)(x)
x = layers.Flatten(**first)(x)
model = keras.Model(inp, layers.Dense(4)(x))
""",
        1_036,
        ((4,),),
    ),
    "weights of the program's own": Program(
        """
import keras
from keras import layers
class ScaleAndShift(layers.Layer):
    def build(self, shape):
        self.gain = self.add_weight(name="gain", shape=(shape[-1],), initializer="ones")
    def call(self, x):
        return x * self.gain
model = keras.Sequential([keras.Input((9, 9, 5)), layers.Conv2D(7, 2), ScaleAndShift(), layers.GlobalMaxPool2D()])
""",
        154,
        ((7,),),
    ),
    "attention of several heads": Program(
        """
import keras
from keras import layers
inputs = keras.Input((6, 5))
other = keras.Input((4, 3))
x, w = layers.MultiHeadAttention(2, 3, value_dim=4, name="cross")(inputs, other, return_attention_scores=True)
x = layers.LayerNormalization()(x + inputs)
x = layers.MultiHeadAttention(num_heads=3, key_dim=2, use_bias=False, dropout=0.1)(query=x, value=x, key=x)
x = layers.MultiHeadAttention(num_heads=1, key_dim=7)(x, x, use_causal_mask=True)
share = keras.ops.softmax(layers.Dense(1)(x), axis=1)
x = keras.ops.squeeze(keras.ops.matmul(keras.ops.transpose(share, (0, 2, 1)), x), 1)
model = keras.Model([inputs, other], layers.Dense(2)(x))
""",
        451,
        ((2,),),
    ),
}
