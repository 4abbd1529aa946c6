"""What is refused when pictures are drawn: of nets, of maps, of cells.

An example here is a command line that earns the code.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "no-maps": Entry(
        "the network has no maps that could be drawn",
        "A map has a height and a width. A network that starts with a vector, as a multilayer perceptron does, has "
        "only vectors: numbers without neighbours, which make no picture.",
        "printf 'input 784\\ndense 10\\n' | cnncalc run - --input-array numbers.npy --maps maps",
    ),
    "maps-and-json": Entry(
        "maps in the terminal and JSON were both asked for",
        "`--maps -` draws on standard output, and `--json` writes there what a program reads: the drawing would spoil "
        "it. Give `--maps` a folder instead; the JSON then lists its files.",
        "cnncalc run lenet5 --image digit.png --maps - --json",
    ),
    "outputs-share-place": Entry(
        "two outputs of one command would be written to one place",
        "Each of `--maps`, `--why`, `--draw`, `--save` and `--save-weights` writes a file or a folder of its own. If "
        "two of them had one name, the second would replace the first, so nothing is run. Give each its own name.",
        "cnncalc run mnist-convnet --image digit.png --why why.png --maps why.png",
    ),
    "block-not-drawn": Entry(
        "a block that the network does not call cannot be drawn out",
        "`--open` takes the name of a block of the network, as it is written in its text, and draws the layers of each "
        "of its calls in the picture itself.",
        "cnncalc draw resnet50 --open bottle -o net.svg",
    ),
    "no-sliding-window": Entry(
        "a sliding window was asked for where none slides",
        "A `.gif`, and `--slide`, draw the window at each of its places. Convolutions and pools have such a window, "
        "over a picture or a signal; a dense layer reads everything at once, and a window over a volume has a depth "
        "that a flat picture cannot show. Without `--slide`, an `.svg`, `.png` or `.pdf` draws any one number.",
        "cnncalc trace lenet5 --at dense1 -o dense1.gif",
    ),
    "window-slides-too-long": Entry(
        "a sliding window has too many places, or a map too many cells, to be watched",
        "A `.gif` has a frame for each number of a channel of the result, with every number of the input in it. At "
        "most 64 frames and 24 rows and columns are drawn. Use a smaller input (`--input 16`), or draw one number "
        "into an `.svg`.",
        "cnncalc trace lenet5 --at conv1 -o conv1.gif",
    ),
    "no-occlusion-map": Entry(
        "the network has no class whose places in a picture could be found",
        "`--why` hides one part of a picture after the other and looks how the score of a class falls. That needs a "
        "network with one picture as its input, and a vector as its output: one number for each class. U-Net gives a "
        "class for each pixel, a detector gives boxes, and an input of numbers in a row has no places to hide. "
        "`--maps DIR` draws what each layer makes of the picture, whatever the network gives.",
        "cnncalc run unet --image photo.jpg --why why.png",
    ),
    "no-such-class": Entry(
        "a class that the network does not have",
        "`--why-class` takes the number of a class, counted from 0 as `run` prints it, or its name. Names are those of "
        "the list of labels; of a label with several names, such as `tench, Tinca tinca`, each will do. A name that "
        "two classes share does not say which is meant: then give the number.",
        "cnncalc run mnist-convnet --image digit.png --why why.png --why-class 10",
    ),
    "why-class-alone": Entry(
        "a class for an occlusion map was named, but no map was asked for",
        "`--why-class` only chooses the class of the picture that `--why FILE` draws. The most likely classes of a run "
        "are listed without either.",
        "cnncalc run mnist-convnet --image digit.png --why-class 7",
    ),
    "unknown-chart": Entry(
        "a chart that does not exist",
        "`--chart` and `net.chart` draw `memory` (what is alive while each layer runs), `rf` (how the receptive field "
        "grows), or one of the numbers that add up over the layers: `params`, `macs`, `flops`, `size`, `connections`, "
        "`buffers`. Other spellings of these are read, too, as in answers: `parameters`, `activations`.",
        "cnncalc draw lenet5 --chart paramz -o params.svg",
    ),
    "chart-and-picture": Entry(
        "an option of the picture of a network was given for a chart",
        "A chart has bars or lines in place of the network's volumes, so there is no input for a photo and there are "
        "no blocks to draw out. Width, theme and file are the same for both.",
        "cnncalc draw resnet50 --chart macs --no-inside -o macs.svg",
    ),
    "no-fields": Entry(
        "the network has no receptive fields that could grow",
        "A local receptive field is a part of a picture or a signal. A network that starts with a vector has none: "
        "each of its values sees all of it.",
        "printf 'input 784\\ndense 10\\n' | cnncalc draw - --chart rf -o rf.svg",
    ),
}
