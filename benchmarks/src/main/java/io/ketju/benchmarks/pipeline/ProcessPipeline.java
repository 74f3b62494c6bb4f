package io.ketju.benchmarks.pipeline;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.partition.Partition;

/** A run over processes of the real command line, a rank and one compute thread in each; this JVM directs and feeds it. */
final class ProcessPipeline implements PipelinedWork {
    private final WorkerProcesses workers;
    private final RunningJob running;

    private ProcessPipeline(WorkerProcesses workers, RunningJob running) {
        this.workers = workers;
        this.running = running;
    }

    /** Starts workers and a run over them. The batches stay the caller's. */
    static ProcessPipeline start(PipelineWork work, Partition cut, int microbatches, WorkBatches batches) {
        Gate gate = new Gate();
        return start(
                PipelineJobs.job(
                        work,
                        microbatches,
                        batches,
                        gate,
                        more -> more.stageBounds(cut.bounds()).threads(1)),
                gate,
                0);
    }

    /**
     * The same for a job over {@link GatedBatches} of a gate.
     *
     * @param ahead steps that must have begun before an earlier one can end
     */
    static ProcessPipeline start(TrainingJob job, Gate gate, int ahead) {
        WorkerProcesses workers =
                WorkerProcesses.start(job.pipeline().placement().ranks());
        try {
            return new ProcessPipeline(workers, new RunningJob(job, gate, workers::run, ahead));
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    @Override
    public RunningJob running() {
        return running;
    }

    @Override
    public void close() {
        try (workers) {
            running.close();
        }
    }
}
