package io.ketju.layers;

import io.ketju.tensor.Shape;
import java.util.List;

/** Layers with odd sizes that every test of all layers goes through. */
record LayerCase(String spec, Shape input, int samples) {
    static List<LayerCase> all() {
        return List.of(
                of("Linear(1, 1)", 1, 1),
                of("Linear(7, 5)", 3, 7),
                of("Linear(33, 17, bias=false)", 5, 33),
                of("Linear(6, 4)", 2, 3, 6),
                of("Linear(19, 31)", 1, 19),
                of("Conv2d(1, 1, 1)", 1, 1, 1, 1),
                of("Conv2d(1, 3, 3)", 2, 1, 6, 5),
                of("Conv2d(3, 5, 3, padding=1)", 2, 3, 4, 7),
                of("Conv2d(2, 4, 5, stride=2, padding=2)", 2, 2, 7, 8),
                of("Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(2, 1), bias=false)", 3, 2, 6, 7),
                of("Conv2d(1, 17, 2, stride=3)", 2, 1, 8, 7),
                of("MaxPool2d(2)", 2, 3, 6, 7),
                of("MaxPool2d(3, 2, 1)", 2, 2, 7, 8),
                of("MaxPool2d((2, 3), stride=1)", 1, 2, 5, 5),
                of("MaxPool2d(2, stride=3)", 3, 1, 9, 8),
                of("ReLU()", 4, 19),
                of("Tanh()", 3, 5, 7),
                of("Flatten()", 2, 3, 2, 5));
    }

    private static LayerCase of(String spec, int samples, int... input) {
        return new LayerCase(spec, Shape.of(input), samples);
    }

    Layer layer() {
        return Layers.parse(spec);
    }

    Shape batch() {
        return input.batched(samples);
    }

    Shape outputBatch() {
        return layer().outputShape(input).batched(samples);
    }

    float[] inputValues(long seed) {
        return Floats.normal(seed, "input", batch().elements());
    }

    float[] gradOutputValues(long seed) {
        return Floats.normal(seed, "gradOutput", outputBatch().elements());
    }

    @Override
    public String toString() {
        return spec + " on " + batch();
    }
}
