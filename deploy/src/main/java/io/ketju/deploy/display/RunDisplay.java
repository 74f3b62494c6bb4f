package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.records.text.MetricText;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import java.util.List;

/** Shows a run while it goes on. Closing it leaves the terminal clean. */
public interface RunDisplay extends TrainingListener {
    /** A live bar on a terminal, plain lines elsewhere. */
    static RunDisplay of(Terminal terminal, TrainingJob job) {
        return terminal.interactive()
                ? new LiveDisplay(terminal, job)
                : new PlainDisplay(terminal, job, System::nanoTime);
    }

    /** {@code waiting for 2 workers at 127.0.0.1:7355, up to 60 s; 1 is there}, behind what a run has lost that has begun. */
    static String waitingLine(TrainingEvent.WaitingForWorkers waiting) {
        String there = switch (waiting.present()) {
            case 0 -> "none is there yet";
            case 1 -> "1 is there";
            default -> waiting.present() + " are there";
        };
        return (waiting.cause().isEmpty() ? "" : waiting.cause() + ": ") + "waiting for "
                + Plural.of(waiting.wanted(), "worker") + " at "
                + String.join(", ", waiting.seedNodes()) + ", up to "
                + waiting.patience().toSeconds() + " s; " + there;
    }

    /** {@code worker 2 (process 4711) with stage 1 ended with exit code 137 after step 37: goes on with step 31 on 2 workers}. */
    static String restartLine(TrainingEvent.Restarted again) {
        return again.cause() + ": goes on with step " + Units.count(again.firstStep()) + " on "
                + Plural.of(again.workers(), "worker");
    }

    /**
     * {@code stages [0, 2, 5] are now [0, 3, 5]: stage-bounds [0, 3, 5] was asked for; goes on with step 38 on 2 workers after 41 ms
     * (12 ms to save, 9 ms to let go, 20 ms to place)}; where the cut stays what it was, the line begins with the cause.
     */
    static String moveLine(TrainingEvent.Repartitioned moved) {
        List<Integer> bounds = moved.job().pipeline().partition().bounds();
        String stages = moved.before().equals(bounds) ? "" : "stages " + moved.before() + " are now " + bounds + ": ";
        return stages + moved.cause() + "; goes on with step "
                + Units.count(moved.firstStep()) + " on " + Plural.of(moved.workers(), "worker") + " after "
                + moved.stall();
    }

    /** Shows some lines more. */
    void show(List<String> lines);

    /** Ends the showing; a second call does nothing. */
    void close();

    /** {@code epoch  3/15  train loss 0.5121, accuracy 81.2 %  test loss 0.4801, accuracy 82.6 %  3.21 s}. */
    static String epochLine(TrainingEvent.EpochFinished epoch, int epochs, MetricText metrics) {
        return String.join("  ", epochParts(epoch, epochs, metrics));
    }

    /** The same for a terminal: in fewer letters where it is narrow, then in several lines; never cut. */
    static List<String> epochLines(TrainingEvent.EpochFinished epoch, int epochs, MetricText metrics, int columns) {
        String line = epochLine(epoch, epochs, metrics);
        return line.length() <= columns
                ? List.of(line)
                : Wrapping.parts(MetricText.shortened(epochParts(epoch, epochs, metrics)), columns, 2);
    }

    private static List<String> epochParts(TrainingEvent.EpochFinished epoch, int epochs, MetricText metrics) {
        return List.of(
                epochLabel(epoch.epoch(), epochs),
                "train " + metrics.line(epoch.train()),
                "test " + metrics.line(epoch.test()),
                Units.duration(epoch.duration()));
    }

    /** {@code epoch  3/15}, equally long for all epochs of a run. */
    static String epochLabel(int epoch, int epochs) {
        String all = Integer.toString(epochs);
        String one = Integer.toString(epoch);
        return "epoch " + " ".repeat(Math.max(0, all.length() - one.length())) + one + "/" + all;
    }
}
