package io.ketju.pipeline.stage;

import io.ketju.layers.Commit;
import io.ketju.layers.PassBinding;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.program.Step;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What each micro-batch of a training window leaves until the optimizer step, for layers that ask for it. */
final class StepTensors implements AutoCloseable {
    private final List<Step.LayerStep> asking;
    private final TensorArena arena;
    private final long bytesOfOne;
    private final @Nullable ModelTypes[] types;
    /** By index of the step, for micro-batches of {@link #leftBy}. */
    private final Map<Integer, List<TensorType>> left = new HashMap<>();

    private @Nullable ModelTypes leftBy;

    /** With room for so many micro-batches of the largest types. */
    StepTensors(StageProgram program, int microbatches) {
        asking = asking(program);
        bytesOfOne = bytes(program);
        arena = new TensorArena(Math.multiplyExact(bytesOfOne, microbatches));
        types = new ModelTypes[microbatches];
    }

    /** Bytes that one micro-batch leaves. */
    static long bytes(StageProgram program) {
        return asking(program).stream().mapToLong(StepTensors::bytes).sum();
    }

    private static List<Step.LayerStep> asking(StageProgram program) {
        List<Step.LayerStep> asking = new ArrayList<>();
        for (Step step : program.steps()) {
            if (step instanceof Step.LayerStep layer
                    && !layer.footprint().untilStep().isEmpty()) {
                asking.add(layer);
            }
        }
        return asking;
    }

    private static long bytes(Step.LayerStep step) {
        return step.footprint().untilStep().stream()
                .mapToLong(TensorType::bytes)
                .sum();
    }

    /** Gives a layer its tensors of one micro-batch; evaluation has none. */
    void bind(Step.LayerStep step, Microbatch microbatch, ModelTypes ofMicrobatch, PassBinding binding) {
        if (step.footprint().untilStep().isEmpty()) {
            return;
        }
        List<TensorType> left = left(step, ofMicrobatch);
        for (int i = 0; i < left.size(); i++) {
            binding.untilStep(i, microbatch.training() ? tensor(step, microbatch.index(), i, left.get(i)) : null);
        }
        if (microbatch.training()) {
            types[microbatch.index()] = ofMicrobatch;
        }
    }

    /** What a layer leaves of a micro-batch of these types; kept, because most micro-batches are alike. */
    private List<TensorType> left(Step.LayerStep step, ModelTypes ofMicrobatch) {
        if (!ofMicrobatch.equals(leftBy)) {
            left.clear();
            leftBy = ofMicrobatch;
        }
        return left.computeIfAbsent(
                step.index(),
                index -> step.node()
                        .layer()
                        .footprint(ofMicrobatch.inputs(step.node()))
                        .untilStep());
    }

    /** Lets every layer that ran in the window, and asked for it, make what it keeps. */
    void commit(StageProgram ran, ParameterBlock parameters, Kernels kernels, int microbatches) {
        if (asking.isEmpty()) {
            return;
        }
        for (Step.LayerStep step : asking(ran)) {
            step.node().layer().commit(new OfLayer(step, parameters.values(step.node()), kernels, microbatches));
        }
    }

    private Tensor tensor(Step.LayerStep step, int microbatch, int index, TensorType type) {
        long offset = bytesOfOne * microbatch;
        for (Step.LayerStep other : asking) {
            if (other.index() == step.index()) {
                break;
            }
            offset += bytes(other);
        }
        for (TensorType earlier : step.footprint().untilStep().subList(0, index)) {
            offset += earlier.bytes();
        }
        return arena.at(offset, type);
    }

    private final class OfLayer implements Commit {
        private final Step.LayerStep step;
        private final List<Tensor> parameters;
        private final Kernels kernels;
        private final int microbatches;

        OfLayer(Step.LayerStep step, List<Tensor> parameters, Kernels kernels, int microbatches) {
            this.step = step;
            this.parameters = parameters;
            this.kernels = kernels;
            this.microbatches = microbatches;
        }

        @Override
        public Kernels kernels() {
            return kernels;
        }

        @Override
        public Tensor parameter(int index) {
            return parameters.get(index);
        }

        @Override
        public int microbatches() {
            return microbatches;
        }

        @Override
        public List<TensorType> inputs(int microbatch) {
            return Objects.requireNonNull(types[microbatch]).inputs(step.node());
        }

        @Override
        public Tensor left(int microbatch, int index) {
            TensorType type = StepTensors.this
                    .left(step, Objects.requireNonNull(types[microbatch]))
                    .get(index);
            return tensor(step, microbatch, index, type);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
