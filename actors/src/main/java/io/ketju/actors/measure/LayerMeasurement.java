package io.ketju.actors.measure;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Plural;
import io.ketju.tensor.core.TensorCore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/**
 * Trains a job's model on its data for a short time on one thread, every layer a stage of its own, with a clock around each
 * action: once with whole backwards, once with both halves. The weights are thrown away.
 */
public final class LayerMeasurement {
    /** Mini-batches that it goes through again and again: enough that no kernel sees the same numbers twice in a row. */
    private static final int BATCHES = 4;

    private final TrainingJob job;
    private final Duration each;

    private LayerMeasurement(TrainingJob job, Duration each) {
        this.job = job;
        this.each = each;
    }

    /**
     * {@return the medians of what each layer's actions take, in nanoseconds} Takes four times {@code each}, half of it to warm up.
     *
     * @param job whose model is trained on its data, as it would be cut
     * @param each how long each of the four runs goes on
     * @param overhead of where they are to run, in nanoseconds: see {@link HopMeasurement}
     * @throws InvalidJobException for a job with objectives, whose windows differ
     */
    public static LayerTimes of(TrainingJob job, Duration each, Overhead overhead) {
        if (!job.pipeline().recipe().objectives().isEmpty()) {
            throw new InvalidJobException("measure: expected a job without objectives, found "
                    + Plural.of(job.pipeline().recipe().objectives().size(), "objective")
                    + ", whose windows take different times");
        }
        LayerMeasurement measurement = new LayerMeasurement(job, each);
        List<Integer> bounds = LayerTimes.bounds(job.pipeline());
        Partition layers = new Partition(bounds);
        try (TensorCore core = TensorCore.open(1);
                TrainingBatches batches = new TrainingBatches(job.train(), BATCHES)) {
            // Both warm up before either counts: the first would be measured while it is compiled.
            measurement.costs(layers, new OneForwardOneBackward(), batches, core);
            measurement.costs(layers, new ZB1P(), batches, core);
            List<StageCosts> whole = measurement.costs(layers, new OneForwardOneBackward(), batches, core);
            List<StageCosts> halves = measurement.costs(layers, new ZB1P(), batches, core);
            return LayerTimes.measured(bounds, both(whole, halves), overhead);
        }
    }

    private static List<StageCosts> both(List<StageCosts> whole, List<StageCosts> halves) {
        return IntStream.range(0, whole.size())
                .mapToObj(i -> new StageCosts(
                        (whole.get(i).forward() + halves.get(i).forward()) / 2,
                        whole.get(i).backward(),
                        halves.get(i).inputGradient(),
                        halves.get(i).weightGradient(),
                        whole.get(i).optimizerStep()))
                .toList();
    }

    private List<StageCosts> costs(Partition layers, Schedule schedule, TrainingBatches batches, TensorCore core) {
        PipelineSpec spec = new PipelineSpec(job.pipeline().recipe(), layers, schedule);
        ActionTimes times = new ActionTimes(layers.stages(), System::nanoTime);
        CompletableFuture<List<StageCosts>> measured = new CompletableFuture<>();
        // On a worker, as stages run: a caller from outside would compute beside it.
        core.submit(() -> {
            try (InProcessRunner runner = new InProcessRunner(spec, core)) {
                runner.watch(times);
                train(runner, batches);
                measured.complete(times.medians());
            } catch (RuntimeException | Error e) {
                measured.completeExceptionally(e);
            }
        });
        try {
            return measured.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Steps until the time is over. */
    private void train(InProcessRunner runner, TrainingBatches batches) {
        long begun = System.nanoTime();
        for (long step = 0; System.nanoTime() - begun < each.toNanos(); step++) {
            runner.train(step + 1, batches.of(step));
        }
    }
}
