package io.ketju.cluster.wire;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.protocol.control.Pipeline;

/** Whether other JVMs understand a pipeline. They know what Ketju brings, not what an application has made in code. */
public final class PipelineCheck {
    private PipelineCheck() {}

    /**
     * Checks that workers would read what was written.
     *
     * @param pipeline of the job
     * @throws InvalidJobException if they would not
     */
    public static void requireReadable(PipelineSpec pipeline) {
        Pipeline written = PipelineText.write(pipeline);
        Pipeline again;
        try {
            again = PipelineText.write(PipelineText.read(written));
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
        if (!again.equals(written)) {
            throw refused("the text of the job is read as another job");
        }
    }

    private static InvalidJobException refused(String why) {
        return new InvalidJobException(
                "workers cannot build this job, they know only what Ketju and the jars on their class path bring: "
                        + why + "; train it in one JVM, or without what was made in code");
    }
}
