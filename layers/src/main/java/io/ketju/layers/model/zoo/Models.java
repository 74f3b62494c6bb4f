package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Function;

/** The model zoo: known architectures in code and, for job files, by name. A new one is one more line here. */
public final class Models {
    /** Shape of one sample of MNIST and Fashion-MNIST. */
    private static final Shape MNIST = Shape.of(1, 28, 28);

    private static final int CLASSES = 10;

    private static final List<String> DEFAULT_MLP = List.of("784", "512", "256", "10");

    /** So many layers or blocks a name may ask for; those of a job have a limit of their own. */
    private static final int MOST = 1000;

    private static final Registry<Model> REGISTRY = new Registry<>(
            "model",
            with(
                    ImageModels.ENTRIES,
                    List.of(
                            DCGAN.ENTRY,
                            entry("gan", Models::gan),
                            entry("gpt", Models::gpt),
                            entry("lenet", Models::leNet),
                            Description.of("lenet5", "LeNet-5").readBy(arguments -> Model.of(MNIST, leNet5())),
                            entry("lstm_classifier", Models::lstmClassifier),
                            entry("mlp", Models::mlp),
                            PolicyNetwork.ENTRY,
                            entry("transformer", Models::transformer),
                            entry("cbow", TextModels::cbow),
                            entry("language_model", TextModels::languageModel),
                            entry("seq2seq", TextModels::seq2seq),
                            entry("skip_gram", TextModels::skipGram),
                            entry("text_cnn", TextModels::textCnn))));

    private Models() {}

    private static List<Entry<? extends Model>> with(
            List<Entry<? extends Model>> images, List<Entry<? extends Model>> others) {
        List<Entry<? extends Model>> all = new ArrayList<>(images);
        all.addAll(others);
        return all;
    }

    private static Entry<Model> entry(String name, Function<Spec, Model> reader) {
        return new Entry<>(Description.of(name, name), reader);
    }

    /**
     * {@return LeNet-5 (LeCun et al. 1998) as it is usually built today, with ReLU and max pooling: images [1, 28, 28], 10 classes, 61,706
     * parameters}
     */
    public static Sequential leNet5() {
        return Sequential.of(
                new Conv2d(1, 6, 5).withPadding(2),
                Activations.relu(),
                new MaxPool2d(2),
                new Conv2d(6, 16, 5),
                Activations.relu(),
                new MaxPool2d(2),
                new Flatten(),
                new Linear(400, 120),
                Activations.relu(),
                new Linear(120, 84),
                Activations.relu(),
                new Linear(84, CLASSES));
    }

    /**
     * {@return the wider LeNet of Caffe's examples (20, 50 channels, 500 hidden units) with ReLU after every pooling: images [1, 28, 28],
     * 10 classes. ReLU and max pooling commute, and after pooling there is a quarter to compute}
     *
     * @param channels1 of the first convolution
     * @param channels2 of the second
     * @param hidden width of the hidden linear layer
     */
    public static Sequential leNet(int channels1, int channels2, int hidden) {
        return Sequential.of(
                new Conv2d(1, channels1, 5),
                new MaxPool2d(2),
                Activations.relu(),
                new Conv2d(channels1, channels2, 5),
                new MaxPool2d(2),
                Activations.relu(),
                new Flatten(),
                new Linear(channels2 * 4 * 4, hidden),
                Activations.relu(),
                new Linear(hidden, CLASSES));
    }

    /**
     * {@return a multilayer perceptron: Flatten, then Linear layers from size to size with ReLU between them}
     *
     * @param sizes numbers in a sample, widths of the hidden layers, number of outputs
     * @throws IllegalArgumentException if they are fewer than two
     */
    public static Sequential mlp(int... sizes) {
        if (sizes.length < 2) {
            throw new IllegalArgumentException(
                    "mlp: expected at least 2 sizes, input and output, found " + sizes.length);
        }
        List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
        for (int i = 1; i < sizes.length; i++) {
            if (i > 1) {
                layers.add(Activations.relu());
            }
            layers.add(new Linear(sizes[i - 1], sizes[i]));
        }
        return new Sequential(layers);
    }

    /**
     * {@return an architecture by name}
     *
     * @param text {@code lenet5}, {@code resnet18} or {@code mlp}, or with sizes of one's own: {@code lenet(20, 50, 500)}, {@code mlp(784,
     *     512, 10)}
     * @throws IllegalArgumentException listing the known names, or saying which argument cannot be
     */
    public static Model named(String text) {
        return REGISTRY.parse(text);
    }

    /** {@return names of all architectures, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }

    private static Model leNet(Spec spec) {
        Arguments arguments = Arguments.of(spec, List.of("channels1", "channels2", "hidden"));
        return Model.of(
                MNIST,
                leNet(
                        arguments.integer("channels1", 20),
                        arguments.integer("channels2", 50),
                        arguments.integer("hidden", 500)));
    }

    private static Model mlp(Spec spec) {
        if (!spec.named().isEmpty()) {
            throw new IllegalArgumentException(
                    Excerpt.of(spec) + ": expected sizes without names, for instance mlp(784, 512, 10)");
        }
        List<String> given = spec.positional().isEmpty() ? DEFAULT_MLP : spec.positional();
        try {
            int[] sizes = given.stream().mapToInt(Integer::parseInt).toArray();
            return Model.of(Shape.of(sizes[0]), mlp(sizes));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(Excerpt.of(spec) + ": expected integers, found " + Excerpt.of(given), e);
        }
    }

    private static Model gpt(Spec spec) {
        Arguments arguments =
                Arguments.of(spec, List.of("vocabulary", "context", "layers", "heads", "width"), "dropout", "tied");
        int layers = requireCount(spec, "layers", arguments.integer("layers", 6));
        return new GPT(
                        arguments.integer("vocabulary", 256),
                        layers,
                        arguments.integer("heads", 4),
                        arguments.integer("width", 256),
                        arguments.number("dropout", 0),
                        arguments.flag("tied", true))
                .model(arguments.integer("context", 128));
    }

    private static Model lstmClassifier(Spec spec) {
        Arguments arguments = Arguments.of(
                spec,
                List.of("vocabulary", "longest", "embedding", "hidden", "classes"),
                "num_layers",
                "bidirectional");
        int levels = requireCount(spec, "num_layers", arguments.integer("num_layers", 1));
        int embedding = arguments.integer("embedding", 64);
        LSTM lstm = new LSTM(embedding, arguments.integer("hidden", 128)).withLayers(levels);
        return new LSTMClassifier(
                        new Embedding(arguments.integer("vocabulary", 256), embedding),
                        arguments.flag("bidirectional", false) ? lstm.inBothDirections() : lstm,
                        arguments.integer("classes", CLASSES))
                .model(arguments.integer("longest", 128));
    }

    private static Model transformer(Spec spec) {
        Arguments arguments = Arguments.of(
                spec,
                List.of("source_vocabulary", "target_vocabulary", "longest", "d_model", "nhead"),
                "num_encoder_layers",
                "num_decoder_layers",
                "dim_feedforward",
                "dropout");
        int encoder = arguments.integer("num_encoder_layers", 3);
        int decoder = arguments.integer("num_decoder_layers", 3);
        return new Transformer(
                        arguments.integer("d_model", 128),
                        arguments.integer("nhead", 4),
                        requireCount(spec, "num_encoder_layers", encoder),
                        requireCount(spec, "num_decoder_layers", decoder),
                        arguments.integer("dim_feedforward", 512),
                        arguments.number("dropout", 0.1))
                .model(
                        arguments.integer("source_vocabulary", 256),
                        arguments.integer("target_vocabulary", 256),
                        arguments.integer("longest", 64));
    }

    private static Model gan(Spec spec) {
        Arguments arguments = Arguments.of(spec, List.of("latent", "hidden", "features"));
        return new GAN(
                        arguments.integer("latent", 64),
                        arguments.integer("hidden", 256),
                        arguments.integer("features", MNIST.elements()))
                .model();
    }

    static int requireCount(Spec spec, String argument, int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(
                    Excerpt.of(spec) + ": argument '" + argument + "': expected 1 to " + MOST + ", found " + count);
        }
        return count;
    }
}
