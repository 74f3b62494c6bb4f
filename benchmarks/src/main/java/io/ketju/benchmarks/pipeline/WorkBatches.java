package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Uniform;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A few mini-batches of a work, the same numbers as its peers have: uniform inputs of variance 1 and classes, or tokens
 * and the tokens that follow. Owns their memory.
 */
final class WorkBatches implements AutoCloseable {
    static final int BATCHES = 8;
    static final int CLASSES = 10;

    /** One mini-batch. */
    record Batch(Tensor inputs, Tensor targets) {}

    private final Operands memory = new Operands();
    private final List<Batch> batches = new ArrayList<>();

    WorkBatches(PipelineWork work) {
        for (int i = 0; i < BATCHES; i++) {
            batches.add(batch(work, 2 * i + 1));
        }
    }

    /** What a step learns from; steps count from 0. */
    Batch of(long step) {
        return batches.get((int) (step % BATCHES));
    }

    private Batch batch(PipelineWork work, int seed) {
        int samples = work.batchSize();
        float scale = (float) Math.sqrt(3);
        return switch (work) {
            case LENET ->
                new Batch(memory.uniform(seed, scale, samples, 1, 28, 28), memory.classes(CLASSES, seed + 1, samples));
            case MLP, WIDE, STACK ->
                new Batch(memory.uniform(seed, scale, samples, 784), memory.classes(CLASSES, seed + 1, samples));
            case GPT -> new Batch(tokens(work, seed), tokens(work, seed + 1));
        };
    }

    private Tensor tokens(PipelineWork work, int seed) {
        Tensor tokens = memory.integers(work.batchSize(), work.gpt().number("length"));
        for (int i = 0; i < tokens.elements(); i++) {
            tokens.setInt(i, Uniform.below(work.gpt().number("vocabulary"), seed, i));
        }
        return tokens;
    }

    @Override
    public void close() {
        memory.close();
    }
}
