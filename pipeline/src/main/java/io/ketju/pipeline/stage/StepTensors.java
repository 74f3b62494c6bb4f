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
final class StepTensors implements StageHoldings.Owner {
    private final List<Step.LayerStep> asking;
    private final TensorArena arena;
    private final long bytesOfOne;
    private final @Nullable ModelTypes[] types;
    /** By index of the step, for micro-batches of {@link #leftBy}. */
    private final Map<Integer, List<TensorType>> left = new HashMap<>();

    private @Nullable ModelTypes leftBy;
    private final int microbatches;
    /** In flight at once, at most. */
    private final int windows;

    /** With room for so many micro-batches of the largest types, of one window at a time. */
    StepTensors(StageProgram program, int microbatches) {
        this(program, microbatches, 1);
    }

    /** The same of so many windows at a time. */
    StepTensors(StageProgram program, int microbatches, int windows) {
        this.microbatches = microbatches;
        this.windows = windows;
        asking = asking(program);
        bytesOfOne = bytes(program);
        arena = new TensorArena(Math.multiplyExact(bytesOfOne, microbatches * windows));
        types = new ModelTypes[microbatches * windows];
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
        int place = first(microbatch.window()) + microbatch.index();
        for (int i = 0; i < left.size(); i++) {
            binding.untilStep(i, microbatch.training() ? tensor(step, place, i, left.get(i)) : null);
        }
        if (microbatch.training()) {
            types[place] = ofMicrobatch;
        }
    }

    /** The place of a window's first micro-batch. */
    private int first(long window) {
        return (int) (window % windows) * microbatches;
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

    /** What the first micro-batches of a window left, so many, as one tensor: to be read, or overwritten by what they left elsewhere. */
    Tensor left(Window window, int count) {
        return arena.at(bytesOfOne * first(window.number()), ExchangedTensors.left(bytesOfOne, count));
    }

    /** A micro-batch of a window that ran elsewhere is of these types. */
    void leftElsewhere(Window window, int microbatch, ModelTypes ofMicrobatch) {
        types[first(window.number()) + microbatch] = ofMicrobatch;
    }

    /** Whether micro-batches leave anything. */
    boolean any() {
        return !asking.isEmpty();
    }

    /** Lets every layer that ran in the window, and asked for it, make what it keeps. */
    void commit(Window window, StageProgram ran, ParameterBlock parameters, Kernels kernels) {
        if (asking.isEmpty()) {
            return;
        }
        for (Step.LayerStep step : asking(ran)) {
            step.node().layer().commit(new OfLayer(step, parameters.values(step.node()), kernels, window));
        }
    }

    private Tensor tensor(Step.LayerStep step, int place, int index, TensorType type) {
        long offset = bytesOfOne * place;
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
        private final Window window;

        OfLayer(Step.LayerStep step, List<Tensor> parameters, Kernels kernels, Window window) {
            this.step = step;
            this.parameters = parameters;
            this.kernels = kernels;
            this.window = window;
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
            return window.microbatches();
        }

        @Override
        public List<TensorType> inputs(int microbatch) {
            return Objects.requireNonNull(types[first(window.number()) + microbatch])
                    .inputs(step.node());
        }

        @Override
        public Tensor left(int microbatch, int index) {
            int place = first(window.number()) + microbatch;
            TensorType type = StepTensors.this
                    .left(step, Objects.requireNonNull(types[place]))
                    .get(index);
            return tensor(step, place, index, type);
        }
    }

    @Override
    public long heldBytes() {
        return arena.capacityBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
