package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes windows of mini-batches that are given by name, as whoever directs a run grants them. */
final class GrantedBatches {
    private final PipelineSpec spec;
    private final NamedBatches batches;
    private int reductions;
    private int schedule;

    GrantedBatches(PipelineSpec spec, NamedBatches batches) {
        this.spec = spec;
        this.batches = batches;
    }

    /** Has rates of training windows be reduced so often from now on. */
    void reduceRates(int times) {
        reductions = times;
    }

    /** Has windows take another of the run's schedules from now on. */
    void schedule(int other) {
        schedule = other;
    }

    /** Of these micro-batches; that of the last objective ends the step. */
    Window window(long number, Window.Phase phase, int objective, long step, List<Map<String, Tensor>> microbatches) {
        return new Window(
                number,
                phase,
                objective,
                step,
                microbatches.stream().map(batches::part).toList(),
                denominators(phase, objective, microbatches),
                objective == Math.max(1, spec.recipe().objectives().size()) - 1,
                reductions,
                true,
                schedule);
    }

    /** What the targets of a mini-batch weigh. */
    private List<Double> denominators(Window.Phase phase, int objective, List<Map<String, Tensor>> microbatches) {
        Denominators sums = Denominators.of(spec.recipe(), phase, objective);
        microbatches.forEach(microbatch -> sums.add(batches.samples(microbatch), microbatch));
        return sums.sums();
    }

    /** A mini-batch as the recipe cuts it. */
    List<Map<String, Tensor>> cut(Map<String, Tensor> batch) {
        int accumulate = spec.recipe().rules().accumulate();
        int whole = spec.batchSize() / accumulate;
        List<Window.Part> parts = new ArrayList<>();
        for (int left = batches.samples(batch); left > 0; left -= whole) {
            int samples = Math.min(left, whole);
            parts.addAll(Window.Part.split(samples, Math.min(samples, spec.microbatches() / accumulate)));
        }
        return batches.cut(batch, parts);
    }
}
