package io.ketju.benchmarks.pipeline;

/** A run of stage actors and all that it needs around it; closing it ends both. */
interface PipelinedWork extends AutoCloseable {
    /** The run that takes turns. */
    RunningJob running();

    @Override
    void close();

    /** A run that needs nothing around it. */
    static PipelinedWork of(RunningJob job) {
        return new PipelinedWork() {
            @Override
            public RunningJob running() {
                return job;
            }

            @Override
            public void close() {
                job.close();
            }
        };
    }
}
