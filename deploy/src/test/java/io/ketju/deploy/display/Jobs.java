package io.ketju.deploy.display;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.records.text.MetricText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/** A small job, its events, and a terminal whose output can be read. */
final class Jobs {
    private Jobs() {}

    /** 12 epochs of 45 steps on the digits. */
    static TrainingJob digits() {
        return JobAssembly.build(
                JobFile.parse(
                        "job.conf",
                        "name = digits\ndata = digits\nmodel { name = \"mlp(64, 32, 10)\" }\nbatch = 32\nepochs = 12\nstages = 2\n"));
    }

    static Measured measured(double loss, double accuracy) {
        return Measured.of(Map.of("loss", loss, "accuracy", accuracy));
    }

    /** As {@link #digits} are told of. */
    static MetricText metrics() {
        return new MetricText(digits().model().heads());
    }

    static TrainingEvent.StepFinished step(long step, int epoch) {
        SequencedMap<String, Double> rates = new LinkedHashMap<>(Map.of("learning_rate", 2.5e-7));
        return new TrainingEvent.StepFinished(step, epoch, measured(0.51214, 0.8125), 32, 4209.6, 0.19, rates);
    }

    static TrainingEvent.EpochFinished epoch(int epoch) {
        return new TrainingEvent.EpochFinished(
                epoch, measured(0.5, 0.8), measured(0.75, 0.825), Duration.ofMillis(3210));
    }

    /** A cluster that is waited for while up to {@code present} of the workers come. */
    static List<TrainingEvent.WaitingForWorkers> waiting(int present, int wanted) {
        return IntStream.rangeClosed(0, present)
                .mapToObj(there -> new TrainingEvent.WaitingForWorkers(
                        List.of("127.0.0.1:7355"), wanted, there, Duration.ofSeconds(60)))
                .toList();
    }

    static Terminal terminal(ByteArrayOutputStream out, boolean interactive, int columns, boolean unicode) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Terminal(stream, stream, interactive, columns, unicode);
    }
}
