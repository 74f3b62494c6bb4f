package io.ketju.pipeline.choice;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best cut into as many stages, by what the stages of another cut took while they ran. What a stage took is shared among its
 * layers as {@link LayerTimes#modelled} shares it: the more often a run is cut anew, the more is measured and the less is
 * modelled. Nothing here changes the numbers of a run.
 *
 * @param partition the best one, which may be the one that there is
 * @param before what the busiest rank takes for a step with the cut that there is, in the unit of what was measured; no less than what all
 *     take together, shared among the compute threads
 * @param after the same with the best one, as it is expected
 */
public record MeasuredCut(Partition partition, double before, double after) {
    /**
     * Cuts a job anew.
     *
     * @param spec the job with the cut that there is
     * @param busy what each stage took for a step, in nanoseconds
     * @param lanes actions that can run at once, at least 1
     * @return the best cut, or the one that there is where none is better
     * @throws IllegalArgumentException if there are not as many times as stages
     */
    public static MeasuredCut of(PipelineSpec spec, List<Double> busy, int lanes) {
        if (busy.size() != spec.stages()) {
            throw new IllegalArgumentException(
                    "expected a time for each of " + spec.stages() + " stages, found " + busy.size());
        }
        LayerTimes modelled = LayerTimes.modelled(spec);
        List<Integer> places = modelled.bounds();
        if (places.size() - 1 < spec.stages()) {
            return unchanged(spec, busy, lanes); // what runs as one is cut already
        }
        List<Double> nodes = measured(spec.partition(), nodes(modelled), busy);
        List<StageCosts> layers = IntStream.range(0, places.size() - 1)
                .mapToObj(i -> new StageCosts(sum(nodes.subList(places.get(i), places.get(i + 1))), 0, 0, 0, 0))
                .toList();
        Partition best = LayerTimes.measured(places, layers, Overhead.NONE).balanced(spec.stages());
        double before = longest(spec, stages(spec.partition(), nodes), lanes);
        double after = longest(spec, stages(best, nodes), lanes);
        return after < before ? new MeasuredCut(best, before, after) : unchanged(spec, busy, lanes);
    }

    private static MeasuredCut unchanged(PipelineSpec spec, List<Double> busy, int lanes) {
        double step = longest(spec, busy, lanes);
        return new MeasuredCut(spec.partition(), step, step);
    }

    /** {@return the share of a step's time that the best cut is expected to save, 0 to 1} */
    public double gain() {
        return before > 0 ? 1 - after / before : 0;
    }

    /** By the model, of every layer: one that runs together with others has an even share. */
    private static List<Double> nodes(LayerTimes modelled) {
        List<Double> nodes = new ArrayList<>();
        for (int i = 0; i < modelled.layers().size(); i++) {
            int parts = modelled.bounds().get(i + 1) - modelled.bounds().get(i);
            StageCosts together = modelled.layers().get(i);
            nodes.addAll(Collections.nCopies(parts, (together.forward() + together.backward()) / parts));
        }
        return nodes;
    }

    /** What every layer took: its stage's time, shared as the model has it. */
    private static List<Double> measured(Partition now, List<Double> modelled, List<Double> busy) {
        List<Double> nodes = new ArrayList<>();
        for (int stage = 0; stage < now.stages(); stage++) {
            List<Double> own =
                    modelled.subList(now.bounds().get(stage), now.bounds().get(stage + 1));
            double all = sum(own);
            for (double one : own) {
                nodes.add(busy.get(stage) * (all > 0 ? one / all : 1.0 / own.size()));
            }
        }
        return nodes;
    }

    private static List<Double> stages(Partition cut, List<Double> nodes) {
        return IntStream.range(0, cut.stages())
                .mapToObj(stage ->
                        sum(nodes.subList(cut.bounds().get(stage), cut.bounds().get(stage + 1))))
                .toList();
    }

    private static double longest(PipelineSpec spec, List<Double> stages, int lanes) {
        Placement one = spec.placement().ofOne(); // replicas are cut alike, and share the threads
        double shared = sum(stages) * spec.counts().most() / lanes;
        return IntStream.range(0, one.ranks())
                .mapToDouble(rank ->
                        one.stagesOf(rank).stream().mapToDouble(stages::get).sum())
                .reduce(shared, Math::max);
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
