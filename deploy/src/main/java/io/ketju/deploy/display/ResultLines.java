package io.ketju.deploy.display;

import static io.ketju.records.text.JobHeader.field;

import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.data.image.ImageDataset;
import io.ketju.layers.optimizer.ReduceLROnPlateau.Watched;
import io.ketju.records.text.MetricText;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a run ended, and what to do next. */
public final class ResultLines {
    private static final int SHORT_HASH = 16;

    /** The test image of the examples. */
    private static final int SAMPLE = 7;

    private ResultLines() {}

    /** What came out. */
    public static List<String> of(TrainingResult result, TrainingJob job) {
        List<String> lines = new ArrayList<>();
        MetricText metrics = new MetricText(job.model().heads());
        TrainingResult.Phases phases = result.phases();
        String steps = Units.count(result.steps()) + " " + Plural.word(result.steps(), "step");
        if (result.completed()) {
            lines.add("Trained " + steps + " in " + Units.duration(phases.total()) + test(result, metrics));
        } else {
            lines.add("Stopped after " + steps + ": " + result.stopReason().orElse("on request"));
        }
        result.best().flatMap(best -> best(best, job)).ifPresent(line -> lines.add(field("best") + line));
        lines.add(field("time") + "start " + Units.duration(phases.start()) + ", train "
                + Units.duration(phases.train()) + ", evaluate " + Units.duration(phases.evaluate())
                + ", checkpoints " + Units.duration(phases.checkpoint()));
        lines.add(
                field("state") + shortHash(result.stateSha256()) + " (SHA-256 of all parameters and optimizer state)");
        result.runDirectory().ifPresent(folder -> lines.add(field("saved") + folder));
        return lines;
    }

    /** {@code test accuracy 88.2 % after epoch 4 of 7, where the run ended early}; empty for a job without such a rule. */
    public static Optional<String> best(BestEpoch best, TrainingJob job) {
        return job.bestEpoch().map(rule -> {
            String data = rule.data() == Watched.TRAIN ? "train " : "test ";
            boolean early = rule.ends(best) && best.epochs() < job.epochs();
            return data + new MetricText(job.model().heads()).text(rule.metric(), best.value()) + " after epoch "
                    + best.epoch() + " of " + best.epochs() + (early ? ", where the run ended early" : "")
                    + (best.restored() ? "; the run gives its weights" : "");
        });
    }

    /** {@code : test accuracy 88.2 %, test loss 0.3310}: what is known of it. */
    private static String test(TrainingResult result, MetricText metrics) {
        List<String> parts = new ArrayList<>(metrics.metrics(result.test()));
        result.testLoss().ifPresent(loss -> parts.add("loss " + Units.loss(loss)));
        return parts.isEmpty() ? "" : ": test " + String.join(", test ", parts);
    }

    /** Commands that use the run, to be typed as they are: never to be broken. None where nothing was kept. */
    public static List<String> next(TrainingResult result, DataSource data, Invocation ketju) {
        if (result.runDirectory().isEmpty()) {
            return List.of();
        }
        Path folder = result.runDirectory().get();
        if (!result.completed()) {
            return List.of(field("next") + ketju.of("train", "--resume", folder));
        }
        List<String> lines = new ArrayList<>(List.of(field("next") + ketju.of("evaluate", folder)));
        if (data.test() instanceof ImageDataset images) {
            int sample = Math.min(SAMPLE, images.size() - 1);
            lines.add(field("") + ketju.of("sample", data.reference(), sample, "image.png"));
            lines.add(field("") + ketju.of("predict", folder, "image.png"));
        }
        return lines;
    }

    /** The start of a hash: enough to compare by eye. */
    public static String shortHash(String hash) {
        return hash.length() <= SHORT_HASH ? hash : hash.substring(0, SHORT_HASH);
    }
}
