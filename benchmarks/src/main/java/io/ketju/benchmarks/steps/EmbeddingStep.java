package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.kernel.indexing.IndexingKernels;

/** A row for each token. */
final class EmbeddingStep implements Step {
    private final IndexingKernels indexing;
    private final Value tokens;
    private final Parameter table;
    private final Value y;

    EmbeddingStep(Kit kit, Value tokens, int vocabulary, int width) {
        this.tokens = tokens;
        indexing = kit.kernels().indexing();
        table = kit.parameters().matrix(vocabulary, width);
        y = kit.value(tokens.tensor().elements(), width);
    }

    @Override
    public void forward() {
        indexing.embeddingForward(table.w(), tokens.tensor(), y.tensor());
    }

    @Override
    public void backward() {
        indexing.embeddingBackward(IndexingKernels.NO_PADDING, y.gradient(), tokens.tensor(), table.dw());
    }

    @Override
    public Value y() {
        return y;
    }
}
