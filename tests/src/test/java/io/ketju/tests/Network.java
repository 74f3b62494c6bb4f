package io.ketju.tests;

import io.ketju.actors.job.JobBuilder;
import io.ketju.data.BatchOrder;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.Column;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.FloatColumn;
import io.ketju.data.column.IntColumn;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.data.safetensors.TensorEntry;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ClipGradValue;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/** The networks of {@code src/test/golden/networks.py}, with what PyTorch began with, what it was given, and its losses. */
enum Network {
    RESNET("resnet", "resnet(4, (1, 1), classes=3, channels=2, image=6)", "SGD(0.05, momentum=0.9)"),
    GPT("gpt", "gpt(11, 6, layers=2, heads=2, width=8)", "SGD(0.05, momentum=0.9)"),
    LSTM_CLASSIFIER(
            "lstm_classifier",
            "lstm_classifier(9, 7, embedding=5, hidden=4, classes=3, num_layers=2, bidirectional=true)",
            "SGD(0.1, momentum=0.9)"),
    TRANSFORMER(
            "transformer",
            "transformer(9, 8, 6, d_model=8, nhead=2, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=12, dropout=0)",
            "SGD(0.02, momentum=0.9)"),
    SEQ2SEQ("seq2seq", "seq2seq(9, 8, 6, embedding=5, hidden=4)", "SGD(0.1, momentum=0.9)"),
    SEQ2SEQ_ATTENTION(
            "seq2seq_attention", "seq2seq(9, 8, 6, embedding=5, hidden=4, attention=true)", "SGD(0.1, momentum=0.9)"),
    SEQ2SEQ_GRU(
            "seq2seq_gru",
            "seq2seq(9, 8, 6, embedding=5, hidden=4, cell=gru, attention=true)",
            "SGD(0.1, momentum=0.9)"),
    TEXT_CNN(
            "text_cnn",
            "text_cnn(9, 6, embedding=4, filters=3, classes=3, widths=(1, 2, 3), dropout=0)",
            "SGD(0.1, momentum=0.9)"),
    LANGUAGE_MODEL_LSTM(
            "language_model_lstm",
            "language_model(11, 6, embedding=5, hidden=4, cell=lstm, num_layers=2)",
            "SGD(0.1, momentum=0.9)"),
    LANGUAGE_MODEL_GRU(
            "language_model_gru", "language_model(11, 6, embedding=5, hidden=4, cell=gru)", "SGD(0.1, momentum=0.9)"),
    LANGUAGE_MODEL_RNN(
            "language_model_rnn", "language_model(11, 6, embedding=5, hidden=4, cell=rnn)", "SGD(0.1, momentum=0.9)"),
    AUTOENCODER("autoencoder", "autoencoder((6, 3), channels=2, image=3)", "SGD(0.1, momentum=0.9)"),
    /** The tied parameter counts once in the norm; as a job it is averaged too, which changes no loss, by its owner and its copy. */
    GPT_CLIPPED("gpt_clipped", GPT.model, GPT.optimizer) {
        @Override
        Optional<ClipGradNorm> clip() {
            return Optional.of(new ClipGradNorm(1.5));
        }

        @Override
        JobBuilder job() {
            return super.job().average(new EMA(0.9));
        }
    },
    /** After the norm its elements are bounded; the norm is told. */
    GPT_CLIPPED_VALUES("gpt_clipped_values", GPT.model, GPT.optimizer) {
        private static final double LARGEST = 0.05;

        @Override
        Optional<ClipGradNorm> clip() {
            return Optional.of(new ClipGradNorm(1.5));
        }

        @Override
        Recipe recipe() {
            Recipe clipped = super.recipe();
            return clipped.with(clipped.rules().with(new ClipGradValue(LARGEST)).tellingGradNorm());
        }

        @Override
        JobBuilder job() {
            return super.job().clipGradValue(LARGEST).tellGradNorm();
        }
    },
    GAN("gan", "gan(3, 6, 4)", "SGD(0.2)", true),
    DCGAN("dcgan", "dcgan(3, 2, channels=1, image=16)", "SGD(0.2)", true),
    /** Each objective has a norm of its own. */
    GAN_CLIPPED("gan_clipped", GAN.model, GAN.optimizer, true) {
        @Override
        Optional<ClipGradNorm> clip() {
            return Optional.of(new ClipGradNorm(0.0173));
        }
    };

    static final int STEPS = 10;
    static final int SAMPLES = 7;
    static final int MICROBATCHES = 3;

    private final String golden;
    private final String model;
    private final String optimizer;
    /** Whether discriminator and generator learn in turn. */
    private final boolean adversarial;

    Network(String golden, String model, String optimizer) {
        this(golden, model, optimizer, false);
    }

    Network(String golden, String model, String optimizer, boolean adversarial) {
        this.golden = golden;
        this.model = model;
        this.optimizer = optimizer;
        this.adversarial = adversarial;
    }

    /** The largest norm of its gradients, if there is one. */
    Optional<ClipGradNorm> clip() {
        return Optional.empty();
    }

    /** What decides the numbers. */
    Recipe recipe() {
        Recipe recipe = new Recipe(
                Models.named(model),
                new CrossEntropyLoss(),
                Optimizers.parse(optimizer),
                new ConstantLR(),
                SAMPLES,
                MICROBATCHES,
                STEPS,
                1);
        Recipe clipped = clip().map(recipe::withClipGradNorm).orElse(recipe);
        return adversarial ? inTurn(clipped) : clipped;
    }

    private static Recipe inTurn(Recipe recipe) {
        return recipe.withGroups(List.of(new ParameterGroup("generator.*", Optional.of(new SGD(0.1)))))
                .withObjectives(List.of(
                        objective("discriminator", List.of("real", "fake")),
                        objective("generator", List.of("generator"))));
    }

    private static Objective objective(String name, List<String> heads) {
        return new Objective(name, heads, List.of(name + ".*"), new ConstantLR());
    }

    private static JobBuilder inTurn(JobBuilder job, Recipe recipe) {
        recipe.groups()
                .forEach(group -> job.group(group.names(), group.optimizer().orElseThrow()));
        recipe.objectives().forEach(job::objective);
        return job;
    }

    /** The same recipe as a job, whose mini-batches come in their order. */
    JobBuilder job() {
        JobBuilder job = new JobBuilder()
                .name(golden)
                .model(model)
                .data(new SampleBatches(samples(), SAMPLES, MICROBATCHES, BatchOrder.sequential()))
                .optimizer(Optimizers.parse(optimizer))
                .initialWeights(weights())
                .threads(1);
        clip().ifPresent(bound -> job.clipGradNorm(bound.maxNorm()));
        return adversarial ? inTurn(job, recipe()) : job;
    }

    /** All mini-batches, one after another. */
    private ColumnSamples samples() {
        try (TensorArena arena = new TensorArena(1 << 18)) {
            return new ColumnSamples(
                    golden,
                    read(batchFile(), arena).entrySet().stream()
                            .map(port -> column(port.getKey(), port.getValue()))
                            .toArray(Column[]::new));
        }
    }

    /** @param tensor [step, sample, ...] */
    private static Column column(String name, Tensor tensor) {
        int[] dimensions = tensor.shape().toArray();
        Shape sample = Shape.of(Arrays.copyOfRange(dimensions, 2, dimensions.length));
        if (tensor.dtype() == DType.INT32) {
            int[] values = new int[tensor.elements()];
            Arrays.setAll(values, tensor::getInt);
            return new IntColumn(name, sample, values);
        }
        float[] values = new float[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getFloat(i);
        }
        return new FloatColumn(name, sample, values);
    }

    /** The file of the weights before the first step. */
    Path weights() {
        return file(begun() + ".safetensors");
    }

    /** The network that has the same weights before the first step, and the same mini-batches. */
    private String begun() {
        return golden.replaceAll("_clipped.*", "");
    }

    private Path batchFile() {
        return file(begun() + "-batches.safetensors");
    }

    /** All tensors of a file, by name. */
    static Map<String, Tensor> read(Path path, TensorArena arena) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (SafeTensorsReader reader = SafeTensorsReader.open(path)) {
            for (TensorEntry entry : reader.entries()) {
                Tensor tensor = arena.allocate(entry.type().dtype().orElseThrow(), entry.shape());
                reader.read(entry.name(), tensor);
                tensors.put(entry.name(), tensor);
            }
        }
        return tensors;
    }

    /** The mini-batches of all steps: inputs and targets by name. */
    List<Map<String, Tensor>> batches(TensorArena arena) {
        Map<String, Tensor> all = read(batchFile(), arena);
        return IntStream.range(0, STEPS)
                .mapToObj(step -> {
                    Map<String, Tensor> batch = new LinkedHashMap<>();
                    all.forEach((name, tensor) -> batch.put(name, ofStep(tensor, step)));
                    return batch;
                })
                .toList();
    }

    private static Tensor ofStep(Tensor tensor, int step) {
        Shape whole = tensor.shape();
        return tensor.samples(step, 1).view(Shape.of(Arrays.copyOfRange(whole.toArray(), 1, whole.rank())));
    }

    /** PyTorch's mean losses of every step, by the name of the loss, and what else is told of it. */
    Map<String, List<Double>> losses() {
        Map<String, List<Double>> losses = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file("losses.txt"))) {
                String[] fields = line.split(" ", -1);
                String[] name = fields[0].split("/", -1);
                if (name[0].equals(golden)) {
                    losses.put(
                            name.length == 1 ? "loss" : name[1],
                            Arrays.stream(fields).skip(1).map(Double::valueOf).toList());
                }
            }
            return losses;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(String name) {
        URL url = Objects.requireNonNull(Network.class.getResource("/golden/networks/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
