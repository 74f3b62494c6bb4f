package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A stage's weights where forwards run on the live ones, and backwards on the live ones moved back to about where their forward
 * found them: by as many updates as have come between, each as long as a running mean of what updates changed. The mean begins
 * anew with every stretch, so that nothing of it has to be kept in checkpoints. Not thread-safe.
 */
final class CorrectedVersions implements StageVersions {
    private final Overlap overlap;
    private final int rank;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    private final WeightPlace live;
    /** What a backward runs on; during an update, the weights before it. */
    private final VersionSlot corrected;

    private final VersionSlot drift;
    private final double decay;
    private final StretchClock clock;

    /** For a rank on which forwards run ahead of updates. */
    CorrectedVersions(Overlap overlap, int rank, List<Node> nodes, ParameterBlock parameters, Kernels kernels) {
        this.overlap = overlap;
        this.rank = rank;
        this.parameters = parameters;
        this.kernels = kernels;
        live = WeightPlace.live(parameters::weights);
        corrected = new VersionSlot(1, nodes, parameters, false);
        drift = new VersionSlot(2, nodes, parameters, false);
        decay = overlap.decayOfUpdate(rank);
        clock = new StretchClock(overlap, rank);
        clearDrift();
    }

    private void clearDrift() {
        drift.values().values().forEach(Tensor::clear);
    }

    @Override
    public void forward(Window window, BoundProgram program, long updates) {
        program.use(live);
        if (window.phase() == Window.Phase.TRAIN) {
            clock.begin(window);
            clock.forward(window, clock.newest());
        }
    }

    @Override
    public void backward(Window window, BoundProgram program) {
        long delay = overlap.delay(rank, clock.index(window));
        if (delay == 0) {
            program.use(live);
        } else {
            drift.values()
                    .forEach((name, way) -> kernels.update()
                            .moved(-(double) delay, parameters.value(name), way, in(corrected.values(), name)));
            corrected.changed();
            program.use(corrected.place());
        }
        clock.backward(window, clock.newest());
    }

    @Override
    public void beforeUpdate(Window window) {
        corrected.copyLive();
    }

    @Override
    public void afterUpdate(Window window) {
        drift.values()
                .forEach((name, way) ->
                        kernels.update().drift(decay, parameters.value(name), in(corrected.values(), name), way));
        if (clock.updated(window)) {
            clearDrift();
        }
    }

    private static Tensor in(Map<String, Tensor> values, String name) {
        return Objects.requireNonNull(values.get(name));
    }

    @Override
    public double rateFactor(Window window) {
        return overlap.rateFactor(rank, window.step());
    }

    @Override
    public List<Long> staleness() {
        return clock.staleness();
    }

    @Override
    public long heldBytes() {
        return corrected.heldBytes() + drift.heldBytes();
    }

    @Override
    public void close() {
        corrected.close();
        drift.close();
    }
}
