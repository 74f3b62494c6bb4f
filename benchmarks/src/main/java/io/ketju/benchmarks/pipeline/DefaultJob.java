package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import java.util.Locale;

/**
 * The job of {@code ketju train} without a file, in a JVM of its own: prints the seconds of every epoch and, last, those
 * that the C2 compiler had of the processor.
 */
public final class DefaultJob {
    private DefaultJob() {}

    public static void main(String[] arguments) {
        TrainingJob job = JobAssembly.build(JobFile.defaultJob());
        CompilerTime compiler = new CompilerTime();
        Ketju.fit(job, event -> {
            if (event instanceof TrainingEvent.EpochFinished epoch) {
                compiler.seconds();
                print(epoch.duration().toNanos() / 1e9);
            }
        });
        print(compiler.seconds());
    }

    private static void print(double seconds) {
        System.out.printf(Locale.ROOT, "%.3f%n", seconds);
    }
}
