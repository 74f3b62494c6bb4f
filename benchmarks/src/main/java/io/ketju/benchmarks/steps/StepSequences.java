package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.benchmarks.steps.TrainingSequence.Network;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.attention.Attention;

/** The networks, part by part in the order of computation; {@code steps.py} has the same for PyTorch. */
public final class StepSequences {
    private static final int CLASSES = 10;

    /** Numbers that a network of the sizes measured has at most. */
    private static final int CAPACITY = 5 << 20;

    private StepSequences() {}

    /** The network of a name at the sizes of the spec, with its batches; close it. */
    public static TrainingSequence open(WorkSpec spec, Kernels kernels) {
        Kit kit = Kit.of(kernels, CAPACITY);
        return switch (spec.name()) {
            case "step_cnn" -> cnn(kit, spec);
            case "step_resnet" -> resNet(kit, spec);
            case "step_gpt" -> gpt(kit, spec);
            case "step_lstm" -> lstm(kit, spec);
            default -> throw new IllegalArgumentException("no sequence is called " + spec.name());
        };
    }

    /** Three convolutions with batch normalization, ReLU and max pooling; SGD with momentum. */
    private static TrainingSequence cnn(Kit kit, WorkSpec spec) {
        Value x = images(kit, spec);
        Chain chain = new Chain();
        Value y = x;
        for (int i = 0; i < 3; i++) {
            y = chain.add(new ConvolutionStep(kit, y, spec.number("width") << i, 3, 1));
            y = chain.add(BatchNormStep.thenRelu(kit, y));
            y = chain.add(new MaxPoolStep(kit, y));
        }
        chain.add(LinearStep.of(kit, y, spec.number("batch"), CLASSES));
        return onImages(kit, spec, x, chain);
    }

    /** A stem, three stages of two blocks each, global average pooling; SGD with momentum. */
    private static TrainingSequence resNet(Kit kit, WorkSpec spec) {
        Value x = images(kit, spec);
        Chain chain = new Chain();
        int width = spec.number("width");
        Value y = chain.add(new ConvolutionStep(kit, x, width, 3, 1));
        y = chain.add(BatchNormStep.thenRelu(kit, y));
        for (int stage = 0; stage < 3; stage++) {
            y = chain.add(new BasicBlock(kit, y, width << stage, stage == 0 ? 1 : 2));
            y = chain.add(new BasicBlock(kit, y, width << stage, 1));
        }
        y = chain.add(new GlobalAverageStep(kit, y));
        chain.add(LinearStep.of(kit, y, spec.number("batch"), CLASSES));
        return onImages(kit, spec, x, chain);
    }

    /** Embeddings of tokens and positions, blocks with the norms first, a head of its own; AdamW. */
    private static TrainingSequence gpt(Kit kit, WorkSpec spec) {
        int length = spec.number("length");
        int width = spec.number("width");
        int vocabulary = spec.number("vocabulary");
        Value tokens = new Value(kit.memory().integers(spec.number("batch"), length), null);
        Chain chain = new Chain();
        Value y = chain.add(new EmbeddingStep(kit, tokens, vocabulary, width));
        y = chain.add(new PositionsStep(kit, y, length, width));
        for (int i = 0; i < spec.number("layers"); i++) {
            y = chain.add(new Residual(kit, y, attention(kit, y, spec)));
            y = chain.add(new Residual(kit, y, perceptron(kit, y, width)));
        }
        y = chain.add(new LayerNormStep(kit, y, width));
        chain.add(LinearStep.withoutBias(kit, y, tokens.tensor().elements(), vocabulary));
        return onTokens(kit, spec, tokens, chain, Updates.adamW(kit, rate(spec)));
    }

    private static Chain attention(Kit kit, Value x, WorkSpec spec) {
        int width = spec.number("width");
        int heads = spec.number("heads");
        int length = spec.number("length");
        int batch = spec.number("batch");
        Chain chain = new Chain();
        Value y = chain.add(new LayerNormStep(kit, x, width));
        y = chain.add(LinearStep.of(kit, y, batch * length, 3 * width));
        y = chain.add(new AttentionStep(kit, y, new Attention.Sizes(batch, heads, length, length, width / heads)));
        chain.add(LinearStep.of(kit, y, batch * length, width));
        return chain;
    }

    private static Chain perceptron(Kit kit, Value x, int width) {
        int rows = x.tensor().elements() / width;
        Chain chain = new Chain();
        Value y = chain.add(new LayerNormStep(kit, x, width));
        y = chain.add(LinearStep.of(kit, y, rows, 4 * width));
        y = chain.add(new GeluStep(kit, y));
        chain.add(LinearStep.of(kit, y, rows, width));
        return chain;
    }

    /** Embedding, one layer, a head; sequences begin with states of zero; plain SGD. */
    private static TrainingSequence lstm(Kit kit, WorkSpec spec) {
        int length = spec.number("length");
        int width = spec.number("width");
        int vocabulary = spec.number("vocabulary");
        Value tokens = new Value(kit.memory().integers(length, spec.number("batch")), null);
        Chain chain = new Chain();
        Value y = chain.add(new EmbeddingStep(kit, tokens, vocabulary, width));
        y = chain.add(new LstmStep(kit, y, length, width));
        chain.add(LinearStep.of(kit, y, tokens.tensor().elements(), vocabulary));
        return onTokens(kit, spec, tokens, chain, Updates.sgd(kit, rate(spec)));
    }

    private static Value images(Kit kit, WorkSpec spec) {
        int size = spec.number("size");
        return new Value(kit.floats(spec.number("batch"), 3, size, size), null);
    }

    private static TrainingSequence onImages(Kit kit, WorkSpec spec, Value x, Chain chain) {
        int batch = spec.number("batch");
        Value targets = new Value(kit.memory().integers(batch), null);
        CrossEntropyStep loss = new CrossEntropyStep(kit, chain.y(), targets);
        Update update = Updates.momentum(kit, rate(spec));
        TrainingSequence sequence = new TrainingSequence(kit, new Network(x, targets, chain, loss, update));
        for (int i = 0; i < TrainingSequence.BATCHES; i++) {
            int[] shape = x.tensor().shape().toArray();
            sequence.add(kit.memory().uniform(2 * i + 1, 1, shape), kit.memory().classes(CLASSES, 2 * i + 2, batch));
        }
        return sequence;
    }

    private static TrainingSequence onTokens(Kit kit, WorkSpec spec, Value tokens, Chain chain, Update update) {
        Shape shape = tokens.tensor().shape();
        Value targets = new Value(kit.memory().integers(shape.elements()), null);
        CrossEntropyStep loss = new CrossEntropyStep(kit, chain.y(), targets);
        TrainingSequence sequence = new TrainingSequence(kit, new Network(tokens, targets, chain, loss, update));
        int vocabulary = spec.number("vocabulary");
        for (int i = 0; i < TrainingSequence.BATCHES; i++) {
            Tensor batch = kit.memory().classes(vocabulary, 2 * i + 1, shape.elements());
            Tensor batchTargets = kit.memory().classes(vocabulary, 2 * i + 2, shape.elements());
            sequence.add(batch.view(shape), batchTargets);
        }
        return sequence;
    }

    /** In millionths: specs have whole numbers only. */
    private static double rate(WorkSpec spec) {
        return spec.number("rate") * 1e-6;
    }
}
