package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.measure.Uniform;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.EmbeddingBag;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.MultiheadAttention;
import io.ketju.layers.model.Value;
import io.ketju.layers.model.zoo.ResNet;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The networks as models; {@code steps.py} has the same for PyTorch. */
public final class StepModels {
    static final int CLASSES = 10;

    /** The seed of the first parameter's values. */
    private static final int FIRST_SEED = 1000;

    private static final float SMALL = 0.1f;

    private StepModels() {}

    /** The network of a name at the sizes of the spec. */
    public static Model of(WorkSpec spec) {
        return switch (spec.name()) {
            case "step_cnn" -> cnn(spec);
            case "step_resnet" -> resNet(spec);
            case "step_gpt" -> gpt(spec);
            case "step_lstm" -> lstm(spec);
            case "step_words" -> words(spec);
            default -> throw new IllegalArgumentException("no network is called " + spec.name());
        };
    }

    /**
     * Fills weights by their number, as {@code steps.py} does: in the order of PyTorch's {@code model.parameters()}, they
     * begin equal.
     */
    static void fill(Model model, Map<String, Tensor> tensors) {
        int seed = FIRST_SEED;
        for (String name : inOrderOfPeer(model)) {
            Tensor weight = tensors.get(name);
            if (weight == null) {
                throw new IllegalStateException("no tensor is called " + name + ", there are " + tensors.keySet());
            }
            Shape shape = weight.shape();
            boolean matrix = shape.rank() > 1;
            float scale = matrix ? (float) Math.pow((double) shape.elements() / shape.dimension(0), -0.5) : SMALL;
            float middle = matrix || name.contains("bias") ? 0 : 1;
            for (int i = 0; i < shape.elements(); i++) {
                weight.setFloat(i, Uniform.at(seed, i) * scale + middle);
            }
            seed++;
        }
    }

    /** A residual block computes its shortcut first; the peer declares it before the last normalization. */
    private static List<String> inOrderOfPeer(Model model) {
        List<String> names = new ArrayList<>();
        List<String> shortcut = new ArrayList<>();
        for (String name : model.weights()) {
            if (name.contains(".downsample.")) {
                shortcut.add(name);
                continue;
            }
            if (name.endsWith(".bn2.weight")) {
                names.addAll(shortcut);
                shortcut.clear();
            }
            names.add(name);
        }
        return names;
    }

    /** Three convolutions with batch normalization, ReLU and max pooling. */
    private static Model cnn(WorkSpec spec) {
        int size = spec.number("size");
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples(Model.INPUT, DType.FLOAT32, Shape.of(3, size, size)));
        int in = 3;
        for (int i = 0; i < 3; i++) {
            int out = spec.number("width") << i;
            x = model.add("conv" + i, new Conv2d(in, out, 3).withPadding(1).withoutBias(), x);
            x = model.add("relu" + i, Activations.relu(), model.add("bn" + i, new BatchNorm2d(out), x));
            x = model.add("pool" + i, new MaxPool2d(2), x);
            in = out;
        }
        int features = in * (size / 8) * (size / 8);
        x = model.add("fc", new Linear(features, CLASSES), model.add("flatten", new Flatten(), x));
        return model.output(x).build();
    }

    /** A stem, three stages of two blocks each, global average pooling. */
    private static Model resNet(WorkSpec spec) {
        int size = spec.number("size");
        return new ResNet(spec.number("width"), List.of(2, 2, 2), CLASSES).model(Shape.of(3, size, size));
    }

    /** Embeddings of tokens and positions, blocks with the norms first, a head of its own. */
    private static Model gpt(WorkSpec spec) {
        int length = spec.number("length");
        int width = spec.number("width");
        int vocabulary = spec.number("vocabulary");
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(length)));
        x = model.add("tokens", new Embedding(vocabulary, width), x);
        x = model.add("positions", new Positions(length, width), x);
        for (int i = 0; i < spec.number("layers"); i++) {
            x = decoder(model.inside("blocks." + i), x, width, spec.number("heads"));
        }
        x = model.add("ln", new LayerNorm(width), x);
        return withClassesLast(model, model.add("lm_head", new Linear(width, vocabulary).withoutBias(), x));
    }

    private static Value decoder(ModelBuilder model, Value input, int width, int heads) {
        Value x = model.add("ln1", new LayerNorm(width), input);
        x = model.add("attention", new MultiheadAttention(width, heads).asCausal(), x);
        Value attended = model.add("sum1", new Add(), x, input);
        x = model.add("fc", new Linear(width, 4 * width), model.add("ln2", new LayerNorm(width), attended));
        x = model.add("out", new Linear(4 * width, width), model.add("gelu", Activations.gelu(), x));
        return model.add("sum2", new Add(), x, attended);
    }

    /** Embedding, one layer, a head; sequences begin with states of zero. */
    private static Model lstm(WorkSpec spec) {
        int width = spec.number("width");
        int vocabulary = spec.number("vocabulary");
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(spec.number("length"))));
        x = model.add("tokens", new Embedding(vocabulary, width), x);
        x = model.addAll("lstm", new LSTM(width, width), x).getFirst();
        return withClassesLast(model, model.add("lm_head", new Linear(width, vocabulary), x));
    }

    /** The mean of some rows of a large table, and a layer of classes. */
    private static Model words(WorkSpec spec) {
        int width = spec.number("width");
        EmbeddingBag bag = new EmbeddingBag(spec.number("vocabulary"), width, EmbeddingBag.Mode.MEAN);
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(spec.number("length"))));
        x = model.add("tokens", spec.number("sparse") == 1 ? bag.withSparse() : bag, x);
        return model.output(model.add("fc", new Linear(width, CLASSES), x)).build();
    }

    /** Nothing is measured beside the loss: the peer does not look for the likeliest of all tokens either. */
    private static Model withClassesLast(ModelBuilder model, Value logits) {
        CrossEntropyLoss loss = new CrossEntropyLoss().withClassesLast();
        return model.head(new Head("loss", loss, List.of(logits), List.of(Model.TARGET), 1).withMetrics(List.of()))
                .output(logits)
                .build();
    }
}
