package io.ketju.actors.run;

import io.ketju.actors.feed.FeedAhead;
import io.ketju.actors.feed.MicrobatchBuffers;
import io.ketju.actors.job.JobBatches;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One start of a run: what is made anew when the run goes on after a failure.
 *
 * @param setup where it starts
 * @param samples the buffers that it is fed from here; the start owns them
 * @param windows which there are from there on
 */
record RunStart(RunSetup setup, MicrobatchBuffers samples, RunWindows windows) implements AutoCloseable {
    /** Takes the buffers of a start. */
    static RunStart of(RunSetup setup, Function<RunSetup, RunWindows> windows) {
        MicrobatchBuffers samples = new MicrobatchBuffers(
                new JobBatches(setup.job()),
                setup.ticket().incarnation(),
                FeedAhead.of(setup.job().pipeline()));
        try {
            return new RunStart(setup, samples, windows.apply(setup));
        } catch (RuntimeException | Error e) {
            samples.close();
            throw e;
        }
    }

    /** Frees the buffers as soon as all are back. Nothing is fed any more. */
    void closeWhenBack() {
        CompletionStage<Void> back = samples.drained();
        back.thenRun(samples::close);
    }

    @Override
    public void close() {
        samples.close();
    }
}
