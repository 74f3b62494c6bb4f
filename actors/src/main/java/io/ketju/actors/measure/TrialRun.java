package io.ketju.actors.measure;

import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.Workers;
import io.ketju.pipeline.partition.Partition;
import java.time.Duration;
import java.util.Optional;

/**
 * A job for a moment where it is to run, one stage on every rank, under 1F1B: what its steps take says how much longer layers take there, while
 * all ranks compute and somebody feeds them, than alone on one thread. The weights are thrown away, and nothing is kept.
 */
public final class TrialRun {
    /** As good as without end: the run is stopped when it has been measured. */
    private static final int EPOCHS = 10_000;

    private TrialRun() {}

    /**
     * {@return the times with the slowdown by which 1F1B takes what it took; the same times where there is one rank, or are fewer layers than
     * ranks}
     *
     * @param job as it would run; its cut and schedule do not count
     * @param times of its layers, with the rest of the overhead
     * @param workers how fast each rank's is
     * @param start of a run over as many ranks as the job has
     * @param each how long the run goes on; three quarters of it warm up: processes that have just begun take ten seconds for that
     */
    public static LayerTimes fit(TrainingJob job, LayerTimes times, Workers workers, RunStart start, Duration each) {
        int ranks = job.pipeline().placement().ranks();
        if (ranks == 1 || ranks > times.layers().size()) {
            return times;
        }
        Partition cut = times.balanced(ranks);
        PipelineSpec spec = new PipelineSpec(job.pipeline().recipe(), cut, new OneForwardOneBackward());
        return times.fitted(spec, workers, SteadySteps.nanos(trial(job, spec), start, each));
    }

    private static TrainingJob trial(TrainingJob job, PipelineSpec spec) {
        return new TrainingJob(
                job.name(),
                job.source(),
                job.model(),
                job.datasets(),
                job.train(),
                Optional.empty(),
                EPOCHS,
                spec,
                job.threads(),
                Optional.empty(),
                JobCheckpoints.USUAL,
                false,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
