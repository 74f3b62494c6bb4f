package io.ketju.pipeline.choice;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.CutCost;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.LayerCost;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.partition.StageLimit;
import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What the layers of a model take with one micro-batch, the largest that comes, and a hop between two ranks. Layers that run as
 * one kernel call count as one, and a view goes with the layer behind it.
 *
 * @param bounds where each of them begins in the numbers of the model's layers, and where the last ends
 * @param layers what each takes
 * @param crossing what a cut before each of them, and behind the last, costs the stage on either side, for one direction
 * @param overhead what a step takes beside layers
 * @param measured whether times are nanoseconds of a clock; otherwise they are operations of a model, and only ratios count
 */
public record LayerTimes(
        List<Integer> bounds, List<StageCosts> layers, List<Double> crossing, Overhead overhead, boolean measured) {
    /** A hop between processes of one machine, 13 us, at the pace of a core, some 30 operations in a nanosecond. */
    private static final double MODELLED_HOP = 400_000;

    /** What it takes to start an action, some 3 us, in the same unit. */
    private static final double MODELLED_START = 100_000;

    /** No machine is so much slower beside other ranks. */
    private static final double MOST_SLOWDOWN = 64;

    private static final int HALVINGS = 40;

    /** Costs are whole numbers for the partitioner; a nanosecond's fractions do not count. */
    private static final double LEAST = 1;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is not a bound and a crossing more than layers
     */
    public LayerTimes {
        bounds = List.copyOf(bounds);
        layers = List.copyOf(layers);
        crossing = List.copyOf(crossing);
        if (bounds.size() != layers.size() + 1 || crossing.size() != bounds.size()) {
            throw new IllegalArgumentException("layer times: expected a bound and a crossing more than layers, found "
                    + bounds.size() + " and " + crossing.size() + " for " + layers.size());
        }
    }

    /**
     * {@return measured times; what it takes to send is in the overhead}
     *
     * @param bounds where each layer begins, and where the last ends: see {@link #bounds(PipelineSpec)}
     * @param layers what each takes with one micro-batch, in nanoseconds
     * @param overhead where they are to run, in nanoseconds
     */
    public static LayerTimes measured(List<Integer> bounds, List<StageCosts> layers, Overhead overhead) {
        return new LayerTimes(bounds, layers, Collections.nCopies(bounds.size(), 0.0), overhead, true);
    }

    /**
     * {@return times by the model of {@link LayerCost} and {@link CutCost}, each pass over a layer counted once}
     *
     * @param spec with the model and its micro-batches; its cut does not count
     */
    public static LayerTimes modelled(PipelineSpec spec) {
        Model model = spec.model();
        List<Integer> bounds = bounds(spec);
        double samples = StagePlan.largestMicrobatch(spec);
        List<StageCosts> nodes = nodes(model, samples);
        List<StageCosts> layers = IntStream.range(0, bounds.size() - 1)
                .mapToObj(i -> sum(nodes.subList(bounds.get(i), bounds.get(i + 1))))
                .toList();
        List<Long> places = CutCost.ofPlaces(model);
        List<Double> crossing =
                bounds.stream().map(place -> samples * places.get(place) / 2).toList();
        return new LayerTimes(bounds, layers, crossing, new Overhead(MODELLED_HOP, MODELLED_START, 1), false);
    }

    /**
     * {@return where what runs as one begins, in the numbers of the model's layers, and where the last of them ends}
     *
     * @param spec with the model; its cut does not count
     */
    public static List<Integer> bounds(PipelineSpec spec) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (Step step : spec.onOneStage().program(0).steps()) {
            if (step instanceof Step.LayerStep layer && !layer.view()) {
                bounds.add(layer.index() + 1);
            }
        }
        bounds.set(bounds.size() - 1, spec.model().nodes().size());
        return bounds;
    }

    /**
     * {@return stages of balanced cost: see {@link Partitioner}}
     *
     * @param stages from 1 to as many as layers
     * @throws IllegalArgumentException if there are fewer layers
     */
    public Partition balanced(int stages) {
        return balanced(Collections.nCopies(Math.max(0, stages), 1.0), StageLimit.NONE)
                .orElseThrow();
    }

    /**
     * {@return stages that take equally long for some workers, none of which holds more than it may; empty if no cut does that}
     *
     * @param job whose stages they are: how many, on which ranks and in which order they run; where it cuts does not count
     * @param workers how fast each rank's is, and how much it may hold
     * @throws IllegalArgumentException if there are fewer layers than stages, or not as many workers as ranks
     */
    public Optional<Partition> balanced(PipelineSpec job, Workers workers) {
        workers.requireFit(job.placement().ranks());
        return balanced(
                workers.speedsOfStages(job.placement()),
                workers.limited() ? new StageMemory(job, bounds, workers) : StageLimit.NONE);
    }

    private Optional<Partition> balanced(List<Double> speeds, StageLimit limit) {
        List<Long> costs = layers.stream()
                .map(layer -> Math.round(Math.max(LEAST, layer.forward() + layer.backward())))
                .toList();
        List<Long> cuts = crossing.stream().map(cost -> Math.round(2 * cost)).toList();
        return Partitioner.balanced(costs, cuts, speeds, limit)
                .map(cut -> new Partition(cut.bounds().stream().map(bounds::get).toList()));
    }

    /**
     * {@return what a plan of a job's stages takes by these times}
     *
     * @param spec the job
     * @param plan for instance of a step of it
     */
    public ScheduleSimulation simulate(PipelineSpec spec, SchedulePlan plan) {
        return simulate(spec, plan, Workers.ALIKE);
    }

    /**
     * {@return the same for workers of different speeds}
     *
     * @param spec the job
     * @param plan for instance of a step of it
     * @param workers how fast each rank's is
     */
    public ScheduleSimulation simulate(PipelineSpec spec, SchedulePlan plan, Workers workers) {
        List<StageCosts> stages = ofStages(spec.partition());
        List<StageCosts> own = IntStream.range(0, stages.size())
                .mapToObj(stage -> stages.get(stage)
                        .times(1 / workers.speed(spec.placement().rankOf(stage))))
                .toList();
        return ScheduleSimulator.simulate(plan, new SimulationCosts(own, overhead.hop()));
    }

    /**
     * {@return these times with the slowdown by which a step takes as long as it did} A step that is shorter than what is foretold without any
     * had less of hops and starts: layers are no faster beside others than alone.
     *
     * @param spec of the job that was measured
     * @param workers how fast each rank's is
     * @param step what a step of it took
     */
    public LayerTimes fitted(PipelineSpec spec, Workers workers, double step) {
        return step < makespan(1, spec, workers)
                ? slowed(nearest(share -> makespan(share, spec, workers), 0, 1, step))
                : slowed(nearest(times -> makespan(times, spec, workers), 1, MOST_SLOWDOWN, step));
    }

    /** Where a function that grows has a value; one of the ends if it has it nowhere. */
    private static double nearest(DoubleUnaryOperator growing, double from, double to, double value) {
        double low = from;
        double high = to;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (growing.applyAsDouble(middle) < value) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double makespan(double times, PipelineSpec spec, Workers workers) {
        return slowed(times).simulate(spec, spec.plan(), workers).makespan();
    }

    /** Layers that take so many times as long; less than once is that share of hops and starts. */
    private LayerTimes slowed(double times) {
        Overhead other = times < 1 ? overhead.share(times) : overhead.slowed(times);
        return new LayerTimes(bounds, layers, crossing, other, measured);
    }

    /** What the stages of a partition take; one that cuts within what runs as one shares that evenly over its layers. */
    private List<StageCosts> ofStages(Partition partition) {
        List<StageCosts> nodes = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            int parts = bounds.get(i + 1) - bounds.get(i);
            nodes.addAll(Collections.nCopies(parts, layers.get(i).times(1.0 / parts)));
        }
        List<StageCosts> stages = new ArrayList<>();
        List<Integer> ends = partition.bounds();
        for (int stage = 0; stage < partition.stages(); stage++) {
            StageCosts own =
                    sum(nodes.subList(ends.get(stage), ends.get(stage + 1))).times(overhead.slowdown());
            double forwards = crossing(ends.get(stage + 1));
            double back = crossing(ends.get(stage));
            double start = overhead.start();
            stages.add(new StageCosts(
                    own.forward() + forwards + start,
                    own.backward() + back + start,
                    own.inputGradient() + back + start,
                    own.weightGradient() + start,
                    own.optimizerStep() + start));
        }
        return stages;
    }

    private double crossing(int place) {
        int known = bounds.indexOf(place);
        return known < 0 ? 0 : crossing.get(known);
    }

    private static List<StageCosts> nodes(Model model, double samples) {
        GradientFlow flow = GradientFlow.of(model);
        ModelTypes types = model.types(1);
        List<StageCosts> costs = new ArrayList<>();
        for (int i = 0; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            double once = samples * LayerCost.once(node, types, i);
            double input = node.inputs().stream().anyMatch(flow::learns) ? once : 0;
            double weights = flow.hasWeights(i) ? once : 0;
            costs.add(new StageCosts(once, input + weights, input, weights, 0));
        }
        return costs;
    }

    private static StageCosts sum(List<StageCosts> layers) {
        return layers.stream().reduce(StageCosts.NOTHING, StageCosts::plus);
    }
}
