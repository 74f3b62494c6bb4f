package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.measure.LayerMeasurement;
import io.ketju.actors.measure.TrialRun;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.Overhead;
import io.ketju.pipeline.choice.Workers;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.Stretch;
import io.ketju.tensor.Tensor;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A work under a schedule on two ranks: as a job, as a prediction, and as what torch is asked for. Where every micro-batch is
 * an update, a step is one micro-batch.
 *
 * @param microbatches of the work's mini-batch
 */
record ScheduledWork(PipelineWork work, Schedule schedule, Partition cut, int microbatches) {
    /** Windows without a flush of which the time is the difference between as many and twice as many. */
    private static final int WINDOWS = 16;

    /** What a step takes by the times of layers, in nanoseconds, and the share of it in which ranks are idle. */
    record Prediction(double step, double bubble) {}

    /** Of ours those that torch has as well, by their places in the peer's list. */
    private static final Map<String, Integer> OF_TORCH = Map.of(
            "1F1B", 0,
            "GPipe", 1,
            "Interleaved1F1B(chunks=2)", 2,
            "LoopedBFS(chunks=2)", 3,
            "InterleavedZB(chunks=2)", 4,
            "ZBV", 5,
            "DualPipeV", 6);

    /** Samples of one step. */
    int stepSamples() {
        return work.batchSize() / parts();
    }

    /** Steps for each mini-batch of the work. */
    private int parts() {
        return schedule.updatesEveryMicrobatch() ? microbatches : 1;
    }

    /** The job, over batches that wait at a gate; both stay the caller's. */
    TrainingJob job(WorkBatches batches, Gate gate) {
        int parts = parts();
        GatedBatches source = new GatedBatches(step -> part(batches, step, parts), microbatches / parts, gate);
        return Ketju.job()
                .model(work.model())
                .data(source)
                .optimizer(work.optimizer())
                .schedule(schedule)
                .stageBounds(cut.bounds())
                .threads(1)
                .build();
    }

    /** The whole mini-batch, or the next of its equal parts. */
    private static WorkBatches.Batch part(WorkBatches batches, long step, int parts) {
        WorkBatches.Batch whole = batches.of(step / parts);
        return new WorkBatches.Batch(part(whole.inputs(), step, parts), part(whole.targets(), step, parts));
    }

    private static Tensor part(Tensor whole, long step, int parts) {
        int size = whole.shape().dimension(0) / parts;
        return whole.samples((int) (step % parts) * size, size);
    }

    /** Steps that must have begun before an earlier one can end. */
    int ahead() {
        return overlaps() ? 2 : 0;
    }

    private boolean overlaps() {
        return schedule.overlap(schedule.placement(cut.stages())).isPresent();
    }

    /**
     * What layers take on one thread, in four times as long as given.
     *
     * @param overhead of two processes
     */
    LayerTimes layerTimes(WorkBatches batches, Duration each, Overhead overhead) {
        return LayerMeasurement.of(openJob(batches), each, overhead);
    }

    /** The overhead with the slowdown of layers in two processes, by a trial run of so long under 1F1B. */
    Overhead slowed(WorkBatches batches, Duration each, Overhead overhead) {
        TrainingJob job = openJob(batches);
        LayerTimes layers = LayerMeasurement.of(job, each.dividedBy(4), overhead);
        return WorkerProcesses.withRuns(start -> TrialRun.fit(job, layers, Workers.ALIKE, start, each))
                .overhead();
    }

    private TrainingJob openJob(WorkBatches batches) {
        Gate open = new Gate();
        open.open();
        return job(batches, open);
    }

    /** By those times: of a step with a flush from its begin to its end, without one between two in the middle of many. */
    Prediction predicted(PipelineSpec spec, LayerTimes times) {
        if (spec.overlap().isEmpty()) {
            ScheduleSimulation step = times.simulate(spec, spec.plan());
            return new Prediction(step.makespan(), step.bubble());
        }
        ScheduleSimulation some = stretch(spec, times, WINDOWS);
        ScheduleSimulation more = stretch(spec, times, 2 * WINDOWS);
        double step = (more.makespan() - some.makespan()) / WINDOWS;
        double busy = (busy(more) - busy(some)) / WINDOWS;
        return new Prediction(step, 1 - busy / (more.busy().size() * step));
    }

    private static ScheduleSimulation stretch(PipelineSpec spec, LayerTimes times, int windows) {
        return times.simulate(
                spec,
                Stretch.of(spec.overlap().orElseThrow(), Collections.nCopies(windows, spec.microbatches()))
                        .flat());
    }

    private static double busy(ScheduleSimulation simulation) {
        return simulation.busy().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** What the peer is asked for, if torch has the schedule. */
    Optional<WorkSpec> ofTorch() {
        return Optional.ofNullable(OF_TORCH.get(schedule.name())).map(place -> {
            WorkSpec spec = TorchPipelines.spec(work, cut).with("schedule", place);
            List<Integer> bounds = cut.bounds();
            for (int stage = 2; stage < cut.stages(); stage++) {
                spec = spec.with("cut" + stage, TorchPipelines.place(work, bounds.get(stage), stage));
            }
            return spec;
        });
    }
}
