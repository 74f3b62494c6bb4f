package io.ketju.pipeline.graph;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.regularization.Dropout;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Small graphs from a seed: fan-out, skips, forks, views, ties, buffers, batch statistics, noise, int inputs, a mask by lengths,
 * one or two losses.
 */
final class RandomGraph {
    static final int WIDTH = 3;
    static final int TOKENS = 4;

    private final Random random;
    private final ModelBuilder builder = new ModelBuilder();
    private final List<Value> values = new ArrayList<>();
    private final List<String> linears = new ArrayList<>();
    private final boolean ties;
    private final boolean noise;

    private RandomGraph(long seed, boolean ties, boolean noise) {
        random = new Random(seed);
        this.ties = ties;
        this.noise = noise;
    }

    /**
     * A model with this many layers. Inputs "x" [3], "token" and "length" (int), targets "target" and "second".
     *
     * @param noise whether some of it is random
     */
    static Model of(long seed, int layers, boolean ties, boolean noise) {
        return new RandomGraph(seed, ties, noise).build(layers);
    }

    /** Whether a micro-batch of one sample cannot be trained on. */
    static boolean needsPairs(Model model) {
        return model.nodes().stream().anyMatch(node -> node.layer() instanceof BatchNorm1d);
    }

    private Model build(int layers) {
        values.add(builder.input(Input.samples("x", DType.FLOAT32, Shape.of(WIDTH))));
        Value token = builder.input(Input.samples("token", DType.INT32, Shape.of()));
        Value length = builder.input(Input.samples("length", DType.INT32, Shape.of()));
        int heads = 1 + random.nextInt(2);
        Value early = values.getFirst();
        for (int i = 0; i < layers; i++) {
            add("n" + i, token, length);
            early = i == layers / 2 ? values.getLast() : early;
        }
        builder.head("loss", new CrossEntropyLoss(), List.of(values.getLast()), "target");
        if (heads == 2) {
            builder.head(new Head("early", new CrossEntropyLoss(), List.of(early), List.of("second"), 0.3));
        }
        builder.output(values.getLast());
        if (random.nextBoolean()) {
            builder.output(early);
        }
        return builder.build();
    }

    private void add(String name, Value token, Value length) {
        Value a = pick();
        switch (random.nextInt(11)) {
            case 0, 1 -> linear(name, a);
            case 2 -> values.add(builder.add(name, Activations.tanh(), a));
            case 3 -> values.add(builder.add(name, new TestLayers.Sum(), a, pick()));
            case 4 -> values.add(builder.add(name, new TestLayers.Product(), a, pick()));
            case 5 -> values.addAll(builder.addAll(name, new TestLayers.Fork(), a));
            case 6 -> values.add(builder.add(name, new TestLayers.Lookup(TOKENS, WIDTH), token));
            case 7 -> values.add(builder.add(name, viewOrNoise(), a));
            case 8 -> values.add(builder.add(name, new TestLayers.Masked(), a, length));
            case 9 -> values.add(builder.add(name, new BatchNorm1d(WIDTH), a));
            default -> values.add(builder.add(name, new TestLayers.Centre(WIDTH), a));
        }
    }

    private Layer viewOrNoise() {
        return switch (noise ? random.nextInt(3) : 0) {
            case 1 -> new TestLayers.Noise();
            case 2 -> new Dropout(0.3);
            default -> new Flatten();
        };
    }

    private void linear(String name, Value input) {
        if (ties && !linears.isEmpty() && random.nextBoolean()) {
            builder.tie(name + ".weight", linears.get(random.nextInt(linears.size())) + ".weight");
        } else {
            linears.add(name);
        }
        values.add(builder.add(name, new Linear(WIDTH, WIDTH), input));
    }

    /** Mostly a late value, so that graphs are deep; sometimes any, so that they skip. */
    private Value pick() {
        int size = values.size();
        return random.nextInt(3) > 0 ? values.get(size - 1) : values.get(random.nextInt(size));
    }
}
