"""What only a run can find wrong: pictures, number files, weights, memory.

An example is a command line, since no line of a model breaks these rules.
"""

from __future__ import annotations

from cnncalc.diagnostics.catalogue import Entry

ENTRIES: dict[str, Entry] = {
    "input-given-twice": Entry(
        "a picture and an array are given for one input",
        "A network runs either on pictures (`--image`) or on plain numbers (`--input-array`).",
        "cnncalc run lenet5 --image digit.png --input-array numbers.npy",
    ),
    "file-missing": Entry(
        "a file that a run should read does not exist",
        "The name was looked up from the folder in which the command was given. Check the spelling, the "
        "ending and the folder; a name with spaces needs quotes in most shells.",
        "cnncalc run lenet5 --image digitt.png",
    ),
    "file-is-folder": Entry(
        "a folder was given where a file is expected",
        "A run reads single files. Name the file in the folder, or let the shell list them, as in `--image "
        "photos/*.jpg`.",
        "cnncalc run lenet5 --image photos/",
    ),
    "file-empty": Entry(
        "a file has 0 bytes",
        "A download or a copy probably stopped early. An empty file is neither a picture nor weights; fetch it again.",
        "cnncalc run lenet5 --image empty.png   # a file of 0 bytes",
    ),
    "picture-unknown": Entry(
        "a file is no picture that can be read",
        "The kind of a picture is seen from its first bytes, not from its name. PNG, JPEG, GIF, BMP, TIFF, "
        "WebP, PPM, TGA, ICO and JPEG 2000 are read, with 8 or 16 bits a channel. Convert anything else with "
        "an image editor.",
        "cnncalc run lenet5 --image notes.txt",
    ),
    "picture-damaged": Entry(
        "a picture begins well but cannot be decoded to its end",
        "Its data end early or were changed. A net fed with half a picture would answer with confidence and "
        "be wrong, so nothing is guessed. Fetch the file again, or open it in an image editor and save it as "
        "PNG.",
        "cnncalc run lenet5 --image half.jpg   # a download that stopped early",
    ),
    "picture-too-large": Entry(
        "a picture's header claims more pixels than are decoded",
        "A file of a few bytes can claim to be 100,000 x 100,000 pixels and fill the memory when decoded. The "
        "header is read first, and more than 65 megapixels are refused. Make the picture smaller: the net "
        "resizes it to its own input anyway.",
        "cnncalc run lenet5 --image claims-100000x100000.png",
    ),
    "input-is-no-picture": Entry(
        "a picture was given to a net that reads none",
        "Only a 2-D input of 1 to 4 channels can be a picture. Signals (1-D), volumes (3-D), flat vectors and "
        "inputs of many channels are given as numbers: a .npy file, written with numpy.save.",
        "echo 'input 1000 channels 8' | cnncalc run - --image digit.png",
    ),
    "no-boxes": Entry(
        "nothing says how boxes are read from the outputs of the net",
        "`run --boxes` reads the outputs of the lines `yolo`, `region` and `detection`, which know the anchors and the "
        "classes, and outputs of 4 or 5 numbers and one for each class, as YOLOv5 and YOLOv8 are exported. Maps of a "
        "detector without such a line are numbers whose meaning is not known: write the line after each map.",
        "cnncalc run lenet5 --image digit.png --boxes",
    ),
    "draw-one-picture": Entry(
        "there is not one picture to draw boxes on",
        "`--draw FILE.png` writes the picture of `--image` with the boxes that were found in it. With several pictures "
        "nothing says which of them the file should show, and with `--input-array` there is none.",
        "cnncalc run yolov3-tiny --image cat.png --image 4.png --draw boxes.png",
    ),
    "draw-no-picture": Entry(
        "the name of the picture that should be drawn does not end in .png, .jpg or .webp",
        "The ending of the name says in which format a picture is written. PNG keeps every line as it is drawn, JPEG "
        "and WebP make smaller files of photographs.",
        "cnncalc run yolov3-tiny --image cat.png --draw boxes.txt",
    ),
    "filter-not-named": Entry(
        "`filter` is given no filter, or several things at once",
        "`--filter` names one filter: a built-in one, a file with its numbers, or the numbers themselves. `--all` "
        "shows all built-in filters on one page. One of the two is given; `--compare` belongs to the first.",
        "cnncalc filter photo.jpg -o new.png",
    ),
    "filter-too-long": Entry(
        "a filter on a picture needs more multiply-adds than are done",
        "A kernel of k x k numbers needs k * k multiply-adds for each value of the result. More than 10 thousand "
        "million are refused. Make the picture smaller, or the stride larger.",
        "cnncalc filter photo.jpg --filter box105.txt -o new.png   # 105x105 numbers on 640x480 pixels in colour",
    ),
    "input-missing": Entry(
        "an input of the net was given nothing",
        "Each `input` line that states no data of its own (`input from NAME`) needs a picture or an array. A "
        "net with several inputs needs one for each.",
        "cnncalc run lenet5   # without --image",
    ),
    "input-shape": Entry(
        "an array has another shape than the input",
        "An array must hold the sizes of the `input` line, in the order of the file (channels last, unless it "
        "says `order channels_first`); a batch may come first, and a single channel may be left out.",
        "cnncalc run lenet5 --input-array numbers.npy   # an array of 28x28x1; the net reads 32x32x1",
    ),
    "input-which-array": Entry(
        "an .npz file holds several arrays, and none has the name of the input",
        "An .npz file is a collection of named arrays. Where there is more than one, the one that is called "
        "as the input line (`input1`, or its label) is taken.",
        "cnncalc run lenet5 --input-array several.npz",
    ),
    "arrays-unknown-format": Entry(
        "a file of weights or numbers has an unknown format",
        "What a file is, is seen from its first bytes, else from the end of its name. `cnncalc "
        "explain weight-files` lists the kinds that are read. A file whose arrays have no names cannot be matched with "
        "a network: save the weights alone, as the message says.",
        "cnncalc run vgg16 --image cat.jpg --weights cat.jpg",
    ),
    "arrays-damaged": Entry(
        "a file of arrays contradicts itself",
        "Every header is held against the bytes that are there before anything is unpacked. A file that "
        "claims more than it holds, ends early or fails its checksum is refused; copy or save it again.",
        "cnncalc run vgg16 --image cat.jpg --weights half.npz",
    ),
    "arrays-not-numbers": Entry(
        "an array holds something else than numbers",
        "Python objects, texts and records are never loaded, since unpacking them can run programs. Numbers of "
        "8 bits and fewer (float8, quantised), complex numbers and sparse arrays are not read either. Save plain "
        "arrays of float32, float16 or bfloat16.",
        "cnncalc run vgg16 --image cat.jpg --weights objects.npz",
    ),
    "hdf5-not-read": Entry(
        "a part of an HDF5 file is of a kind that is never read",
        "Keras' .h5, .weights.h5 and .keras files hold arrays in HDF5, which can also hold links to other files, "
        "arrays in other files, arrays packed by plugins and groups inside themselves. Keras writes none of them, so "
        "they are refused before they are followed, and so is an array that unpacks to far more than is stored. HDF5 "
        "itself is read by a C library: as with pictures, open only files from people you trust.",
        "cnncalc run lenet5 --image digit.png --weights linked.h5   # with a link to another file",
    ),
    "keras-part-missing": Entry(
        "a file lacks a part that every model saved by Keras has",
        "A .keras file is a zip of `config.json`, the layers, and `model.weights.h5`, their weights. Without both it "
        "is another zip, or one that somebody packed again.",
        "cnncalc run lenet5 --image digit.png --weights config-only.keras   # a zip with config.json alone",
    ),
    "number-does-not-fit": Entry(
        "a number of an array is too large for the type of the run",
        "Networks run in float32, whose largest number is about 3.4e38; only a network that is worked out by hand "
        "(`data`, `values`) runs in float64. A larger number would become infinite, and so would every result "
        "that depends on it. Numbers that are infinite or NaN in the file itself are run, and reported.",
        "cnncalc run lenet5 --input-array huge.npy   # float64 numbers like 1e300",
    ),
    "network-needed": Entry(
        "weights are to be written for a network that is not named",
        "`weights --save-weights` writes arrays under the names that a network gives them, so it needs the network: "
        "`--net MODEL`.",
        "cnncalc weights mine.npz --save-weights new.safetensors",
    ),
    "unknown-ending": Entry(
        "the end of a file's name does not say in which format it is to be written",
        "Weights are written as .safetensors, .npz or Darknet's .weights; the name of the file says which. PyTorch "
        "reads the first with safetensors.torch.load_file, NumPy the second.",
        "cnncalc weights mine.npz --net model.txt --save-weights new.pth",
    ),
    "weights-not-finite": Entry(
        "a file of weights holds numbers that are NaN or infinite",
        "A training whose loss became infinite leaves such weights, and every result that depends on them is NaN as "
        "well. The run goes on, names the arrays with the first such place in each, and is not confirmed.",
        "cnncalc run model.txt --input-array zeros.npy --weights failed.npz",
    ),
    "weights-mismatch": Entry(
        "the weights in a file are not those of the net",
        "Files of cnncalc call each weight LINE.WEIGHT, as `conv1.weight`; files of PyTorch and Keras are matched by "
        "the names and shapes of their layers, and the run says so. The message has how many lines fit and the first "
        "real difference: another size, a bias that one of them has, a layer too many. Where most names are the "
        "net's own, it lists what is missing, left over, or of another shape.",
        "cnncalc run vgg16 --image cat.jpg --weights resnet50.npz",
    ),
    "weights-ambiguous": Entry(
        "the arrays of a file fit the net in more than one way",
        "Several layers of the file have equal shapes, its layers are not in the order of the net's lines, and "
        "the order of the names gives other pairs than the order of the file. Any of them would run, and all but one "
        "would give wrong numbers, so nothing is read. Labels that are the file's own names settle it.",
        "cnncalc run twins.txt --input-array numbers.npy --weights shuffled.npz",
    ),
    "weights-unsure": Entry(
        "only the order of names says which of two layers of a weight file is meant",
        "A .safetensors file is written in the order of letters, so its order says nothing about the net. Where two "
        "layers have equal shapes, so that either could be meant, the order of their names decides (`branch1x1` before "
        "`branch_pool`), which is right in most nets. The run goes on; compare its results with the other program's.",
        "cnncalc run twins.txt --input-array numbers.npy --weights letters.npz",
    ),
    "weights-order-unknown": Entry(
        "a weight file does not say in which order a dense layer reads a flattened map",
        "PyTorch's flatten writes channel after channel, Keras' place after place. Where the file's program is known, "
        "the columns of a dense layer after `flatten` are put in the order of the net. NumPy's files do not say whose "
        "they are: with `order channels_first` the net flattens as PyTorch does, else as Keras.",
        "cnncalc run flat.txt --input-array numbers.npy --weights unnamed.npz",
    ),
    "weights-padding": Entry(
        "PyTorch's weights are used with Keras' `same` padding",
        "With a stride above 1, `same` puts the odd row or column at the end, as Keras and TensorFlow do. PyTorch pads "
        "both sides equally (`padding=1`). Shapes and weights fit in both cases, but the window lies one pixel off, so "
        "the results differ. Nets that were brought to PyTorch from TensorFlow do pad as `same` does.",
        "cnncalc run strided.txt --input-array numbers.npy --weights torch.npz",
    ),
    "weights-epsilon": Entry(
        "batch norm adds the number that is usual in another program than that of the weights",
        "Batch norm divides by the root of the variance plus epsilon: 1e-5 in PyTorch, 0.001 in Keras, unless a "
        "program says otherwise. No weight file holds that number, so it must be in the model: `epsilon 0.001` as a "
        "line above `input`, or `bn epsilon=0.001`.",
        "cnncalc run strided.txt --input-array numbers.npy --weights torch.npz",
    ),
    "not-enough-memory": Entry(
        "a run would need more memory than the machine has left",
        "Weights, results still needed and workspace are added up for the worst step before anything is "
        "allocated, and held against what the machine, its container and the process limit leave. Give fewer "
        "pictures at a time or a smaller input; `summary` needs no such memory.",
        "echo 'input 100000x100000x3' | cnncalc run - --image photo.jpg",
    ),
    "cache-not-used": Entry(
        "compiled kernels are not read from a folder that others can write to",
        "Kernels are compiled when they are first needed and kept on disk. Whoever can write to that place can "
        "put programs there that would run as you; so every folder on the way to it must belong to you or to "
        "root and be closed to writing by others, and so must each file. Elsewhere the kernels are compiled for "
        "each run, which takes longer. `chmod go-w FOLDER` closes a folder of yours; NUMBA_CACHE_DIR names "
        "another one.",
        "mkdir -m 777 shared; NUMBA_CACHE_DIR=shared cnncalc run lenet5 --image digit.png",
    ),
    "batch-too-small": Entry(
        "a run was asked for less than one image",
        "A batch has at least one image.",
        "python -c \"import cnncalc, numpy; cnncalc.load('lenet5').run(numpy.zeros((0, 32, 32, 1)))\"",
    ),
    "no-classes": Entry(
        "the network gives no vector with a number for each class",
        "`session.predict` lists the classes with the highest numbers of an output that is a vector, as `dense 10 "
        "softmax` gives it. A network that ends with maps (a segmentation, a detector, a part of a network) has none: "
        "`session.run` gives its numbers.",
        "python -c \"import cnncalc; cnncalc.load('input 4x4x1; conv 2 3x3').prepare().predict([[0] * 4] * 4)\"",
    ),
    "seed-negative": Entry(
        "the seed of the random weights is negative",
        "The same seed draws the same weights on every machine. Seeds are whole numbers from 0.",
        "python -c \"import cnncalc; cnncalc.load('lenet5').run(seed=-1)\"",
    ),
    "threads-out-of-range": Entry(
        "a number of threads cannot be used",
        "A run uses at least one thread; without the option it uses as many as the machine has cores.",
        'python -c "from cnncalc.runtime.execution import limited_threads; limited_threads(0).__enter__()"',
    ),
}
