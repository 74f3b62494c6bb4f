package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.LinkMode;
import io.ketju.pipeline.partition.Partition;
import java.util.List;
import java.util.function.UnaryOperator;

/** Starts the runs of stage actors that take turns: see {@link RunningJob}. */
final class PipelineJobs {
    private PipelineJobs() {}

    /** In this JVM, its stages cut by the modelled costs of the layers. */
    static RunningJob embedded(PipelineWork work, int stages, int threads, LinkMode links, WorkBatches batches) {
        Gate gate = new Gate();
        return embedded(
                job(
                        work,
                        Measured.MICROBATCHES,
                        batches,
                        gate,
                        job -> job.stages(stages).threads(threads)),
                gate,
                links);
    }

    /** In this JVM, by reference, cut as told. */
    static RunningJob embedded(PipelineWork work, Partition cut, int threads, WorkBatches batches) {
        Gate gate = new Gate();
        return embedded(
                job(
                        work,
                        Measured.MICROBATCHES,
                        batches,
                        gate,
                        job -> job.stageBounds(cut.bounds()).threads(threads)),
                gate,
                LinkMode.LOCAL_WHERE_POSSIBLE);
    }

    /** A job in this JVM. */
    static RunningJob embedded(TrainingJob job, Gate gate, LinkMode links) {
        return new RunningJob(job, gate, (started, listener) -> KetjuCluster.embedded(started, links, listener));
    }

    /** The job of a work. */
    static TrainingJob job(
            PipelineWork work, int microbatches, WorkBatches batches, Gate gate, UnaryOperator<JobBuilder> more) {
        GatedBatches source = new GatedBatches(batches::of, microbatches, gate);
        return more.apply(Ketju.job().model(work.model()).data(source).optimizer(work.optimizer()))
                .build();
    }

    /** As text: the first layer of every stage. */
    static String text(Partition cut) {
        List<Integer> bounds = cut.bounds();
        return "before layer "
                + String.join(
                        ", ",
                        bounds.subList(1, bounds.size() - 1).stream()
                                .map(String::valueOf)
                                .toList()) + " of "
                + bounds.getLast();
    }
}
