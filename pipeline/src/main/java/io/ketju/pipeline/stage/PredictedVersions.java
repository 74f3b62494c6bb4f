package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A stage's weights where forwards run on those that the optimizer is expected to have made by the time of the window's own
 * update, and backwards on the live ones, which by then are what it has made. Copies of parameters that other stages own are
 * not predicted, as their optimizer's state is with their owners. Not thread-safe.
 */
final class PredictedVersions implements StageVersions {
    /**
     * A weight that learns.
     *
     * @param state of its optimizer; none where another stage has it
     */
    private record Course(String name, Tensor weight, Optimizer optimizer, List<Tensor> state, Tensor predicted) {}

    private final Overlap overlap;
    private final Recipe recipe;
    private final int rank;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    private final WeightPlace live;
    private final VersionSlot slot;
    private final List<Course> courses = new ArrayList<>();
    private final StretchClock clock;

    /** For a rank on which forwards run ahead of updates. */
    PredictedVersions(
            Overlap overlap, Recipe recipe, int rank, List<Node> nodes, ParameterBlock parameters, Kernels kernels) {
        this.overlap = overlap;
        this.recipe = recipe;
        this.rank = rank;
        this.parameters = parameters;
        this.kernels = kernels;
        live = WeightPlace.live(parameters::weights);
        slot = new VersionSlot(1, nodes, parameters, false);
        slot.values().forEach((name, predicted) -> courses.add(course(name, predicted)));
        clock = new StretchClock(overlap, rank);
    }

    private Course course(String name, Tensor predicted) {
        List<Tensor> state = parameters.states().stream()
                .filter(kept -> kept.parameter().equals(name))
                .map(StateTensor::tensor)
                .toList();
        Optimizer optimizer = recipe.optimizers().of(name).orElseThrow();
        return new Course(name, parameters.value(name), optimizer, state, predicted);
    }

    @Override
    public void forward(Window window, BoundProgram program, long updates) {
        if (window.phase() != Window.Phase.TRAIN) {
            program.use(live);
            return;
        }
        long delay = overlap.delay(rank, clock.begin(window));
        if (delay == 0) {
            program.use(live);
        } else {
            predict(window, delay, updates - delay);
            program.use(slot.place());
        }
        clock.forward(window, clock.newest());
    }

    /** @param updates that optimizer state has been through, where they are not counted one by one */
    private void predict(Window window, long delay, long updates) {
        for (Course course : courses) {
            long step = counted(course.name(), updates);
            if (course.state().isEmpty() || step < 1) {
                course.predicted().copyFrom(course.weight());
            } else {
                List<Double> rates = LongStream.range(window.step() - delay, window.step())
                        .mapToObj(coming -> recipe.learningRate(
                                course.optimizer(), window.objective(), coming, window.reductions()))
                        .toList();
                course.optimizer().predict(kernels, rates, step, course.weight(), course.state(), course.predicted());
            }
        }
        slot.changed();
    }

    private long counted(String parameter, long otherwise) {
        for (NamedTensor count : parameters.counts()) {
            if (count.name().equals(parameter)) {
                return count.tensor().getInt(0);
            }
        }
        return otherwise;
    }

    @Override
    public void backward(Window window, BoundProgram program) {
        program.use(live);
        clock.backward(window, clock.newest());
    }

    @Override
    public void afterUpdate(Window window) {
        clock.updated(window);
    }

    @Override
    public List<Long> staleness() {
        return clock.staleness();
    }

    @Override
    public long heldBytes() {
        return slot.heldBytes();
    }

    @Override
    public void close() {
        slot.close();
    }
}
