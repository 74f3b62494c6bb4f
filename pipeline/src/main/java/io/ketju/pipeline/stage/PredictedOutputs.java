package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a stage sends of the model's outputs in windows that predict. Its buffers are taken when the first such window
 * comes, because most runs have none.
 */
final class PredictedOutputs implements StageHoldings.Owner {
    private final StageProgram program;
    private final ModelTypes largest;
    private final List<Value> values;
    private Runnable onReleased = () -> {};
    private @Nullable OutputBuffers buffers;

    PredictedOutputs(StageProgram program, ModelTypes largest) {
        this.program = program;
        this.largest = largest;
        values = program.outputs().stream().map(program.model().outputs()::get).toList();
    }

    /** Calls this, on the releasing thread, when the last buffer of a bundle is free again; to be set before the first. */
    void onReleased(Runnable listener) {
        onReleased = listener;
    }

    /** A copy of every output that was made here, in their order. */
    List<TensorLease> send(BoundProgram made) {
        if (buffers == null) {
            buffers = new OutputBuffers(
                    "outputs of stage " + program.stage(),
                    values.stream().map(largest::of).toList(),
                    StagePlan.OUTPUT_BUFFERS);
            buffers.onBundleReleased(onReleased);
        }
        buffers.bundle(IntStream.range(0, values.size()).boxed().toList());
        List<TensorLease> sent = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            sent.add(buffers.send(i, made.value(values.get(i))));
        }
        return sent;
    }

    int outstanding() {
        return buffers == null ? 0 : buffers.outstanding();
    }

    @Override
    public long heldBytes() {
        return buffers == null ? 0 : buffers.heldBytes();
    }

    @Override
    public void close() {
        if (buffers != null) {
            buffers.close();
        }
    }
}
